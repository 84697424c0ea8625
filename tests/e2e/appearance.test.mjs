// Every step in both themes: no serious accessibility fault, nothing wider than a small screen, usable by keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AXE, check } from "./appearance.mjs";
import { launch, open } from "./browser.mjs";
import { BAD, GOOD } from "./inputs.mjs";
import { serve } from "./server.mjs";
import { choose, goTo, load, number, run, set } from "./user.mjs";

let server;
let browser;
let visit;
let page;

before(async () => {
  server = await serve();
  browser = await launch();
  visit = await open(browser, server.address, { init: AXE, reducedMotion: "reduce" });
  page = visit.page;
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test("load", (t) => check(page, t, "load"));

test("load with an error and the paste box", async (t) => {
  await choose(page, BAD[0]);
  await page.getByTestId("load-error").waitFor();
  await page.getByTestId("paste-open").click();
  await page.getByTestId("paste-area").waitFor();
  await check(page, t, "load error");
});

test("columns with rejected rows", async (t) => {
  await load(page, BAD.find(({ name }) => name === "ragged.csv"));
  await check(page, t, "columns");
});

test("analyse before the run", async (t) => {
  await load(page, GOOD);
  await goTo(page, "analyse");
  await check(page, t, "analyse");
});

test("analyse with a setting out of range and an error", async (t) => {
  await set(page, "parameters", "{\"C\": 0}");
  await page.getByTestId("run").click();
  await page.getByTestId("run-error").waitFor();
  await check(page, t, "analyse error");
  await set(page, "parameters", "");
});

test("analyse after the run", async (t) => {
  await set(page, "label_noise_fraction", 0.1);
  await run(page);
  await page.getByTestId("noise").waitFor();
  await check(page, t, "result");
});

test("review", async (t) => {
  await goTo(page, "review");
  await page.getByTestId("row-values").first().waitFor({ state: "attached" });
  await page.getByTestId("add-filter").click();
  await check(page, t, "review");
  await page.getByTestId("add-filter").click();
});

test("review with the evidence of a row", async (t) => {
  await page.getByTestId("issue-row").first().click();
  await page.getByTestId("evidence-row").waitFor();
  await check(page, t, "evidence");
  await page.keyboard.press("Escape");
});

test("help", async (t) => {
  await page.getByTestId("help-button").click();
  await page.getByTestId("help").waitFor();
  await check(page, t, "help");
  await page.getByTestId("help-close").click();
  await page.getByTestId("help").waitFor({ state: "hidden" });
});

test("export", async (t) => {
  await goTo(page, "export");
  await check(page, t, "export");
});

test("the theme button goes through system, light and dark, and the choice is remembered", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  const button = page.getByTestId("theme-button");
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await button.getAttribute("data-value"), "auto");
  const light = await background();
  await button.click();
  assert.equal(await button.getAttribute("data-value"), "light");
  assert.equal(await background(), light);
  await button.click();
  assert.equal(await button.getAttribute("data-value"), "dark");
  assert.notEqual(await background(), light);
  await page.reload();
  await page.getByTestId("drop-zone").waitFor();
  assert.equal(await button.getAttribute("data-value"), "dark");
  assert.notEqual(await background(), light);
  await button.click();
  assert.equal(await button.getAttribute("data-value"), "auto");
});

test("the keyboard alone leads from the sample to an excluded row", async () => {
  /** Presses Tab until the element has the focus, which must be visible. */
  const tabTo = async (testid) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return { testid: element.dataset.testid, visible: (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" };
      });
      if (at.testid === testid) {
        assert.ok(at.visible, `the focus on ${testid} is visible`);
        return;
      }
    }
    assert.fail(`Tab does not reach ${testid}`);
  };
  await tabTo("sample-adult");
  await page.keyboard.press("Enter");
  await page.getByTestId("columns-step").waitFor();
  await tabTo("to-analyse");
  await page.keyboard.press("Enter");
  await tabTo("run");
  await page.keyboard.press("Enter");
  await page.getByTestId("comparison").waitFor();
  await tabTo("to-review");
  await page.keyboard.press("Enter");
  await tabTo("issue-list");
  const selected = () => page.locator("[data-testid=issue-row][aria-selected=true]").getAttribute("aria-rowindex").then(Number);
  assert.equal(await selected(), 2);
  for (const [key, row] of [["ArrowDown", 3], ["j", 4], ["PageDown", 14], ["k", 13], ["PageUp", 3]]) {
    await page.keyboard.press(key);
    assert.equal(await selected(), row, key);
  }
  const row = page.locator("[data-testid=issue-row][aria-rowindex='3']");
  await page.keyboard.press("e");
  assert.equal(await row.getAttribute("data-excluded"), "true");
  await page.keyboard.press("u");
  assert.equal(await row.getAttribute("data-excluded"), "false");
  await page.keyboard.press("?");
  await page.getByTestId("help").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("help").waitFor({ state: "hidden" });
  assert.ok(await number(page, "list-count") > 100);
});

test("the console stayed silent", () => {
  assert.deepEqual(visit.complaints, []);
});
