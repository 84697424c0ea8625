// The pool, with workers of Node.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createPool, workersOf } from "../../js/pool.js";

const PROGRAM = new URL("./pool_program.mjs", import.meta.url);

async function withPool(size, use) {
  let spawned = 0;
  const spawn = workersOf(PROGRAM);
  const pool = createPool({
    size,
    spawn: () => {
      spawned += 1;
      return spawn();
    },
  });
  try {
    return await use(pool, () => spawned);
  } finally {
    pool.close();
    assert.equal(pool.alive, 0);
  }
}

const says = (results) => results.map(({ say }) => say);

test("results come in the order of the units, whichever worker does them", () =>
  withPool(2, async (pool, spawned) => {
    const told = [];
    const units = [{ say: 0, wait: 80 }, { say: 1 }, { say: 2 }, { say: 3 }];
    const results = await pool.run(units, { onProgress: (say, index) => told.push([say, index]) });
    assert.deepEqual(says(results), [0, 1, 2, 3]);
    assert.deepEqual(told.sort(), [[0, 0], [1, 1], [2, 2], [3, 3]]);
    assert.equal(spawned(), 2);
    // While one worker was busy with the slow unit the other did the rest.
    assert.equal(new Set(results.slice(1).map(({ worker }) => worker)).size, 1);
  }));

test("no worker starts before there is work, nor more than there are units", () =>
  withPool(4, async (pool, spawned) => {
    assert.equal(pool.alive, 0);
    assert.deepEqual(await pool.run([]), []);
    await pool.run([{ say: 1 }]);
    assert.equal(spawned(), 1);
  }));

test("what is shared reaches every worker once and a replacement too", () =>
  withPool(2, async (pool) => {
    pool.share("a", 1);
    const first = await pool.run([{ wait: 20 }, { wait: 20 }, { wait: 20 }, { wait: 20 }]);
    for (const { taken, shared } of first) assert.deepEqual([taken, shared], [1, { a: 1 }]);
    pool.share("a", 2);
    pool.share("b", 3);
    assert.deepEqual((await pool.run([{}]))[0].shared, { a: 2, b: 3 });
    pool.forget("a");
    await assert.rejects(pool.run([{ crash: "exit" }, { crash: "exit" }]), { code: "worker" });
    const after = await pool.run([{ wait: 20 }, { wait: 20 }]);
    for (const { taken, shared } of after) assert.deepEqual([taken, shared], [1, { b: 3 }]);
  }));

test("a worker that refuses what is shared fails the units, until something better is shared", () =>
  withPool(1, async (pool, spawned) => {
    pool.share("a", "refused");
    await assert.rejects(pool.run([{}]), { code: "data", message: "not this" });
    pool.share("a", 1);
    assert.deepEqual((await pool.run([{}]))[0].shared, { a: 1 });
    assert.ok(spawned() <= 2);
  }));

test("results may ask for more units", () =>
  withPool(2, async (pool) => {
    const onResult = ({ say }) => (say < 3 ? [{ say: say + 1 }] : undefined);
    assert.deepEqual(says(await pool.run([{ say: 0 }], { onResult })), [0, 1, 2, 3]);
  }));

test("cancelling ends busy workers and leaves the pool usable", () =>
  withPool(2, async (pool, spawned) => {
    const control = new AbortController();
    const busy = pool.run([{ say: "busy", busy: true }, { busy: true }, {}], {
      signal: control.signal,
      onProgress: () => control.abort(),
    });
    await assert.rejects(busy, { name: "ForgeError", code: "cancelled" });
    assert.deepEqual(says(await pool.run([{ say: 5 }])), [5]);
    assert.ok(pool.alive <= 2);
    assert.ok(spawned() <= 4);
    await assert.rejects(pool.run([{}], { signal: AbortSignal.abort() }), { code: "cancelled" });
  }));

test("cancelling one run leaves another alone", () =>
  withPool(2, async (pool) => {
    const control = new AbortController();
    const other = pool.run([{ say: 7, wait: 100 }]);
    const busy = pool.run([{ busy: true }], { signal: control.signal, onProgress: () => control.abort() });
    await assert.rejects(busy, { code: "cancelled" });
    assert.deepEqual(says(await other), [7]);
  }));

test("the unit of a worker that broke is tried once more", () =>
  withPool(2, async (pool) => {
    const once = new SharedArrayBuffer(4);
    new Int32Array(once)[0] = 1;
    const units = [{ say: 0 }, { say: 1, crash: once }, { say: 2 }];
    assert.deepEqual(says(await pool.run(units)), [0, 1, 2]);
    assert.equal(new Int32Array(once)[0], -1);
  }));

test("a unit that breaks two workers fails its run and no other", () =>
  withPool(2, async (pool) => {
    const other = pool.run([{ say: 1, wait: 150 }]);
    await assert.rejects(pool.run([{ crash: "throw" }]), { code: "worker", message: /broken/ });
    assert.deepEqual(says(await other), [1]);
    assert.deepEqual(says(await pool.run([{ say: 2 }])), [2]);
  }));

test("a unit that fails leaves its worker alive", () =>
  withPool(1, async (pool, spawned) => {
    await assert.rejects(pool.run([{ fail: true }]), { code: "data", message: "bad unit", hint: "give a good one" });
    assert.deepEqual(says(await pool.run([{ say: 1 }])), [1]);
    assert.equal(spawned(), 1);
  }));

test("typed arrays go both ways", () =>
  withPool(1, async (pool) => {
    const [{ doubled }] = await pool.run([{ double: Float64Array.of(1, 2.5) }]);
    assert.deepEqual(doubled, Float64Array.of(2, 5));
  }));

test("what cannot be sent is the caller's mistake", () =>
  withPool(1, async (pool) => {
    await assert.rejects(pool.run([{ say: () => 1 }]), { code: "setting" });
    assert.deepEqual(says(await pool.run([{ say: 1 }])), [1]);
  }));

test("a program that is missing, or a spawn that throws, fails the run", async () => {
  for (const spawn of [workersOf(new URL("./missing.mjs", import.meta.url)), () => { throw new Error("no workers here"); }]) {
    const pool = createPool({ size: 2, spawn });
    await assert.rejects(pool.run([{}, {}, {}]), { code: "worker" });
    assert.equal(pool.alive, 0);
  }
});

test("a closed pool rejects", async () => {
  const pool = createPool({ spawn: workersOf(PROGRAM), size: 1 });
  const running = pool.run([{ busy: true }, {}]);
  pool.close();
  await assert.rejects(running, { code: "closed" });
  await assert.rejects(pool.run([{}]), { code: "closed" });
});

test("a pool of nothing is refused", () => {
  assert.throws(() => createPool({ spawn: () => undefined, size: 0 }), { code: "setting" });
  assert.throws(() => createPool({ size: 1 }), { code: "setting" });
});
