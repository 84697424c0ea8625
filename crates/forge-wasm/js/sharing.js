// One job done by several workers that run it together, as crates/forge-learn/src/share.rs describes: each does a part of
// the first phase that nobody knows yet and leaves the job; what they found is shared, and they run it again.
//
// A unit for a worker is {...job, turn, memo}: turn is "alone", {first: {partner, partners}} or {units: {start, end}}; memo
// is the front of the keys under which known phases are shared, `${memo} ${phase}` as {n, seconds, given: [{first, units}]}.
// The answer is {parts, result}: each part {phase, n, first, count, before, during, units}, its units as bytes that only
// workers read, and the result where the job went through to its end. On its way a worker tells {stage, done, total}, or
// {phase, n, units} of the units it did.

/** Coming to a phase costs time; so many times that is what a worker is to do there at least. */
const WORTH = 10;

let jobs = 0;

/** Tells of steps: those of the leader, and of the units that all do together. */
class Steps {
  #tell;
  #stage;
  #phase = 0;
  /** Units done in turns that have come to an end, and by turn in those that have not. */
  #done = 0;
  #underWay = new Map();
  #shown = -1;

  constructor(tell) {
    this.#tell = tell;
  }

  hear(step, turn) {
    if (step.stage !== undefined) {
      this.#stage = { ...step };
      this.#shown = step.done;
      this.#tell?.(step);
    } else if (this.#isOf(step.phase)) {
      this.#underWay.set(turn, step.units);
      this.#show(step.n);
    }
  }

  /** What a turn did of a phase has come. */
  came({ phase, n, count }, turn) {
    if (!this.#isOf(phase)) return;
    this.#underWay.delete(turn);
    this.#done += count;
    this.#show(n);
  }

  #isOf(phase) {
    if (phase > this.#phase) {
      this.#phase = phase;
      this.#done = 0;
      this.#underWay.clear();
    }
    return phase === this.#phase;
  }

  #show(n) {
    if (n === 1 || this.#stage === undefined) return;
    const { stage, done: before, total } = this.#stage;
    const units = [...this.#underWay.values()].reduce((sum, units) => sum + units, this.#done);
    // A stage of several phases, such as rounds of folds, counts their units.
    const isRound = total > n && total % n === 0;
    const done = Math.min(total, isRound ? before + units : Math.floor((total * units) / n));
    if (done <= this.#shown) return;
    this.#shown = done;
    this.#tell?.({ stage, done, total });
  }
}

/** Runs `job` on the workers of `pool`, at most `partners` of them, and resolves to its result. */
export async function shareJob(pool, job, { signal, onProgress, partners = pool.size } = {}) {
  if (partners <= 1) {
    const [{ result }] = await pool.run([{ ...job, turn: "alone" }], { signal, onProgress });
    return result;
  }
  jobs += 1;
  const memo = `memo ${jobs}`;
  const began = performance.now();
  const steps = new Steps(onProgress);
  /** By number: units in the phase, what was given, how many are missing, and how many were dealt, from the first. */
  const phases = [];
  /** The first phase that is not complete. */
  let current = 0;
  let answered;

  const turn = (turn) => ({ ...job, memo, turn });

  /** The first turns of a phase that nobody has come to, or a turn each in one that the leader began alone. */
  function begin() {
    if (phases[current] === undefined) {
      return Array.from({ length: partners }, (_, partner) => turn({ first: { partner, partners } }));
    }
    return Array.from({ length: partners }, () => deal(1)).flat();
  }

  /** A turn for one worker: its share of half of what is left, and `least` units where there are so many for each. */
  function deal(least) {
    const phase = phases[current];
    const left = phase.n - phase.dealt;
    if (left <= 0) return [];
    const share = Math.max(Math.ceil(left / (2 * partners)), Math.min(least, Math.ceil(left / partners)));
    const start = phase.dealt;
    phase.dealt += Math.min(share, left);
    return [turn({ units: { start, end: phase.dealt } })];
  }

  function take({ phase: number, n, first, count, units }) {
    phases[number] ??= { n, given: [], missing: n, dealt: 0 };
    const phase = phases[number];
    // A turn that was taken twice, because its first worker broke, gives the same twice.
    if (count > 0 && phase.given.every((part) => part.first !== first)) {
      phase.given.push({ first, units });
      phase.missing -= count;
    }
    // A phase is begun by first turns, whose share is known; but for a leader who went on to it alone.
    const begun = number === current ? partners * Math.max(1, Math.floor(n / (2 * partners))) : count;
    phase.dealt = Math.max(phase.dealt, Math.min(n, begun));
  }

  function onResult(answer, index) {
    if (answer.result !== undefined) answered = answer;
    for (const part of answer.parts) {
      if (part.phase < current) continue;
      take(part);
      steps.came(part, index);
    }
    if (answered !== undefined) return [];
    const before = current;
    for (; phases[current]?.missing === 0; current += 1) {
      const { n, given } = phases[current];
      pool.share(`${memo} ${current}`, { n, given, seconds: (performance.now() - began) / 1000 });
    }
    if (current > before) return begin();
    const last = answer.parts.at(-1);
    if (last?.phase !== current) return [];
    return deal(Math.ceil((WORTH * last.before * last.count) / Math.max(last.during, 1e-6)));
  }

  try {
    await pool.run(begin(), { signal, onProgress: (step, index) => steps.hear(step, index), onResult });
    return answered.result;
  } finally {
    for (let phase = 0; phase <= current; phase += 1) pool.forget(`${memo} ${phase}`);
  }
}
