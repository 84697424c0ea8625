// The commands around a run as users type them: tasks, data sets, formats, recipes, reports, settings from files.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { test } from "node:test";

import { forge, forgeJson } from "./cli.mjs";
import { FORGE, ROOT, SAMPLE, temporaryFolder } from "./environment.mjs";
import { GOOD } from "./inputs.mjs";

const folder = temporaryFolder();
const place = (name) => path.join(folder, name);
const file = (name, bytes) => {
  writeFileSync(place(name), bytes);
  return place(name);
};
const good = file(GOOD.name, GOOD.bytes);
const run = ["run", "--data", good, "--target", "label"];

/** An error: exit code 2, nothing on standard output, one message and no trace of the program's insides. */
function assertError({ code, stdout, stderr }, says) {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, says);
  assert.doesNotMatch(stderr, /panicked|RUST_BACKTRACE|\.rs:\d/);
}

const TASKS = [
  { name: "multiclass", data: "covertype", settings: ["--noise-frac", "0.1", "--max-rows", "2000"], primary: 0.6 },
  { name: "multilabel", data: "emotions", settings: ["--noise-frac", "0.1"], primary: 0.55 },
  { name: "token", data: "ud_ewt", settings: ["--max-train-sentences", "400", "--max-dev-sentences", "100", "--noise-frac", "0.05"], primary: 0.8 },
  { name: "regression", data: "bike_sharing", settings: ["--max-rows", "2000", "--noise-frac", "0.02"], primary: 0.7 },
  { name: "outlier", data: "california_housing", settings: ["--outlier-frac", "0.02", "--max-rows", "3000"] },
  { name: "multiannotator", data: "bluebirds", settings: ["--top-k", "5"] },
  { name: "anomaly", data: "kddcup99_http", settings: ["--contamination", "0.01"] },
];

for (const { name, data, settings, primary } of TASKS) {
  test(`the task ${name} runs on its data set, the same for a seed, and tells its settings`, async () => {
    const arguments_ = ["task", name, "--data", data, ...settings];
    const report = await forgeJson(arguments_);
    assert.equal(report.task, name);
    assert.ok(report.n_rows > 100, `${report.n_rows} rows`);
    if (primary) {
      assert.equal(report.variants[0].name, "baseline");
      assert.ok(report.variants[0].metrics[report.primary_metric] > primary, JSON.stringify(report.variants[0]));
    }
    assert.equal(report.config.task, name);
    assert.equal(report.seed, 42);
    const issues = report.issues ?? [];
    assert.ok(issues.every(({ score }) => score >= 0 && score <= 1));
    const again = await forgeJson([...arguments_, "--threads", "1"]);
    for (const one of [report, again]) {
      delete one.timings;
      delete one.detail?.seconds;
    }
    assert.deepEqual(again, report);
    const { code, stdout } = await forge(arguments_);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^${name}: `));
    assert.doesNotMatch(stdout, /\u001b/, "no escape sequences in a pipe");
    assert.ok(stdout.split("\n").every((line) => line.startsWith("warning") || line.length <= 140), stdout);
  });
}

test("a sweep compares models, and one that fails is a row with its reason", async () => {
  const csv = place("models.csv");
  const report = await forgeJson(["sweep", "--data", good, "--target", "label", "--models", "logistic_regression,knn,ridge", "--csv", csv]);
  assert.deepEqual(report.rows.map(({ model }) => model), ["logistic_regression", "knn", "ridge"]);
  assert.ok(report.rows[0].primary > 0.7 && report.rows[1].primary > 0.7);
  assert.match(report.rows[2].error, /ridge/);
  assert.equal(readFileSync(csv, "utf8").split("\n").filter((line) => line.startsWith("knn")).length > 0, true);
});

test("data sets are listed with licence and state, and a wrong name is answered with the nearest", async () => {
  const sets = await forgeJson(["datasets"]);
  assert.ok(sets.length >= 12);
  for (const { name, licence, attribution, state } of sets) {
    assert.ok(licence.name.length > 3 && attribution.length > 10, name);
    assert.ok(["bundled", "downloaded", "to download"].includes(state), `${name}: ${state}`);
  }
  const { stdout } = await forge(["datasets", "covertype"]);
  assert.match(stdout, /^licence +CC BY 4\.0$/m);
  assertError(await forge(["datasets", "covertyp"]), /did you mean "covertype"/);
  assertError(await forge(["download", "covertyp"]), /did you mean "covertype"/);
  assertError(await forge(["run", "--data", "adult_incom"]), /did you mean "adult_income"/);
});

test("a downloaded file goes before the bundled sample, wherever FORGE_DATA_DIR is", async () => {
  const data = place("data");
  mkdirSync(path.join(data, "adult_income"), { recursive: true });
  const lines = readFileSync(place(GOOD.name), "utf8");
  assert.ok(lines.length > 0);
  // A file in the place of the real one, in its layout.
  const row = (i) => `${20 + (i % 40)}, Private, 1000, Bachelors, 13, Never-married, Sales, Husband, White, Male, 0, 0, ${30 + (i % 20)}, Cuba, ${i % 3 ? "<=50K" : ">50K"}\n`;
  writeFileSync(path.join(data, "adult_income", "adult.data"), Array.from({ length: 300 }, (_, i) => row(i)).join(""));
  const config = file("folders.toml", `data_dir = ${JSON.stringify(data)}\n`);
  const report = await forgeJson(["--config", config, "run", "--data", "adult_income"]);
  assert.equal(report.n_rows, 300);
  assert.equal(report.target, "income");
});

test("without a network a download says what to do", async () => {
  const config = file("elsewhere.toml", `data_dir = ${JSON.stringify(place("empty"))}\n`);
  const result = await forge(["--config", config, "download", "movielens_100k"]);
  assert.equal(result.code, 2);
  assert.match(result.stderr, /cannot fetch|has to be fetched by hand/);
});

test("a web address is fetched, and its errors are told", async () => {
  const server = createServer((request, response) => {
    if (request.url.startsWith("/people.csv")) {
      response.end(GOOD.bytes);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${server.address().port}`;
  try {
    const expected = await forgeJson(run);
    const report = await forgeJson(["run", "--data", `${address}/people.csv?x=1`, "--target", "label"]);
    assert.deepEqual(report.label_issues, expected.label_issues);
    assertError(await forge(["run", "--data", `${address}/gone.csv`, "--target", "label"]), /404/);
  } finally {
    server.close();
  }
  assertError(await forge(["run", "--data", `${address}/people.csv`, "--target", "label"]), /cannot fetch/);
});

test("tables go from format to format and give the same run", async () => {
  const expected = (await forgeJson(run)).label_issues;
  let from = good;
  for (const ending of ["parquet", "arrow", "jsonl", "json", "xlsx", "arff", "tsv"]) {
    const to = place(`people.${ending}`);
    const { code, stdout, stderr } = await forge(["convert", from, to]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^600 rows, 3 columns, /);
    const report = await forgeJson(["run", "--data", to, "--target", "label"]);
    assert.deepEqual(report.label_issues, expected, ending);
    from = to;
  }
  assertError(await forge(["convert", good, place("people.docx")]), /docx/);
});

test("issues and issue columns are written in the format that was asked for", async () => {
  const [issues, annotated] = [place("issues.parquet"), place("annotated.csv")];
  const report = await forgeJson([...run, "--issues", issues, "--annotated", annotated]);
  const lines = readFileSync(annotated, "utf8").trimEnd().split(/\r?\n/);
  assert.equal(lines[0], "x,kind,label,is_issue,issue_score,suggested");
  assert.equal(lines.length, 601);
  assert.equal(lines.filter((line) => /,true,/.test(line)).length, report.label_issues.n_issues);
  const back = place("issues.json");
  assert.equal((await forge(["convert", issues, back])).code, 0);
  const listed = JSON.parse(readFileSync(back, "utf8"));
  assert.equal(listed.length, report.label_issues.n_issues);
  assert.equal(listed[0].row, report.label_issues.listed[0].row);
  assert.equal(listed[0].given, report.label_issues.listed[0].given_label);
});

test("a recipe replays decisions on another file", async () => {
  const recipe = place("recipe.json");
  const report = await forgeJson([...run, "--recipe", recipe, "--decide", "exclude"]);
  const [header, ...rows] = GOOD.bytes.toString("utf8").trimEnd().split(/\r?\n/);
  const flagged = new Set(JSON.parse(readFileSync(recipe, "utf8")).decisions.map(({ row }) => row));
  assert.equal(flagged.size, report.label_issues.n_issues);
  const february = file("february.csv", [header, ...rows.slice(100).reverse(), "99,z,yes"].join("\n"));
  const clean = place("clean.csv");
  const result = JSON.parse((await forge(["apply", recipe, "--data", february, "-o", clean, "--json"])).stdout);
  assert.ok(result.excluded.length > 0 && result.not_found.length > 0);
  const left = readFileSync(clean, "utf8").trimEnd().split("\n");
  assert.equal(left.length, 502 - result.excluded.length);
  assert.ok(left.includes("99,z,yes"));
  assert.equal((await forge(["apply", recipe, "--data", february, "-o", clean, "--strict"])).code, 1);
  assertError(await forge(["apply", good, "--data", february, "-o", clean]), /is not a recipe/);
});

test("every saved result becomes a page", async () => {
  const results = {
    run,
    task: ["task", "multiclass", "--data", good, "--target", "label"],
    sweep: ["sweep", "--data", good, "--target", "label", "--models", "knn"],
  };
  for (const [name, arguments_] of Object.entries(results)) {
    const [saved, page] = [place(`${name}.json`), place(`${name}.html`)];
    assert.equal((await forge([...arguments_, "--quiet", "-o", saved])).code, 0, name);
    assert.equal((await forge(["report", saved, "-o", page])).code, 0, name);
    const text = readFileSync(page, "utf8");
    assert.match(text, /^<!doctype html>/);
    assert.doesNotMatch(text, /<script|https?:\/\//, "it needs nothing else");
  }
  assertError(await forge(["report", good, "-o", place("x.html")]), /is not JSON/);
  assertError(await forge(["report", file("empty.json", "{}"), "-o", place("x.html")]), /neither a run/);
});

test("a profile names what looks odd and what gives the target away", async () => {
  const profile = await forgeJson(["profile", "bike_sharing"]);
  assert.equal(profile.target, "cnt");
  const registered = profile.columns.find(({ name }) => name === "registered");
  assert.ok(registered.explains_target > 0.9);
  assert.equal(registered.numbers.histogram.reduce((sum, count) => sum + count), profile.n_rows);
  const rows = Array.from({ length: 200 }, (_, i) => `${i % 50},${i % 9 ? i % 40 : -999},${["a", "b"][i % 2]},${["A-1", "a1", "b"][i % 3]}`);
  const odd = await forgeJson(["profile", file("odd.csv", `copy,age,label,town\n${rows.join("\n")}\n`), "--target", "label"]);
  assert.match(odd.columns[1].suspicious.join(), /-999/);
  assert.match(odd.columns[3].suspicious.join(), /"A-1" and "a1"/);
});

test("settings come from the flag, else the file; a wrong one in the file is named", async () => {
  const config = file("forge.toml", "seed = 5\nnoise_frac = 0.2\n[run]\ncv_folds = 3\nlabel_noise_fraction = 0.1\n");
  const fromFile = await forgeJson(["--config", config, ...run]);
  assert.deepEqual([fromFile.seed, fromFile.config.cv_folds, fromFile.noise.n_flipped], [5, 3, 48]);
  const flag = await forgeJson([...run, "--config", config, "--cv-folds", "4"]);
  assert.deepEqual([flag.seed, flag.config.cv_folds], [5, 4]);
  const json = file("forge.json", JSON.stringify({ task: { multiclass: { noise_frac: 0.1 } } }));
  const task = await forgeJson(["--config", json, "task", "multiclass", "--data", good, "--target", "label"]);
  assert.equal(task.config.noise_frac, 0.1);
  assertError(await forge(["--config", file("a.toml", "cv_fold = 3\n"), ...run]), /`cv_fold` in .*a\.toml is no setting; did you mean `cv_folds`\?/);
  assertError(await forge(["--config", file("b.toml", "cv_folds = \"x\"\n"), ...run]), /`cv_folds` in .*b\.toml is "x", expected a whole number/);
  assertError(await forge(["--config", file("c.toml", "seed = \n"), ...run]), /is not TOML/);
  assertError(await forge(["--config", place("gone.toml"), ...run]), /cannot read .*gone\.toml/);
});

test("the log tells stages on standard error and nothing else changes", async () => {
  const { code, stderr, stdout } = await forge([...run, "--log", "info"]);
  assert.equal(code, 0);
  assert.match(stderr, /^\[ *\d+\.\d+ s\] Predicting out of sample 0\/5$/m);
  assert.match(stdout, /label issues/);
  assertError(await forge([...run, "--log", "loud"]), /'loud'/);
});

test("shells get completions for every command", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const { code, stdout } = await forge(["completions", shell]);
    assert.equal(code, 0);
    for (const word of ["sweep", "datasets", "multiannotator", "noise-frac"]) {
      assert.ok(stdout.includes(word), `${shell}: ${word}`);
    }
  }
});

test("Ctrl-C ends a run at once and leaves no half file", async () => {
  const results = place("results");
  mkdirSync(results);
  const saved = path.join(results, "result.json");
  const arguments_ = ["run", "--data", SAMPLE, "--target", "income", "--model", "random_forest", "-o", saved, "--log", "debug"];
  const child = spawn(FORGE, arguments_, { cwd: ROOT });
  const [first] = await once(child.stderr, "data");
  assert.ok(first.length > 0);
  const asked = performance.now();
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  const waited = performance.now() - asked;
  assert.equal(code, 130);
  assert.deepEqual(readdirSync(results), []);
  assert.ok(!existsSync(saved));
  // The time is told; on a busy machine it says little.
  console.log(`stopped after ${waited.toFixed(0)} ms`);
});

test("wrong arguments of the newer commands end with 2 and one message", async (t) => {
  const binary = file("noise.parquet", Buffer.from("PAR1 this is no parquet file PAR1"));
  const cut = file("cut.csv.gz", readFileSync(SAMPLE).subarray(0, 5000));
  const empty = file("empty.csv", "");
  const corpus = file("words.conllu", "# text = a\n1\ta\t_\tX\n");
  const task = (name, ...rest) => ["task", name, ...rest];
  const cases = [
    [["task"], /Usage: forge task/],
    [task("multiclas", "--data", good), /'multiclas'.*multiclass/s],
    [task("multiclass"), /--data <FILE>/],
    [task("multiclass", "--data", good, "--target", "nope"), /"nope"/],
    [task("multiclass", "--data", good, "--target", "label", "--noise-frac", "0.9"), /`noise_frac` is 0.9, expected a value from 0 to 0.5/],
    [task("multiclass", "--data", good, "--target", "label", "--noise-frac", "NaN"), /`?noise_frac`?|NaN/],
    [task("multiclass", "--data", good, "--target", "label", "--noise-frac", "x"), /'x' for '--noise-frac/],
    [task("multiclass", "--data", good, "--target", "label", "--noise", "0.1"), /'--noise'.*--noise-frac/s],
    [task("multiclass", "--data", good, "--target", "label", "--max-rows", "10"), /`max_rows` is 10/],
    [task("multiclass", "--data", good, "--target", "label", "--max-rows", "-1"), /'-1' for '--max-rows/],
    [task("multiclass", "--data", good, "--target", "label", "--model", "ridge"), /ridge/],
    [task("multiclass", "--data", good, "--target", "label", "--model", "svm"), /'svm'.*logistic_regression/s],
    [task("multiclass", "--data", good, "--target", "label", "--param", "C"), /NAME=VALUE/],
    [task("multiclass", "--data", good, "--target", "label", "--param", "c=1"), /\bC\b/],
    [task("multiclass", "--data", good, "--target", "label", "--param", "C=0"), /is 0/],
    [task("multiclass", "--data", good, "--target", "label", "--cv-folds", "1"), /`cv_folds` is 1/],
    [task("multilabel", "--data", good, "--target", "x,kind"), /0 or 1|kind|"x"/],
    [task("token", "--data", corpus), /words\.conllu|sentence|tag/],
    [task("token", "--data", good), /tag/],
    [task("token", "--data", "ud_ewt", "--max-train-sentences", "10"), /`max_train_sentences` is 10/],
    [task("regression", "--data", good, "--target", "kind"), /kind/],
    [task("regression", "--data", good, "--target", "x", "--noise-scale", "0"), /`noise_scale` is 0/],
    [task("outlier", "--data", good, "--outlier-frac", "0.5"), /`outlier_frac` is 0.5/],
    [task("outlier", "--data", good, "--top-k-outliers", "0"), /`top_k_outliers` is 0/],
    [task("multiannotator", "--data", "bluebirds", "--cv-folds", "50"), /`cv_folds` is 50/],
    [task("anomaly", "--data", good, "--n-neighbors", "1"), /`n_neighbors` is 1/],
    [task("anomaly", "--data", good, "--strategy", "magic"), /'magic'.*isolation_forest/s],
    [["sweep", "--data", good, "--target", "label", "--models", "svm"], /svm/],
    [["run", "--data", binary, "--target", "label"], /noise\.parquet/],
    [["run", "--data", cut, "--target", "income"], /cut\.csv\.gz/],
    [["run", "--data", empty, "--target", "label"], /the file is empty/],
    [["run", "--data", good, "--target", "label", "--delimiter", "ab"], /'ab'/],
    [["audit", "no/such/file.csv"], /cannot read no\/such\/file\.csv/],
    [["profile", good, "--target", "nope"], /"nope"/],
    [["profile", folder], /is a folder/],
    [["convert", good], /<TO>/],
    [["convert", good, place("x")], /ending says no format/],
    [["apply", place("gone.json"), "--data", good, "-o", place("x.csv")], /cannot read .*gone\.json/],
    [["report", place("gone.json"), "-o", place("x.html")], /cannot read .*gone\.json/],
    [["completions", "tcsh"], /'tcsh'/],
    [["download"], /<NAME>/],
    [["job", file("j.json", '{"job": "task", "task": "multiclas"}'), "--data", good], /is not a job/],
    [["job", file("k.json", '{"job": "task", "task": "multiclass", "noise": 1}'), "--data", good], /is not a job.*noise/],
  ];
  assert.ok(cases.length >= 40);
  for (const [arguments_, says] of cases) {
    await t.test(`forge ${arguments_.join(" ").replaceAll(`${folder}/`, "")}`, async () => {
      assertError(await forge(arguments_), says);
    });
  }
});
