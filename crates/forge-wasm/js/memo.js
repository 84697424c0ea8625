// What a worker knows of the phases of a job that is shared, as sharing.js hands it over.

const known = new Map();

/** Whether what is shared under `key` is a phase, which is then kept. */
export function keepPhase(key, phase) {
  if (!key.startsWith("memo ")) return false;
  known.set(key, phase);
  return true;
}

/** Drops what was shared under `key`. */
export function dropPhase(key) {
  known.delete(key);
}

/** The phases of a job, from the first: [{n, seconds, given: [{first, units}]}]. */
export function phasesOf(memo) {
  const phases = [];
  while (known.has(`${memo} ${phases.length}`)) phases.push(known.get(`${memo} ${phases.length}`));
  return phases;
}
