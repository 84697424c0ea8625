// Files whose readers the page fetches when it meets one: Parquet, Arrow and workbooks. Findings are those of the same
// table as CSV, and the cleaned file has the format that was read.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { assertQuietAndPrivate, launch, open } from "./browser.mjs";
import { forge } from "./cli.mjs";
import { temporaryFolder } from "./environment.mjs";
import { GOOD } from "./inputs.mjs";
import { serve } from "./server.mjs";
import { choose, download, goTo, listedRows, load, number, run } from "./user.mjs";

const folder = temporaryFolder();
let server;
let browser;
let visit;
let page;
let found;

before(async () => {
  server = await serve();
  browser = await launch();
  visit = await open(browser, server.address);
  page = visit.page;
  await load(page, GOOD);
  found = await findings();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function findings() {
  await run(page);
  const n = await number(page, "to-review", "data-issues");
  assert.ok(n > 10);
  await goTo(page, "review");
  return listedRows(page, n);
}

/** Converts a file with the command line; returns the path of the new one. */
async function convert(from, name) {
  const to = path.join(folder, name);
  const { code, stderr } = await forge(["convert", from, to]);
  assert.equal(code, 0, stderr);
  return to;
}

test("a file of text does not fetch the readers of other formats", () => {
  assert.ok(!visit.requests.some((url) => url.includes("worker_formats")));
});

for (const ending of ["parquet", "arrow", "xlsx"]) {
  test(`${ending}: the findings are those of the CSV file, and the cleaned file is ${ending} too`, async () => {
    const csv = path.join(folder, GOOD.name);
    writeFileSync(csv, GOOD.bytes);
    const file = await convert(csv, `good.${ending}`);
    await load(page, file);
    await goTo(page, "columns");
    assert.equal(await page.getByTestId("file-name").textContent(), `good.${ending}`);
    assert.deepEqual(await findings(), found);
    assert.ok(visit.requests.some((url) => url.includes("worker_formats")));

    await goTo(page, "review");
    await page.getByTestId("issue-row").first().click();
    await page.keyboard.press("e");
    const { name, bytes } = await download(page, "export-data");
    assert.ok(name.endsWith(`.${ending}`), name);
    const cleaned = path.join(folder, `cleaned.${ending}`);
    writeFileSync(cleaned, bytes);
    const text = readFileSync(await convert(cleaned, "cleaned.csv"), "utf8").trimEnd().split("\n");
    assert.equal(text.length, 1 + GOOD.rows - 1, "one row is gone");
  });
}

test("a damaged file of such a format is refused with its name", async () => {
  await choose(page, { name: "damaged.parquet", bytes: Buffer.from(`PAR1${"\x00\x15x".repeat(70)}PAR1`) });
  const note = page.getByTestId("load-error");
  await note.filter({ hasText: "damaged.parquet" }).waitFor();
  assert.match(await note.textContent(), /Parquet/);
});

test("nothing was fetched from elsewhere, and the console is quiet", () => assertQuietAndPrivate(visit, server.address));
