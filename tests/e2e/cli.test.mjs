// The command line as users run it: results, messages, exit codes, pipes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { forge, forgeJson } from "./cli.mjs";
import { FORGE, ROOT, SAMPLE, temporaryFolder } from "./environment.mjs";
import { BAD, GOOD } from "./inputs.mjs";

const folder = temporaryFolder();
const file = (name, bytes) => {
  const place = path.join(folder, name);
  writeFileSync(place, bytes);
  return place;
};
const good = file(GOOD.name, GOOD.bytes);
const run = ["run", "--data", good, "--target", "label"];

/** An error: exit code 2, nothing on standard output, one message and no trace of the program's insides. */
function assertError({ code, stdout, stderr }, says) {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, says);
  assert.equal(stderr.match(/^error: /gm)?.length, 1, stderr);
  assert.doesNotMatch(stderr, /panicked|RUST_BACKTRACE|\.rs:\d/);
}

test("the version is that of the workspace", async () => {
  const version = readFileSync(path.join(ROOT, "Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];
  const { code, stdout } = await forge(["--version"]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `forge ${version}\n` });
});

test("help names every command and shows examples", async () => {
  const { code, stdout } = await forge(["--help"]);
  assert.equal(code, 0);
  const commands = [
    "run", "sweep", "audit", "explain", "task", "anomaly", "datasets", "download", "profile", "convert", "apply", "report", "job", "call",
    "check", "completions",
  ];
  for (const word of [...commands, "Examples:", "Exit codes:"]) {
    assert.ok(stdout.includes(word), word);
  }
  for (const command of commands) {
    const help = await forge([command, "--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Examples?:\n {2}.*forge /, command);
  }
});

test("without arguments the help comes as an error", async () => {
  const { code, stdout, stderr } = await forge([]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /Usage: forge \[OPTIONS\] <COMMAND>/);
});

test("a run prints a table for people, with the numbers of its JSON and no progress bar in a pipe", async () => {
  const report = await forgeJson(run);
  const { code, stdout, stderr } = await forge(run);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.doesNotMatch(stdout, /\u001b/, "no escape sequences");
  assert.match(stdout, /^600 rows, 2 classes in "label"; 480 trained on, 120 held out$/m);
  assert.ok(report.label_issues.n_issues > 10);
  assert.match(stdout, new RegExp(`^${report.label_issues.n_issues} label issues`, "m"));
  for (const { name, metrics } of report.variants) {
    const line = stdout.split("\n").find((text) => text.startsWith(name));
    for (const value of Object.values(metrics)) {
      assert.ok(line.includes(value.toFixed(4)), `${name} ${value} in: ${line}`);
    }
  }
  const worst = report.label_issues.listed[0];
  assert.match(stdout, new RegExp(`^ +${worst.row} +${worst.row + 2} +${worst.given_label} +${worst.suggested_label} +${worst.score.toFixed(4)}$`, "m"));
});

test("the wrong labels of the small file are found", async () => {
  const { label_issues: { listed } } = await forgeJson(run);
  const found = listed.filter(({ row }) => row % 20 === 19).length;
  assert.ok(found >= 15, `${found} of 30`);
  assert.ok(listed.every(({ score }, i) => i === 0 || listed[i - 1].score <= score), "worst first");
});

test("the saved result is the printed one, and quiet prints nothing", async () => {
  const saved = path.join(folder, "result.json");
  const { code, stdout } = await forge([...run, "--json", "-o", saved]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(readFileSync(saved, "utf8")), JSON.parse(stdout));
  assert.ok(!existsSync(`${saved}.part`));
  assert.deepEqual(await forge([...run, "--quiet"]), { code: 0, stdout: "", stderr: "" });
});

test("a table from standard input and a gzipped one are read like the file", async () => {
  const { label_issues: expected } = await forgeJson(run);
  const { stdout } = await forge(["run", "--data", "-", "--target", "label", "--json"], { input: GOOD.bytes });
  assert.deepEqual(JSON.parse(stdout).label_issues, expected);
  const sample = await forgeJson(["run", "--data", SAMPLE, "--target", "income", "--max-rows", "500"]);
  assert.equal(sample.n_rows, 500);
});

test("the number of threads changes no byte but the times", async () => {
  const bytes = async (threads) => {
    const { stdout } = await forge(["run", "--data", SAMPLE, "--target", "income", "--json", "--threads", threads]);
    const times = stdout.match(/"seconds": [\d.e-]+/g);
    assert.ok(times.length >= 4, stdout.slice(0, 200));
    return stdout.replaceAll(/"seconds": [\d.e-]+/g, "");
  };
  const one = await bytes("1");
  assert.ok(one.length > 10_000);
  assert.equal(await bytes("2"), one);
});

test("another seed gives another split", async () => {
  const [a, b] = [await forgeJson(run), await forgeJson([...run, "--seed", "7"])];
  assert.notDeepEqual(a.variants[0].metrics, b.variants[0].metrics);
  assert.equal(b.seed, 7);
});

test("settings change the run as they say", async () => {
  const report = await forgeJson([
    ...run, "--test-size", "0.5", "--prune-and-retrain", "false", "--label-noise-fraction", "0.1", "--max-issues", "3", "--role", "kind=ignored",
  ]);
  assert.equal(report.n_test, 300);
  assert.deepEqual(report.variants.map(({ name }) => name), ["baseline"]);
  assert.equal(report.noise.n_flipped, 30);
  assert.equal(report.label_issues.listed.length, 3);
  assert.deepEqual(report.features, ["x"]);
});

test("a saved job gives the same report", async () => {
  const report = await forgeJson(run);
  const job = file("job.json", JSON.stringify({ job: "run", ...report.config }));
  const again = await forgeJson(["job", job, "--data", good]);
  for (const one of [report, again]) {
    delete one.timings;
  }
  assert.deepEqual(again, report);
});

test("wrong arguments end with 2 and one message that names what is wrong", async (t) => {
  const cases = [
    [["frobnicate"], /unrecognized subcommand 'frobnicate'/],
    [["--frob"], /unexpected argument '--frob'/],
    [["run"], /--data <FILE>/],
    [[...run, "--nonsense"], /'--nonsense'/],
    [["run", "--data", good, "--target", "nope"], /`target` is "nope", expected the name of a column/],
    [["run", "--data", good, "--target", ""], /`target` is ""/],
    [[...run, "--folds", "1"], /`cv_folds` is 1, expected a value from 2 to 20/],
    [[...run, "--folds", "21"], /`cv_folds` is 21, expected a value from 2 to 20/],
    [[...run, "--folds", "many"], /'many'.*--cv-folds/],
    [[...run, "--test-size", "0.9"], /`test_size` is 0.9, expected a value from 0.05 to 0.5/],
    [[...run, "--test-size", "NaN"], /'NaN' for '--test-size/],
    [[...run, "--prune-fraction", "0.5"], /`prune_fraction` is 0.5, expected a value from 0 to 0.2/],
    [[...run, "--label-noise-fraction", "2"], /`label_noise_fraction` is 2, expected a value from 0 to 0.5/],
    [[...run, "--issue-score-threshold", "2"], /`issue_score_threshold` is 2, expected a value from 0 to 1/],
    [[...run, "--param", "C=0"], /c is 0/],
    [[...run, "--param", "max_iter=0"], /max_iter is 0/],
    [[...run, "--param", "max_iters=9"], /did you mean max_iter\?/],
    [[...run, "--max-rows", "5"], /`max_rows` is 5, expected at least 100/],
    [[...run, "--one-hot-max-categories", "1"], /`one_hot_max_categories` is 1, expected a value from 2 to 500/],
    [[...run, "--filter-by", "magic"], /'magic'.*prune_by_noise_rate/s],
    [[...run, "--model", "magic"], /'magic'.*logistic_regression/s],
    [[...run, "--stratify", "maybe"], /'maybe' for '--stratify/],
    [[...run, "--type", "x"], /'x'.*COLUMN=/],
    [[...run, "--type", "x=magic"], /`magic`.*`number`/],
    [[...run, "--type", "nope=number"], /no column "nope"; the columns are x, kind, label/],
    [[...run, "--role", "nope=id"], /"nope"/],
    [[...run, "--role", "x=target"], /one target only/],
    [[...run, "--threads", "0"], /0 is not in 1\.\.=256/],
    [[...run, "--json", "--quiet"], /'--json' cannot be used with '--quiet'/],
    [[...run, "-o", path.join(folder, "nowhere", "result.json")], /cannot write .*nowhere/],
    [["job", good, "--data", good], /is not a job/],
    [["job", path.join(folder, "nope.json"), "--data", good], /cannot read .*nope\.json/],
    [["check"], /<FILE\|DIR>/],
    [["check", path.join(folder, "nope")], /cannot read .*nope/],
    [["check", good], /good\.csv/],
    [["call"], /<FUNCTION>/],
    [["call", "--list", "--stdio"], /'--list' cannot be used with '--stdio'/],
  ];
  assert.ok(cases.length >= 15);
  for (const [arguments_, says] of cases) {
    await t.test(`forge ${arguments_.join(" ").replaceAll(`${folder}/`, "")}`, async () => {
      assertError(await forge(arguments_), says);
    });
  }
});

test("files with faults are refused with the reason or run with a warning", async (t) => {
  for (const { name, bytes, refused, says } of BAD) {
    await t.test(name, async () => {
      const result = await forge(["run", "--data", file(name, bytes), "--target", "label"]);
      if (refused) {
        assertError(result, says);
      } else {
        assert.equal(result.code, 0, result.stderr);
        assert.match(result.stdout, says);
        assert.match(result.stdout, /^warning: /m);
      }
    });
  }
  await t.test("a missing file", async () => {
    assertError(await forge(["run", "--data", path.join(folder, "gone.csv"), "--target", "label"]), /cannot read .*gone\.csv/);
  });
  await t.test("a folder", async () => {
    assertError(await forge(["run", "--data", folder, "--target", "label"]), /is a folder: name a file/);
  });
});

test("rejected rows are told in the JSON too", async () => {
  const ragged = BAD.find(({ name }) => name === "ragged.csv");
  const report = await forgeJson(["run", "--data", file(ragged.name, ragged.bytes), "--target", "label"]);
  assert.match(report.warnings.join("\n"), /line 12|2 rows/);
});

test("one function is called with named arguments from standard input", async () => {
  const input = JSON.stringify({ quality_scores: [0.3, 0.1, 0.2], top: 2 });
  const { code, stdout } = await forge(["call", "rank.find_top_issues"], { input });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), [1, 2]);
  assertError(await forge(["call", "rank.find_top_issue"], { input }), /unknown function `rank\.find_top_issue`; did you mean `rank\.find_top_issues`/);
  assertError(await forge(["call", "rank.find_top_issues"], { input: "[1]" }), /JSON object/);
  assertError(await forge(["call", "rank.find_top_issues"], { input: "{}" }), /`quality_scores` is missing/);
});

test("one request per line is answered by one line with its id, errors too", async () => {
  const requests = [
    { id: 1, fn: "rank.find_top_issues", kwargs: { quality_scores: [0.3, 0.1, 0.2], top: 1 } },
    { id: "b", fn: "nope" },
    { id: 3, fn: "rank.find_top_issues", args: [[0.5, 0.4]] },
    { id: 4, fn: "count.num_label_issues", kwargs: { labels: [0, 1], pred_probs: [[0.5, 2]] } },
  ];
  const lines = [...requests.map((request) => JSON.stringify(request)), "not json", ""];
  const { code, stdout } = await forge(["call", "--stdio"], { input: lines.join("\n") });
  assert.equal(code, 0);
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(answers.map(({ id }) => id), [1, "b", 3, 4, null]);
  assert.deepEqual(answers[0].out, [1]);
  assert.deepEqual(answers[2].out, [1, 0]);
  for (const { error } of [answers[1], answers[3], answers[4]]) {
    assert.equal(typeof error.type, "string");
    assert.ok(error.message.length > 10);
  }
  assert.equal(answers[1].error.type, "unknown_function");
});

test("the reference cases pass, and a changed one fails", async () => {
  const passed = await forge(["check", "tests/cases"]);
  assert.equal(passed.code, 0);
  const [, n, skipped] = passed.stdout.match(/^(\d+) passed, 0 failed, (\d+) skipped$/m);
  assert.ok(Number(n) > 1800, `${n} cases`);
  const all = readdirSync(path.join(ROOT, "tests/cases"), { withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".json"))
    .flatMap((entry) => JSON.parse(readFileSync(path.join(ROOT, "tests/cases", entry.name), "utf8")).cases);
  const needsPython = ({ fn, tags }) =>
    fn.startsWith("internal.") || (tags ?? []).some((tag) => ["rng", "sklearn", "object"].includes(tag));
  assert.equal(Number(skipped), all.filter(needsPython).length);
  assert.equal(Number(n) + Number(skipped), all.length);

  const cases = JSON.parse(readFileSync(path.join(ROOT, "tests/cases/rank.json"), "utf8"));
  const changed = cases.cases.find(({ out }) => Array.isArray(out) && typeof out[0] === "number");
  changed.out[0] += 0.001;
  const failed = await forge(["check", file("rank.json", JSON.stringify(cases))]);
  assert.equal(failed.code, 1);
  assert.ok(failed.stdout.includes(changed.id), failed.stdout);
  assert.match(failed.stdout, /, 1 failed, /);
});

test("a reader that stops reading is no error", async () => {
  const child = spawn(FORGE, ["check", "tests/cases", "--skipped", ...Array(500).fill("tests/cases/rank.json")], { cwd: ROOT });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const closed = once(child, "close");
  const [first] = await once(child.stdout, "data");
  assert.ok(first.length > 0);
  child.stdout.destroy();
  assert.deepEqual(await closed, [0, null]);
  assert.equal(stderr, "");
});
