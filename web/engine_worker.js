// A worker of the pool that runs the jobs of the page. Its program is that of the other worker, compiled once by the page.

import { dropPhase, keepPhase, phasesOf } from "./memo.js";
import { servePool } from "./pool_worker.js";

/** What the program of the page's other worker exports: worker.js or worker_formats.js. */
let program;
/** The files that jobs are for, and those that were read. */
let wanted;
let read;

/** What models see in the pictures, where the files are such. */
let seen;

async function readWanted(tell) {
  if (read === wanted.source) return;
  read = undefined;
  const reading = (done) => tell?.({ stage: "reading the file", done, total: 1 });
  reading(0);
  await program.readFiles(wanted.source, wanted.files);
  read = wanted.source;
  reading(1);
}

servePool({
  async share(key, value) {
    if (key === "program") {
      program = await import(`./${value.name}.js`);
      await program.default({ module_or_path: value.module });
    } else if (key === "files") {
      wanted = value;
    } else if (key === "seen") {
      seen = value;
    } else {
      keepPhase(key, value);
    }
  },

  forget: dropPhase,

  async unit({ rehearsal, job, turn, memo }, { progress }) {
    if (rehearsal === undefined && job === undefined) return undefined;
    if (rehearsal !== undefined) {
      await readWanted();
      return program.rehearse(rehearsal);
    }
    const phases = memo === undefined ? [] : phasesOf(memo);
    const leads = turn === "alone" || (turn.first?.partner === 0 && phases.length === 0);
    await readWanted(leads ? progress : undefined);
    const known = phases.map(({ n, seconds, given }) => ({ n, seconds, firsts: given.map(({ first }) => first) }));
    const given = phases.flatMap((phase) => phase.given.map(({ units }) => units));
    return program.takeTurn(job, JSON.stringify(turn), JSON.stringify(known), given, seen ?? []);
  },
});
