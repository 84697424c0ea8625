// A worker of the pool that runs the jobs of the page. Its program is that of the other worker, compiled once by the page.

import { dropPhase, keepPhase, phasesOf } from "./memo.js";
import { servePool } from "./pool_worker.js";
import init, { readFile, rehearse, takeTurn } from "./worker.js";

/** The file that jobs are for, and the one that was read. */
let wanted;
let read;

async function readWanted(tell) {
  if (read === wanted.source) return;
  read = undefined;
  const reading = (done) => tell?.({ stage: "reading the file", done, total: 1 });
  reading(0);
  let bytes;
  try {
    bytes = new Uint8Array(await wanted.file.arrayBuffer());
  } catch (error) {
    const hint = "It may have been moved or changed since you chose it, or be too large for this tab.";
    throw { code: "unreadable", message: `The browser could not read the file (${error.message}).`, hint };
  }
  readFile(wanted.source, bytes);
  read = wanted.source;
  reading(1);
}

servePool({
  async share(key, value) {
    if (key === "module") await init({ module_or_path: value });
    else if (key === "file") wanted = value;
    else keepPhase(key, value);
  },

  forget: dropPhase,

  async unit({ rehearsal, job, turn, memo }, { progress }) {
    if (rehearsal !== undefined) {
      await readWanted();
      return rehearse(rehearsal);
    }
    const phases = memo === undefined ? [] : phasesOf(memo);
    const leads = turn === "alone" || (turn.first?.partner === 0 && phases.length === 0);
    await readWanted(leads ? progress : undefined);
    const known = phases.map(({ n, seconds, given }) => ({ n, seconds, firsts: given.map(({ first }) => first) }));
    const given = phases.flatMap((phase) => phase.given.map(({ units }) => units));
    return takeTurn(job, JSON.stringify(turn), JSON.stringify(known), given);
  },
});
