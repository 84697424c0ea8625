// Files with faults on the page: each gets a message that names what is wrong, the page stays usable, and what was
// loaded before stays.

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { adultData } from "./adult.mjs";
import { assertQuietAndPrivate, launch, open } from "./browser.mjs";
import { temporaryFolder } from "./environment.mjs";
import { BAD, GOOD } from "./inputs.mjs";
import { serve } from "./server.mjs";
import { choose, column, goTo, load, number, run, set, setRole, startRun } from "./user.mjs";

let server;
let browser;
let visit;
let page;

before(async () => {
  server = await serve();
  browser = await launch();
  visit = await open(browser, server.address);
  page = visit.page;
  await load(page, GOOD);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Fails unless the good file is loaded and can be run. */
async function assertGoodWorks() {
  await goTo(page, "load");
  assert.equal(await page.getByTestId("loaded-name").textContent(), GOOD.name);
  await goTo(page, "columns");
  assert.equal(await column(page, "label").getByTestId("column-role").inputValue(), "target");
  await run(page);
  assert.ok(await number(page, "to-review", "data-issues") > 10);
}

async function chooseLabelAsTarget() {
  if (await column(page, "label").getByTestId("column-role").inputValue() !== "target") {
    await page.getByTestId("no-target").waitFor();
    await setRole(page, "label", "target");
  }
}

for (const file of BAD.filter(({ refused }) => refused === "load")) {
  test(`${file.name} is refused with the reason, and the file before stays`, async () => {
    await choose(page, file);
    const note = page.getByTestId("load-error");
    await note.filter({ hasText: file.says }).waitFor();
    assert.ok((await note.textContent()).includes(file.name), "the message names the file");
    await assertGoodWorks();
  });
}

for (const file of BAD.filter(({ refused }) => refused === "run")) {
  test(`${file.name} loads, and the run says why it cannot be`, async () => {
    await load(page, file);
    await chooseLabelAsTarget();
    await startRun(page);
    await page.getByTestId("run-error").filter({ hasText: file.says }).waitFor();
    await goTo(page, "columns");
    assert.equal(await page.getByTestId("file-name").textContent(), file.name);
    assert.ok(await column(page, "label").isVisible(), "the data stay loaded");
    await load(page, GOOD);
    await assertGoodWorks();
  });
}

for (const file of BAD.filter(({ refused }) => !refused)) {
  test(`${file.name} runs with a warning`, async () => {
    await load(page, file);
    await chooseLabelAsTarget();
    if (file.rejected) {
      const lines = await page.getByTestId("rejected-row").locator("td:first-child").allTextContents();
      assert.deepEqual(lines, file.rejected);
      assert.match(await page.getByTestId("rejected").textContent(), /5 fields, expected 3/);
      assert.match(await page.getByTestId("rejected").textContent(), /2 rows could not be read/);
    }
    await run(page);
    if (!file.rejected) {
      await page.getByTestId("run-warning").filter({ hasText: file.says }).first().waitFor();
    }
  });
}

test("pasted text is read like a file, and pasted nonsense is refused", async () => {
  await goTo(page, "load");
  await page.getByTestId("paste-open").click();
  await page.getByTestId("paste-area").fill("   ");
  await page.getByTestId("paste-load").click();
  await page.getByTestId("load-error").filter({ hasText: /empty/ }).waitFor();
  await page.getByTestId("paste-area").fill(GOOD.bytes);
  await page.getByTestId("paste-load").click();
  await page.getByTestId("columns-step").waitFor();
  assert.equal(await page.getByTestId("column-row").count(), 3);
});

test("settings outside their range are refused with the range, and correcting them is enough", async () => {
  await load(page, GOOD);
  await set(page, "cv_folds", 99);
  assert.match(await page.locator(".setting:has([data-testid=setting-cv_folds])").textContent(), /Allowed: 2 to 20/);
  await startRun(page);
  await page.getByTestId("run-error").filter({ hasText: /cv_folds.*99.*2 to 20/ }).waitFor();
  await set(page, "cv_folds", 5);
  await run(page);
  assert.equal(await page.getByTestId("run-error").count(), 0);
});

/** A file of about `megabytes`, made of copies of `adult.data`. */
function copies(megabytes) {
  const { bytes, lines } = adultData();
  const data = Buffer.from(lines.join(""), "latin1");
  const file = path.join(temporaryFolder(), `adult_${megabytes}_mb.data`);
  writeFileSync(file, "");
  const n = Math.ceil(megabytes * 1e6 / bytes.length);
  for (let copy = 0; copy < n; copy += 1) {
    appendFileSync(file, data);
  }
  return { file, rows: n * lines.length };
}

for (const [megabytes, wanted] of [[20, true], [200, process.env.FORGE_BIG === "1"]]) {
  test(`a file of ${megabytes} MB is run or refused with a figure`, { skip: wanted ? false : "set FORGE_BIG=1" }, async () => {
    const { file, rows } = copies(megabytes);
    const start = performance.now();
    await choose(page, file);
    const columns = page.getByTestId("columns-step");
    const refusal = page.getByTestId("load-error");
    await columns.or(refusal).waitFor({ timeout: 120_000 });
    if (await refusal.isVisible()) {
      assert.match(await refusal.textContent(), /\d/);
      console.log(`${megabytes} MB refused: ${await refusal.textContent()}`);
      await assertGoodWorks();
      return;
    }
    const read = performance.now();
    assert.ok((await page.getByTestId("file-size").textContent()).startsWith(`${rows.toLocaleString("en")} rows`));
    await set(page, "cv_folds", 2);
    await startRun(page);
    await page.getByTestId("comparison").or(page.getByTestId("run-error")).waitFor({ timeout: 300_000 });
    console.log(`${megabytes} MB: read in ${((read - start) / 1000).toFixed(1)} s, run in ${((performance.now() - read) / 1000).toFixed(1)} s`);
    if (await page.getByTestId("run-error").isVisible()) {
      assert.match(await page.getByTestId("run-error").textContent(), /\d/);
    } else {
      assert.ok(await number(page, "to-review", "data-issues") > 100);
      await goTo(page, "review");
      await page.getByTestId("issue-row").first().waitFor();
    }
    await load(page, GOOD);
    await assertGoodWorks();
  });
}

test("nothing was said in the console and nothing has left the tab", () => {
  assertQuietAndPrivate(visit, server.address);
});
