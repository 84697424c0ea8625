// Every task of the page: its bundled sample and a dropped file, compared with the command line's result.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";

import { AXE, check } from "./appearance.mjs";
import { assertQuietAndPrivate, launch, open } from "./browser.mjs";
import { forgeJson } from "./cli.mjs";
import { assertClose } from "./compare.mjs";
import { ROOT, temporaryFolder } from "./environment.mjs";
import { OBSERVE_LONG_TASKS, longestTask } from "./main_thread.mjs";
import { serve } from "./server.mjs";
import { chooseWork, download, goTo, load, loadSample, number, run, set, setRole, startRun } from "./user.mjs";

const TOLERANCE = 1e-6;
/** Longest task of the page's own thread while a task runs, in milliseconds. */
const MAX_TASK = 50;
/** Longest time from the click on Cancel to the page being ready again, in milliseconds. */
const MAX_CANCEL = 200;
/** Attempts at a time limit: another program on the machine may take the processor away once, not every time. */
const ATTEMPTS = 3;

const EMOTIONS = ["amazed-suprised", "happy-pleased", "relaxing-calm", "quiet-still", "sad-lonely", "angry-aggresive"];
const BIKE_ROLES = [["instant", "id"], ["dteday", "ignored"], ["casual", "ignored"], ["registered", "ignored"]];

/** The first `n` lines of a bundled sample. */
const lines = (file, n) => gunzipSync(readFileSync(path.join(ROOT, "data", file))).toString().split("\n").slice(0, n);
const table = (file, n) => `${lines(file, n).join("\n")}\n`;

/** The first sentences of the bundled treebank. */
function sentences(n) {
  const text = gunzipSync(readFileSync(path.join(ROOT, "data/ewt_1300.conllu.gz"))).toString();
  return `${text.split("\n\n").slice(0, n).join("\n\n")}\n\n`;
}

/** A task: its sample and the flags that do the same, a smaller file to drop, and what is seen of it alone. */
const TASKS = [
  {
    name: "multiclass",
    sample: "covtype",
    file: "covtype_8000.csv.gz",
    flags: ["--target", "Cover_Type"],
    dropped: { name: "forest.csv", bytes: () => table("covtype_8000.csv.gz", 1501), flags: ["--target", "Cover_Type"] },
    shows: ["class-matrix"],
    settings: { noise_frac: 0.1 },
  },
  {
    name: "multilabel",
    sample: "emotions",
    file: "emotions_593.arff.gz",
    flags: ["--target", EMOTIONS.join(",")],
    dropped: { name: "songs.arff", bytes: () => table("emotions_593.arff.gz", 450), flags: ["--target", EMOTIONS.join(",")] },
    shows: ["label-chips"],
    settings: { noise_frac: 0.1 },
  },
  {
    name: "token",
    sample: "ewt",
    file: "ewt_1300.conllu.gz",
    flags: [],
    dropped: { name: "news.conllu", bytes: () => sentences(200), flags: [] },
    shows: ["class-matrix", "sentence"],
    settings: { noise_frac: 0.1, max_dev_sentences: 60 },
  },
  {
    name: "regression",
    sample: "bike",
    file: "bike_hour_17379.csv.gz",
    flags: ["--target", "cnt", ...BIKE_ROLES.flatMap(([column, role]) => ["--role", `${column}=${role}`])],
    dropped: { name: "hours.csv", bytes: () => table("bike_hour_17379.csv.gz", 1201), flags: ["--target", "cnt"], target: "cnt" },
    shows: ["residual-plot"],
    settings: { noise_frac: 0.05 },
  },
  {
    name: "outlier",
    sample: "california",
    file: "california_12000.csv.gz",
    flags: ["--target", "median_house_value"],
    dropped: { name: "blocks.csv", bytes: () => table("california_12000.csv.gz", 1501), flags: ["--target", "median_house_value"], target: "median_house_value" },
    shows: ["side-by-side"],
    settings: { outlier_frac: 0.02 },
  },
  {
    name: "multiannotator",
    sample: "bluebirds",
    file: "bluebirds_labels.csv.gz",
    flags: [],
    dropped: { name: "birds.csv", bytes: () => table("bluebirds_labels.csv.gz", 2001), flags: [] },
    shows: ["annotators", "next-to-label"],
    settings: {},
  },
  {
    name: "anomaly",
    sample: "kdd",
    file: "kddcup99_sa_10000.csv.gz",
    flags: ["--target", "label", "--normal", "normal"],
    dropped: { name: "connections.csv", bytes: () => table("kddcup99_sa_10000.csv.gz", 1501), flags: ["--target", "label"], target: "label" },
    shows: ["standing-out"],
    settings: {},
  },
];

const folder = temporaryFolder();
let server;
let browser;
let visit;
let page;

before(async () => {
  server = await serve();
  browser = await launch();
  visit = await open(browser, server.address, { init: `${OBSERVE_LONG_TASKS}\n${AXE}`, reducedMotion: "reduce" });
  page = visit.page;
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** The report that the page gives for download. */
async function downloadedReport() {
  return JSON.parse((await download(page, "export-report")).bytes);
}

/** A report without what no two runs share. */
function comparable(report) {
  const { timings, ...rest } = report;
  assert.ok(timings.length > 0);
  if (rest.detail?.seconds !== undefined) {
    delete rest.detail.seconds;
  }
  return rest;
}

/** What the list shows of a report: its issues, and the least certain examples whether they are issues or not. */
function listable(report) {
  const examples = report.detail.worst_examples ?? [];
  const certain = examples.map(({ example, majority, consensus, quality }) => (
    { kind: "consensus", row: example, given: majority, suggested: consensus, score: quality }
  ));
  return certain.length > 0 ? certain : report.issues;
}

/** Checks what is shown against the report of the command line. */
async function assertShown(native) {
  await goTo(page, "analyse");
  assert.equal(await number(page, "to-review", "data-issues"), native.n_issues);
  for (const { name, n_train: rows, metrics } of native.variants) {
    assert.equal(await page.getByTestId(`n-train-${name}`).textContent(), rows.toLocaleString("en"));
    for (const [key, value] of Object.entries(metrics).filter(([, value]) => value !== null)) {
      assertClose(await number(page, `metric-${name}-${key}`), value, TOLERANCE, `${name} ${key}`);
    }
  }
  await goTo(page, "review");
  const kind = await page.locator("[data-testid^=rail-][aria-pressed=true]").getAttribute("data-testid");
  const listed = listable(native).filter((issue) => `rail-${issue.kind}` === kind);
  assert.equal(await number(page, "list-count"), listed.length);
  const rows = await page.getByTestId("issue-row").evaluateAll((elements) => elements.map(({ dataset }) => ({
    row: Number(dataset.row), given: dataset.given, suggested: dataset.suggested, score: Number(dataset.score),
  })));
  assert.ok(rows.length > 0);
  const expected = listed.slice(0, rows.length).map(({ row, given, suggested, score }) => ({ row, given, suggested, score }));
  assertClose(rows, expected, TOLERANCE, "rows");
}

for (const task of TASKS) {
  test(`${task.name}: the bundled sample gives the command line's numbers and leaves the page's own thread free`, async (t) => {
    await loadSample(page, task.sample);
    await goTo(page, "analyse");
    assert.ok(await page.getByTestId(`work-${task.name}`).isChecked(), "what suits the sample is chosen");
    const longest = [];
    do {
      longest.push(await longestTask(page, () => run(page)));
    } while (longest.at(-1) > MAX_TASK && longest.length < ATTEMPTS);
    assert.ok(Math.min(...longest) <= MAX_TASK, `tasks of ${longest.join(", ")} ms`);
    const native = await forgeJson(["task", task.name, "--data", path.join("data", task.file), ...task.flags]);
    await assertShown(native);
    assertClose(comparable(await downloadedReport()), comparable(native), TOLERANCE);
    await goTo(page, "review");
    const groups = await page.locator(".rail-item").count();
    for (let group = groups - 1; group >= 0; group -= 1) {
      await page.locator(".rail-item").nth(group).click();
      await page.getByTestId("issue-row").first().click();
      await page.getByTestId("evidence-row").waitFor();
    }
    for (const testid of task.shows) {
      await page.getByTestId(testid).first().waitFor({ state: "attached" });
    }
    await page.keyboard.press("Escape");
    await check(page, t, `${task.name} review`);
    await goTo(page, "analyse");
    await check(page, t, `${task.name} result`);
  });

  test(`${task.name}: a dropped file gives the command line's numbers`, async () => {
    const { name, bytes: make, flags, target } = task.dropped;
    const bytes = make();
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    await load(page, { name, bytes });
    if (target !== undefined) {
      await setRole(page, target, "target");
    }
    await chooseWork(page, task.name);
    for (const [setting, value] of Object.entries(task.settings)) {
      await set(page, setting, value);
    }
    await run(page);
    const given = Object.entries(task.settings).flatMap(([setting, value]) => [`--${setting.replaceAll("_", "-")}`, String(value)]);
    const native = await forgeJson(["task", task.name, "--data", file, ...flags, ...given]);
    const report = await downloadedReport();
    // What the user chose by hand, although it is what would have been inferred, is part of the settings.
    for (const one of [report, native]) {
      delete one.config;
    }
    assertClose(comparable(report), comparable(native), TOLERANCE);
    const command = await page.getByTestId("command").textContent();
    assert.ok(command.startsWith(`forge task ${task.name} --data ${name}`), command);

    const { bytes: job } = await download(page, "export-job");
    const jobFile = path.join(folder, `${task.name}.json`);
    writeFileSync(jobFile, job);
    const again = await forgeJson(["job", jobFile, "--data", file]);
    assertClose(comparable(again).issues, report.issues, TOLERANCE);
    const csv = (await download(page, "export-issues-csv")).bytes.toString();
    assert.equal(csv.trimEnd().split("\n").length, listable(report).length + 1);
  });
}

test("an audit finds what the command line finds, and gives a page to keep", async (t) => {
  await loadSample(page);
  await chooseWork(page, "audit");
  await run(page);
  const native = await forgeJson(["audit", path.join("data", "adult_12000.csv.gz"), "--target", "income"]);
  const report = await downloadedReport();
  assertClose(comparable(report).checks, comparable(native).checks, TOLERANCE);
  const { name, bytes } = await download(page, "export-page");
  assert.equal(name, "adult_12000.report.html");
  assert.ok(bytes.length < 2e6 && bytes.toString().startsWith("<!doctype html>"), `${bytes.length} bytes`);
  await goTo(page, "review");
  for (const check of native.checks.filter(({ n_issues: n }) => n > 0)) {
    const item = page.getByTestId(`rail-${check.issue_type}`);
    assert.equal(Number(await item.getAttribute("data-count")), check.n_issues, check.issue_type);
    await item.click();
    assert.equal(await number(page, "list-count"), check.listed.length);
  }
  await check(page, t, "audit");
});

test("models are compared as the command line compares them", async (t) => {
  await load(page, { name: "people.csv", bytes: table("adult_12000.csv.gz", 801) });
  await chooseWork(page, "sweep");
  await set(page, "cv_folds", 2);
  await run(page);
  await page.getByTestId("to-review").click();
  const file = path.join(folder, "people.csv");
  writeFileSync(file, table("adult_12000.csv.gz", 801));
  const native = await forgeJson(["sweep", "--data", file, "--target", "income", "--cv-folds", "2"]);
  await goTo(page, "review");
  for (const { model, metrics } of native.rows) {
    for (const [key, value] of Object.entries(metrics)) {
      assertClose(await number(page, `sweep-${model}-${key}`), value, TOLERANCE, `${model} ${key}`);
    }
  }
  await check(page, t, "sweep");
});

test("a long task is cancelled at once, and the next one works", async () => {
  await loadSample(page, "bike");
  await set(page, "n_boot", 100);
  await set(page, "cv_folds", 20);
  const times = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await startRun(page);
    await page.getByTestId("stage").first().waitFor();
    const ready = page.evaluate(() => new Promise((resolve) => {
      let start;
      document.querySelector("[data-testid=cancel]").addEventListener("click", () => { start = performance.now(); }, { capture: true, once: true });
      const look = () => {
        if (start !== undefined && document.querySelector("[data-testid=run]")) {
          resolve(performance.now() - start);
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    }));
    await page.getByTestId("cancel").click();
    times.push(await ready);
    if (times.at(-1) <= MAX_CANCEL) {
      break;
    }
  }
  assert.ok(Math.min(...times) <= MAX_CANCEL, `${times.join(", ")} ms`);
  await page.getByTestId("run-cancelled").waitFor();
  await loadSample(page, "bluebirds");
  await run(page);
  await page.getByTestId("task-facts").waitFor();
});

test("rows of a task are excluded and exported like those of a run", async () => {
  await load(page, { name: "blocks.csv", bytes: table("california_12000.csv.gz", 1501) });
  await chooseWork(page, "outlier");
  await run(page);
  await goTo(page, "review");
  const row = Number(await page.getByTestId("issue-row").first().getAttribute("data-row"));
  await page.getByTestId("issue-row").first().click();
  await page.keyboard.press("e");
  const { name, bytes } = await download(page, "export-data");
  assert.equal(name, "blocks.cleaned.csv");
  const expected = lines("california_12000.csv.gz", 1501).filter((_, at) => at !== row + 1);
  assert.equal(bytes.toString(), `${expected.join("\n")}\n`);
});

test("a setting that is no value is marked, named and refused", async () => {
  await set(page, "max_rows", "12");
  assert.match(await page.locator(".setting:has([data-testid=setting-max_rows])").textContent(), /Allowed: at least 100/);
  await startRun(page);
  await page.getByTestId("run-error").filter({ hasText: /max_rows.*12.*at least 100/ }).waitFor();
  await set(page, "max_rows", "");
  await run(page);
});

test("nothing was said in the console and nothing has left the tab", async () => {
  assertQuietAndPrivate(visit, server.address);
});
