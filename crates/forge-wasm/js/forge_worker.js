// A worker of a forge: does turns of jobs and algorithms; see forge.js.

import { called, init } from "./engine.js";
import { fetched } from "./input.js";
import { jobTurn, models, openData, profile } from "./jobs.js";
import { dropPhase, keepPhase, phasesOf } from "./memo.js";
import { servePool } from "./pool_worker.js";

/** What the forge shared: the data of its jobs and the arguments of an algorithm. */
const shared = new Map();
/** The data that were read last: how they were given and read, and what came of it. */
let open;

/** The data shared under `key`, read as a job wants them. */
async function dataOf(key, reading) {
  const given = shared.get(key);
  const how = JSON.stringify(reading);
  if (open?.given !== given || open.how !== how) {
    open?.data.free();
    open = undefined;
    open = { given, how, data: openData(await fetched(given), reading) };
  }
  return open.data;
}

/** The turn of a unit as the engine takes it. */
function turnOf({ turn, memo }) {
  const phases = memo === undefined ? [] : phasesOf(memo);
  const known = phases.map(({ n, seconds, given }) => ({ n, seconds, firsts: given.map(({ first }) => first) }));
  const given = phases.flatMap((phase) => phase.given.map(({ units }) => units));
  return [JSON.stringify(turn), JSON.stringify(known), given];
}

/** How often steps are told, in milliseconds. */
const PACE = 40;

/** What the engine calls on its way. */
function teller(progress) {
  let last;
  let next = 0;
  return (what, done, total) => {
    const now = performance.now();
    if (what === last && done !== total && now < next) return;
    last = what;
    next = now + PACE;
    progress(typeof what === "string" ? { stage: what, done, total } : { phase: what, n: done, units: total });
  };
}

servePool({
  async share(key, value) {
    if (key === "module") await init(value);
    else if (!keepPhase(key, value)) shared.set(key, value);
  },

  forget(key) {
    dropPhase(key);
    shared.delete(key);
    if (key.startsWith("data ") && open !== undefined && ![...shared.values()].includes(open.given)) {
      open.data.free();
      open = undefined;
    }
  },

  async unit(unit, { progress }) {
    const tell = teller(progress);
    if (unit.call !== undefined) {
      const { name, kwargs, arrays } = unit.args === undefined ? unit.call : shared.get(unit.args);
      return called((wasm) => wasm.call_turn(name, kwargs, arrays, turnOf(unit), tell));
    }
    const data = await dataOf(unit.data, unit.reading);
    if (unit.job !== undefined) return jobTurn(data, unit.job, turnOf(unit), tell);
    const { onData, args } = unit;
    const result = onData === "profile" ? profile(data, ...args) : models.crossValPredict(data, ...args);
    return { parts: [], result };
  },
});
