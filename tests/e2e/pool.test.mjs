// The workers of the page over many runs: none is left over, memory comes back, results stay the same.
//
// FORGE_POOL_RUNS says how many runs; 30 unless it is set.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";

const RUNS = Number(process.env.FORGE_POOL_RUNS ?? 30);
const TEN = 10;
/** Growth of the heap from one ten of runs to the next. */
const GROWTH = 1.1;

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Ten runs through the page's own pool, some of which are cancelled at some moment; tells what came of each. */
function tenRuns(page, seed) {
  return page.evaluate(
    async ([seed, ten]) => {
      const { Engines } = await import("./engines.js");
      let hear;
      globalThis.engines ??= new Engines("worker", (message) => globalThis.hear(message));
      globalThis.hear = (message) => hear(JSON.parse(message[0]));
      globalThis.file ??= await (await fetch("data/adult_12000.csv.gz")).blob();
      const source = JSON.stringify({ generation: 1, name: "adult_12000.csv.gz", csv: {}, files: [] });
      const job = JSON.stringify({ job: "run", target: "income", max_rows: 1500 });
      let state = seed;
      const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const ends = [];
      for (let run = 0; run < ten; run += 1) {
        const ended = new Promise((resolve) => {
          hear = (message) => {
            if (message.kind !== "progress") resolve(message);
          };
        });
        globalThis.engines.run(source, [globalThis.file], job);
        if (run < ten - 1 && random() < 0.6) {
          await new Promise((resolve) => setTimeout(resolve, random() * 600));
          globalThis.engines.cancel();
          ends.push("cancelled");
        } else {
          const { kind, report, message } = await ended;
          ends.push(kind === "finished" ? `${report.label_issues.n_issues} of ${report.n_rows}` : `${kind}: ${message}`);
        }
      }
      return ends;
    },
    [seed, TEN],
  );
}

test(`${RUNS} runs with cancels leave no worker and no memory behind`, { timeout: 60_000 + RUNS * 20_000 }, async () => {
  const opened = await open(browser, server.address);
  const { page, context } = opened;
  const session = await context.newCDPSession(page);
  // The workers of the page, those of these runs, and the one that reads files.
  const most = 2 * (await page.evaluate(() => Math.min(8, navigator.hardwareConcurrency))) + 1;
  const results = new Set();
  let before;
  for (let ten = 1; ten <= RUNS / TEN; ten += 1) {
    const ends = await tenRuns(page, ten);
    ends.filter((end) => end !== "cancelled").forEach((end) => results.add(end));
    assert.ok(page.workers().length <= most, `${page.workers().length} workers live after ${ten * TEN} runs`);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    // The first ten fill caches.
    if (before !== undefined) {
      assert.ok(usedSize < GROWTH * before, `the heap grew from ${before} to ${usedSize} bytes in runs ${ten * TEN - 9} to ${ten * TEN}`);
    }
    before = usedSize;
  }
  assert.equal(results.size, 1, `every run finds the same: ${[...results].join("; ")}`);
  assert.match([...results][0], /^\d+ of 1500$/);
  assert.deepEqual(opened.complaints, []);
  await context.close();
});
