// The speed of a tab: items with one, two and four workers in Chromium, beside the command line and Python.
//
// `cargo xtask bench browser` calls this with FORGE_PACKAGE (the folder of the wasm package), FORGE_ADULT (all of Adult),
// FORGE_PYTHON (its interpreter) and FORGE_BENCH (JSON: {runs, only, workers}).

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { launch } from "./browser.mjs";
import { FORGE, ROOT } from "./environment.mjs";
import { serve } from "./server.mjs";

const { runs = 3, only = [], workers = [1, 2, 4] } = JSON.parse(process.env.FORGE_BENCH ?? "{}");
const ADULT = process.env.FORGE_ADULT;

const MODELS = ["logistic_regression", "hist_gradient_boosting", "random_forest", "extra_trees", "knn"];

/** What is measured. `work` runs in the page; `goal` is how many times faster than Python the tab has to be. */
const ITEMS = [
  ...["logistic_regression", "hist_gradient_boosting"].map((model) => ({
    name: `run, ${model}`,
    goal: 1,
    work: { job: { job: "run", target: "income", model } },
    forge: ["run", "--data", ADULT, "--target", "income", "--model", model],
    python: ["bench_run.py", "--target", "income", "--noise", "0", "--data", ADULT, "--model", model],
  })),
  {
    name: "sweep of five models",
    goal: 1,
    work: { job: { job: "sweep", target: "income", models: MODELS } },
    forge: ["sweep", "--data", ADULT, "--target", "income", "--models", MODELS.join(",")],
    python: MODELS.map((model) => ["bench_run.py", "--target", "income", "--noise", "0", "--data", ADULT, "--model", model]),
  },
  {
    name: "find_label_issues, 1,000,000 × 10",
    goal: 5,
    work: { labels: { n: 1_000_000, k: 10 } },
    python: ["bench_browser.py", "find_label_issues"],
  },
  {
    name: "checks by neighbours, 50,000 × 64",
    goal: 5,
    work: { features: { n: 50_000, d: 64 } },
    python: ["bench_browser.py", "neighbor_checks"],
  },
].filter(({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)));

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds of one run of an item in the page, by a forge with so many workers that is kept for the next. */
function inTab(page, work, n) {
  return page.evaluate(
    async ([work, n]) => {
      const { createForge } = await import("./index.js");
      globalThis.forges ??= new Map();
      if (!globalThis.forges.has(n)) globalThis.forges.set(n, await createForge({ workers: n }));
      const forge = globalThis.forges.get(n);
      // Numbers that look random: https://en.wikipedia.org/wiki/Linear_congruential_generator
      let state = 1;
      const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      globalThis.held ??= {};
      if (work.job && !globalThis.held.data) globalThis.held.data = await (await fetch("adult.csv")).blob();
      if (work.labels && !globalThis.held.predProbs) {
        const { n, k } = work.labels;
        const labels = Int32Array.from({ length: n }, () => Math.floor(random() * k));
        const data = new Float64Array(n * k);
        for (let row = 0; row < n; row += 1) {
          let sum = 0;
          for (let c = 0; c < k; c += 1) sum += data[row * k + c] = random() + (c === labels[row] ? 2 * random() : 0);
          for (let c = 0; c < k; c += 1) data[row * k + c] /= sum;
        }
        Object.assign(globalThis.held, { labels, predProbs: { data, shape: [n, k] } });
      }
      if (work.features && !globalThis.held.features) {
        const { n, d } = work.features;
        const data = Float64Array.from({ length: n * d }, () => random() + random() + random());
        globalThis.held.features = { data, shape: [n, d] };
      }
      const { data, labels, predProbs, features } = globalThis.held;
      const begun = performance.now();
      if (work.job) {
        await forge.runJob(data, work.job, { name: "adult.csv" });
      } else if (work.labels) {
        await forge.filter.findLabelIssues({ labels, predProbs });
      } else {
        await forge.datalab.Datalab.findIssues({ features, issueTypes: { outlier: {}, near_duplicate: {}, non_iid: {} } });
      }
      return (performance.now() - begun) / 1000;
    },
    [work, n],
  );
}

/** Seconds by the wall of a program, or of several, one after the other. */
function seconds(program, lists) {
  let sum = 0;
  for (const list of Array.isArray(lists[0]) ? lists : [lists]) {
    const begun = performance.now();
    const printed = execFileSync(program, list, { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
    const took = (performance.now() - begun) / 1000;
    // Python counts without its start and imports.
    const counted = /"wall_seconds": ([0-9.]+)/.exec(printed.toString())?.[1];
    sum += counted === undefined ? took : Number(counted);
  }
  return sum;
}

const script = (list) => [path.join(ROOT, "tests/reference", list[0]), ...list.slice(1)];

const folder = mkdtempSync(path.join(tmpdir(), "forge-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
cpSync(process.env.FORGE_PACKAGE, folder, { recursive: true });
cpSync(ADULT, path.join(folder, "adult.csv"));
writeFileSync(path.join(folder, "index.html"), "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>Bench</title>");
const server = await serve(folder);
const browser = await launch();
const page = await (await browser.newContext()).newPage();
await page.goto(server.address);

const number = (value) => (value === undefined ? "–" : value.toFixed(2)).padStart(9);
const head = [...workers.map((n) => `${n} ${n === 1 ? "worker" : "workers"}`), "ratio", "forge", "Python", "Python/tab"];
console.log(`seconds by the clock, median of ${runs}\n\n${"".padEnd(36)}${head.map((text) => text.padStart(11)).join("")}`);
const missed = [];
for (const { name, work, goal, forge, python } of ITEMS) {
  const took = new Map(workers.map((n) => [n, []]));
  const native = [];
  const theirs = [];
  for (const n of workers) await inTab(page, work, n);
  // One after the other, so that what else the machine does falls on all alike.
  for (let round = 0; round < runs; round += 1) {
    for (const n of workers) took.get(n).push(await inTab(page, work, n));
    if (forge !== undefined) native.push(seconds(FORGE, [...forge, "--json"]));
    if (python !== undefined && process.env.FORGE_PYTHON && round === 0) {
      const lists = Array.isArray(python[0]) ? python.map(script) : script(python);
      theirs.push(seconds(process.env.FORGE_PYTHON, lists));
    }
  }
  const tab = workers.map((n) => median(took.get(n)));
  const ratio = median(took.get(1).map((one, round) => one / (took.get(2) ?? took.get(1))[round]));
  const best = Math.min(...tab);
  const share = theirs.length > 0 ? median(theirs) / best : undefined;
  const values = [...tab, ratio, native.length > 0 ? median(native) : undefined, theirs.length > 0 ? median(theirs) : undefined, share];
  console.log(`${name.padEnd(36)}${values.map((value) => number(value).padStart(11)).join("")}`);
  if (ratio < 1.6 && workers.includes(2)) missed.push(`${name}: two workers are ${ratio.toFixed(2)} times as fast as one, not 1.6`);
  if (share < goal) missed.push(`${name}: ${share.toFixed(1)} times as fast as Python, not ${goal}`);
}
await browser.close();
await server.close();
if (missed.length > 0) {
  console.log(`\nmissed:\n  ${missed.join("\n  ")}`);
  process.exitCode = 1;
}
