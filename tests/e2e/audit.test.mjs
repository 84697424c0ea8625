// `forge audit`, `forge explain` and `forge anomaly` as users run them.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { forge, forgeJson } from "./cli.mjs";
import { SAMPLE, temporaryFolder } from "./environment.mjs";

const folder = temporaryFolder();
const file = (name, text) => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};

/** Two groups of rows with their labels; row 7 is far out, row 21 a copy of row 20, row 30 labelled wrongly. */
const rows = Array.from({ length: 120 }, (_, row) => {
  const side = row % 2 ? 6 : -6;
  const wave = (step) => Math.sin(row * step) + Math.cos(row * step * 0.7);
  return [side + wave(1.3), wave(2.1), side - wave(0.9), row % 2 ? "yes" : "no"];
});
rows[7] = [90, -80, 70, "yes"];
rows[21] = [...rows[20].slice(0, 3), "no"];
rows[30][3] = "yes";
const csv = (given) => ["a,b,c,label", ...given.map((row) => row.join(","))].join("\n");
const table = file("table.csv", csv(rows));
const audit = ["audit", table, "--target", "label"];

test("an audit lists what was put in, worst first, with reasons", async () => {
  const report = await forgeJson(audit);
  assert.equal(report.n_rows, 120);
  assert.equal(report.task, "classification");
  const found = (type) => report.checks.find((check) => check.issue_type === type);
  assert.equal(found("outlier").listed[0].row, 7);
  assert.match(found("outlier").listed[0].reason, /times as far away as usual; what stands out is “[abc]”/);
  assert.deepEqual(
    found("near_duplicate").listed.slice(0, 2).map((row) => row.near_duplicates),
    [[21], [20]],
  );
  assert.ok(found("label").listed.some((row) => row.row === 30 && row.suggested_label === "no"));
  assert.ok("data_valuation" in report.not_checked);
});

test("the summary names checks, lines and reasons, and folds away what found nothing", async () => {
  const { code, stdout, stderr } = await forge(audit);
  assert.equal(code, 0, stderr);
  for (const words of ["120 rows", "Outliers", "Near duplicates", "Is the same as row 2", "none ", "null", "not checked"]) {
    assert.ok(stdout.includes(words), `${words} in\n${stdout}`);
  }
  assert.equal(stderr, "");
});

test("limits decide the exit code", async () => {
  const over = await forge([...audit, "--quiet", "--fail-on", "near_duplicate=1,label=100%"]);
  assert.equal(over.code, 1);
  assert.equal(over.stdout, "over the limit: near_duplicate has 2 rows, more than 1\n");
  const within = await forge([...audit, "--quiet", "--fail-on", "near_duplicate=2,outlier=50%"]);
  assert.deepEqual([within.code, within.stdout], [0, ""]);
  const unasked = await forge([...audit, "--fail-on", "data_valuation=1"]);
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr, /--fail-on names data_valuation, which was not checked/);
});

test("the page needs nothing else and shows no text as markup", async () => {
  const odd = rows.map((row) => [...row]);
  odd[30][3] = "<img src=x onerror=alert(1)>";
  const page = path.join(folder, "report.html");
  const { code, stderr } = await forge(["audit", file("odd.csv", csv(odd)), "--target", "label", "--quiet", "--html", page]);
  assert.equal(code, 0, stderr);
  const html = readFileSync(page, "utf8");
  assert.ok(statSync(page).size < 2_000_000);
  assert.match(html, /<h2>Outliers: \d+ rows<\/h2>/);
  assert.doesNotMatch(html, /<img|<script|https?:/);
});

test("an audit is saved and tells what is new, by the rows and not by their places", async () => {
  const saved = path.join(folder, "audit.json");
  assert.equal((await forge([...audit, "--quiet", "--save", saved])).code, 0);
  const moved = rows.slice(1).concat([[-95, 60, -88, "no"]]);
  const { code, stdout } = await forge(["audit", file("moved.csv", csv(moved)), "--target", "label", "--since", saved]);
  assert.equal(code, 0);
  assert.match(stdout, /since the saved audit:.* outlier 1 new, 0 gone;/);
  const same = await forge([...audit, "--since", saved]);
  assert.match(same.stdout, /since the saved audit: nothing has changed/);
  assert.equal((await forge([...audit, "--quiet", "--checks", "data_valuation", "--add-to", saved])).code, 0);
  const types = JSON.parse(readFileSync(saved, "utf8")).checks.map((check) => check.issue_type);
  assert.ok(types.includes("data_valuation") && types.includes("outlier"), types.join());
  const other = await forge(["audit", file("fewer.csv", csv(rows.slice(3))), "--target", "label", "--add-to", saved]);
  assert.equal(other.code, 2);
  const broken = await forge([...audit, "--since", table]);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /table\.csv.*saved audit/s);
});

test("the rows as CSV have line, issue and reason", async () => {
  const place = path.join(folder, "rows.csv");
  assert.equal((await forge([...audit, "--quiet", "--csv", place])).code, 0);
  const lines = readFileSync(place, "utf8").trim().split("\n");
  assert.equal(lines[0], "row,line,issue,score,given_label,suggested_label,reason");
  assert.ok(lines.some((line) => line.startsWith("7,9,outlier,")), lines.join("\n"));
});

test("numbers are audited as regression, several columns of 0 and 1 as sets of classes", async () => {
  const numbers = rows.map((row, at) => [row[0], row[1], row[2], at === 40 ? 900 : row[0] * 3 + row[1] + at / 100]);
  const regression = await forgeJson(["audit", file("numbers.csv", csv(numbers)), "--target", "label"]);
  assert.equal(regression.task, "regression");
  const labels = regression.checks.find((check) => check.issue_type === "label");
  assert.equal(labels.listed[0].row, 40);
  const header = "a,b,left,right\n";
  const isWrong = (row) => row % 8 === 2;
  const sets = rows.map((row, at) => [row[0], row[1], Number(row[0] < 0) ^ Number(isWrong(at)), Number(row[0] > 0)]);
  const multi = file("sets.csv", header + sets.map((row) => row.join(",")).join("\n"));
  const report = await forgeJson(["audit", multi, "--target", "left,right"]);
  assert.equal(report.task, "multilabel");
  const wrong = report.checks.find((check) => check.issue_type === "label").listed.filter((row) => isWrong(row.row));
  assert.ok(wrong.length >= 8, `${wrong.length} of 15`);
});

test("predictions of one's own are taken, and refused with their place when they do not fit", async () => {
  const probs = ["no,yes", ...rows.map((row) => (row[0] < 0 ? "0.9,0.1" : "0.2,0.8"))].join("\n");
  const report = await forgeJson([...audit, "--pred-probs", file("probs.csv", probs)]);
  assert.equal(report.model, null);
  assert.ok(report.checks.find((check) => check.issue_type === "label").listed.some((row) => row.row === 30));
  const short = await forge([...audit, "--pred-probs", file("short.csv", "no,yes\n0.5,0.5")]);
  assert.equal(short.code, 2);
  assert.match(short.stderr, /`pred_probs` has 1 rows, but `data` has 120/);
});

test("unknown columns, checks and tables are refused by name", async () => {
  const refused = async (args, says) => {
    const { code, stdout, stderr } = await forge(args);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, says);
  };
  await refused(["audit", table, "--target", "labl"], /"labl".*perhaps `label`/);
  await refused([...audit, "--checks", "outliers"], /outliers/);
  await refused(["audit", path.join(folder, "none.csv")], /cannot read .*none\.csv/);
  await refused([...audit, "--fail-on", "label=half"], /half/);
});

test("the bundled sample is audited whatever the number of threads", async () => {
  const one = await forgeJson(["audit", SAMPLE, "--target", "income", "--threads", "1"]);
  const two = await forgeJson(["audit", SAMPLE, "--target", "income", "--threads", "2"]);
  delete one.timings;
  delete two.timings;
  assert.deepEqual(one, two);
  assert.ok(one.checks.find((check) => check.issue_type === "label").n_issues > 100);
});

test("every check is explained", async () => {
  const all = await forge(["explain"]);
  assert.equal(all.code, 0);
  const names = all.stdout.trim().split("\n").map((line) => line.split(" ")[0]);
  assert.ok(names.length >= 8, all.stdout);
  for (const name of names) {
    const { code, stdout } = await forge(["explain", name]);
    assert.equal(code, 0);
    assert.match(stdout, /\(\w+\)\n\n.+\n[\s\S]+Needs: /, name);
  }
});

test("anomalies of the synthetic set are found by the default strategy", async () => {
  const result = await forgeJson(["anomaly", "synthetic"]);
  const text = JSON.stringify(result);
  const scores = [...text.matchAll(/"f1":([\d.]+)/g)].map((match) => Number(match[1]));
  assert.ok(scores.length > 0 && scores.every((score) => score >= 0.97), text.slice(0, 400));
});
