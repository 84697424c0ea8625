// One job done by several workers that run it together, as crates/forge-learn/src/share.rs describes: each does a part of
// the first phase that nobody knows yet and leaves the job; what they found is shared, and they run it again.
//
// A unit for a worker is {...job, turn, memo}: turn is null for the whole job, {partner, partners} for a beginning or
// {units: [start, end]}; memo is the front of the keys under which known phases are shared, `${memo} ${phase}`. The answer
// is {parts, result}: each part {phase, n, first, units, before, during} with bytes or null per unit, and the result where
// the job went through to its end. On its way a worker tells {stage, done, total}, or {phase, n, units} of the units it
// did.

/** Coming to a phase costs time; so many times that is what a worker is to do there at least. */
const WORTH = 4;

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
      this.#stage = step;
      this.#shown = step.done;
      this.#tell?.(step);
    } else if (this.#isOf(step.phase)) {
      this.#underWay.set(turn, step.units);
      this.#show(step.n);
    }
  }

  /** What a turn did of a phase has come. */
  came({ phase, n, units }, turn) {
    if (!this.#isOf(phase)) return;
    this.#underWay.delete(turn);
    this.#done += units.length;
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
    const { stage, total } = this.#stage;
    const units = [...this.#underWay.values()].reduce((sum, units) => sum + units, this.#done);
    const done = Math.min(total, Math.floor((total * units) / n));
    if (done <= this.#shown) return;
    this.#shown = done;
    this.#tell?.({ stage, done, total });
  }
}

/** Runs `job` on the workers of `pool`, at most `partners` of them, and resolves to its result. */
export async function shareJob(pool, job, { signal, onProgress, partners = pool.size } = {}) {
  if (partners <= 1) {
    const [{ result }] = await pool.run([{ ...job, turn: null }], { signal, onProgress });
    return result;
  }
  jobs += 1;
  const memo = `memo ${jobs}`;
  const began = performance.now();
  const steps = new Steps(onProgress);
  /** By number: units in the phase, what they gave, how many are missing, and how many were dealt, from the first. */
  const phases = [];
  /** The first phase that is not complete. */
  let current = 0;
  let answered;

  const turn = (turn) => ({ ...job, memo, turn });

  /** The first turns of a phase that nobody has come to, or a turn each in one that the leader began alone. */
  function begin() {
    if (phases[current] === undefined) {
      return Array.from({ length: partners }, (_, partner) => turn({ partner, partners }));
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
    return [turn({ units: [start, phase.dealt] })];
  }

  function take({ phase: number, n, first, units }) {
    phases[number] ??= { n, units: new Array(n), missing: n, dealt: 0 };
    const phase = phases[number];
    units.forEach((bytes, i) => {
      if (phase.units[first + i] === undefined) phase.missing -= 1;
      phase.units[first + i] = bytes;
    });
    // Who begins a phase does so by first turns, whose share all know; but for a leader who went on to it alone.
    const begun = number === current ? partners * Math.max(1, Math.floor(n / (2 * partners))) : units.length;
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
      const { units } = phases[current];
      pool.share(`${memo} ${current}`, { units, seconds: (performance.now() - began) / 1000 });
      phases[current].units = [];
    }
    if (current > before) return begin();
    const last = answer.parts.at(-1);
    if (last?.phase !== current) return [];
    return deal(Math.ceil((WORTH * last.before * last.units.length) / Math.max(last.during, 1e-6)));
  }

  try {
    await pool.run(begin(), { signal, onProgress: (step, index) => steps.hear(step, index), onResult });
    return answered.result;
  } finally {
    for (let phase = 0; phase <= current; phase += 1) pool.forget(`${memo} ${phase}`);
  }
}
