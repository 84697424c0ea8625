// Each example, installed from the tarball in an empty folder, finds in Adult what the command line finds.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import {
  MODULES,
  MOST_ISSUES,
  SAMPLE,
  auditByCommandLine,
  installed,
  opened,
  output,
  served,
} from "./package_under_test.mjs";
import { assertSameFindings } from "./same_findings.mjs";

let expected;
before(async () => {
  expected = await auditByCommandLine();
  assert.ok(expected.checks.find((check) => check.issue_type === "label").listed.length > 100);
});

/** Chooses the file in the page of an example and reads the report it offers. */
async function auditedIn(address, context) {
  const { page, complaints } = await opened(address, context);
  await page.getByText("Choose a file.").waitFor();
  await page.getByLabel("Labels in column").fill("income");
  await page.getByLabel("Rows per check").fill(String(MOST_ISSUES));
  await page.getByLabel("File").setInputFiles(SAMPLE);
  const link = page.getByText("Save the report");
  await link.waitFor();
  const rows = await page.locator("tbody tr").count();
  const report = await page.evaluate(async (href) => (await fetch(href)).json(), await link.getAttribute("href"));
  assert.deepEqual(complaints, []);
  assert.equal(
    rows,
    report.checks.reduce((sum, check) => sum + check.listed.length, 0),
  );
  return report;
}

const modulesIn = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wasm"));

test("a script in Node", async () => {
  const folder = await installed("node");
  const printed = await output("node", ["audit.mjs", SAMPLE, "income", String(MOST_ISSUES)], { cwd: folder });
  assertSameFindings(JSON.parse(printed), expected);
});

test("a page without a bundler", async (context) => {
  const folder = await installed("static");
  const { address, asked } = await served(folder, context);
  assertSameFindings(await auditedIn(address, context), expected);
  assert.equal(asked.filter((name) => name.endsWith(".wasm")).length, 1, "the module is loaded once");
});

async function viteBuild(folder) {
  const { build } = await import(pathToFileURL(path.join(MODULES, "vite/dist/node/index.js")));
  await build({ root: folder, logLevel: "warn", configFile: false, ...(await viteConfig(folder)) });
  return path.join(folder, "dist");
}

/** The configuration of an example, whose `vite` is that of these tests. */
async function viteConfig(folder) {
  const text = readFileSync(path.join(folder, "vite.config.js"), "utf8");
  const config = text.slice(text.indexOf("defineConfig(") + "defineConfig(".length, text.lastIndexOf(")"));
  return new Function(`return (${config})`)();
}

test("a page that Vite builds", async (context) => {
  const dist = await viteBuild(await installed("vite"));
  assert.equal(modulesIn(dist).length, 1, "one copy of the module");
  const { address } = await served(dist, context);
  assertSameFindings(await auditedIn(address, context), expected);
});

test("a worker of one's own, with Vite", async (context) => {
  const dist = await viteBuild(await installed("worker"));
  assert.equal(modulesIn(dist).length, 1, "one copy of the module");
  const { address } = await served(dist, context);
  assertSameFindings(await auditedIn(address, context), expected);
});

test("a page that webpack builds", async (context) => {
  const folder = await installed("webpack");
  const webpack = createRequire(path.join(MODULES, "webpack/package.json"))("webpack");
  const { default: config } = await import(pathToFileURL(path.join(folder, "webpack.config.js")));
  const stats = await new Promise((resolve, reject) => {
    webpack(config, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  assert.deepEqual(stats.toJson().errors, []);
  const dist = path.join(folder, "dist");
  assert.ok(existsSync(path.join(dist, "index.html")));
  assert.equal(modulesIn(dist).length, 1, "one copy of the module");
  const { address } = await served(dist, context);
  assertSameFindings(await auditedIn(address, context), expected);
});
