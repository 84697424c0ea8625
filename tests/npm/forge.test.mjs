// createForge in Node, as it is installed: workers together find what the package finds alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { installed, SAMPLE } from "./package_under_test.mjs";

const job = { target: "income", maxRows: 5000 };
let alone;
let createForge;
let data;
let forge;

before(async () => {
  const folder = await installed();
  alone = await import(pathToFileURL(path.join(folder, "node_modules/cleanlab-forge/index.js")));
  createForge = alone.createForge;
  await alone.init();
  data = { name: "adult.csv.gz", content: readFileSync(SAMPLE) };
  forge = await createForge({ workers: 2 });
});

after(() => forge.close());

const untimed = ({ report, findings }) => ({ report: { ...report, timings: undefined }, findings });

test("two workers find what one thread finds, byte for byte", async () => {
  const steps = [];
  const together = await forge.run(data, job, { onProgress: (step) => steps.push(step) });
  assert.deepEqual(untimed(together), untimed(await alone.run(data, job)));
  assert.equal(forge.alive, 2);
  assert.ok(steps.some(({ stage, done, total }) => stage === "Predicting out of sample" && done === total));
  assert.ok(steps.every(({ done, total }) => done <= total));
});

test("algorithms give the same results as promises", async () => {
  const features = Array.from({ length: 300 }, (_, row) => [row % 17, (row * 7) % 23, (row * 31) % 101]);
  const labels = features.map(([a, b]) => (a + b > 19 ? 1 : 0));
  const predProbs = features.map(([a, b]) => [1 - (a + b) / 40, (a + b) / 40]);
  const arguments_ = { labels, predProbs };
  assert.deepEqual(await forge.filter.findLabelIssues(arguments_), alone.filter.findLabelIssues(arguments_));
  const audit = { labels: labels.map(String), features, predProbs };
  assert.deepEqual(await forge.datalab.Datalab.findIssues(audit), alone.datalab.Datalab.findIssues(audit));
});

test("errors have their code and leave the workers usable", async () => {
  await assert.rejects(forge.run(data, { target: "none" }), { name: "ForgeError", code: "setting" });
  await assert.rejects(forge.filter.findLabelIssues({ labels: [0] }), { name: "ForgeError", code: "missing" });
  await assert.rejects(createForge({ workers: 0 }), { code: "setting" });
  await assert.rejects(createForge({ wasm: new ArrayBuffer(0) }), { code: "wasm_invalid" });
});

test("a cancelled job ends its workers, and the next runs", async () => {
  const control = new AbortController();
  const cancelled = forge.run(data, job, { signal: control.signal, onProgress: () => control.abort() });
  await assert.rejects(cancelled, { code: "cancelled" });
  const { report } = await forge.run(data, { ...job, maxRows: 500 });
  assert.equal(report.nRows, 500);
});
