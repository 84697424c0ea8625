// Pictures of every step, in both themes, wide and narrow, into FORGE_SHOTS or target/screenshots.
//
// Names are STEP-THEME-WIDTH.png.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { adultData } from "./adult.mjs";
import { launch, open } from "./browser.mjs";
import { ROOT } from "./environment.mjs";
import { BAD } from "./inputs.mjs";
import { serve } from "./server.mjs";
import { choose, chooseWork, goTo, load, loadSample, run, set, startRun } from "./user.mjs";

const folder = process.env.FORGE_SHOTS ?? path.join(ROOT, "target/screenshots");
/** The samples of the tasks, by the ids of their cards. */
const TASK_SAMPLES = ["covtype", "emotions", "ewt", "bike", "california", "bluebirds", "kdd"];
const SIZES = [{ width: 1280, height: 860 }, { width: 360, height: 780 }];

/** Waits until the cells of the selected row have come. */
async function settle(page) {
  await page.waitForTimeout(300);
}

mkdirSync(folder, { recursive: true });
const server = await serve();
const browser = await launch();
for (const viewport of SIZES) {
  for (const colorScheme of ["light", "dark"]) {
    const { context, page } = await open(browser, server.address, { viewport, colorScheme, reducedMotion: "reduce" });
    const shoot = async (name) => {
      // Nothing is under the pointer.
      await page.mouse.move(viewport.width - 1, viewport.height - 1);
      await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${viewport.width}.png`) });
    };

    await shoot("load");
    await choose(page, BAD.find(({ name }) => name === "binary.csv"));
    await page.getByTestId("load-error").waitFor();
    await shoot("load-error");

    await load(page, BAD.find(({ name }) => name === "ragged.csv"));
    await page.getByTestId("dialect").scrollIntoViewIfNeeded();
    await shoot("columns-rejected");
    await load(page, adultData().path);
    await shoot("columns");

    await goTo(page, "analyse");
    await shoot("analyse-before");
    await set(page, "cv_folds", 20);
    await set(page, "parameters", "{\"C\": 1000000}");
    await startRun(page);
    await page.getByTestId("stage").filter({ hasText: /[4-9] of 20/ }).waitFor();
    await shoot("analyse-running");
    await page.getByTestId("cancel").click();
    await page.getByTestId("run-cancelled").waitFor();
    await shoot("analyse-cancelled");
    await set(page, "cv_folds", 1);
    await startRun(page);
    await page.getByTestId("run-error").waitFor();
    await shoot("analyse-error");

    await loadSample(page);
    await set(page, "label_noise_fraction", 0.1);
    await run(page);
    await page.getByTestId("noise").scrollIntoViewIfNeeded();
    await shoot("analyse-noise");
    await load(page, adultData().path);
    await run(page);
    await shoot("analyse-after");

    await goTo(page, "review");
    await page.locator("[data-testid=issue-row] .c-feature").filter({ hasNotText: "…" }).first().waitFor({ state: "attached" });
    await shoot("review");
    await page.getByTestId("heat-1-0").click();
    for (const at of [2, 5, 6]) {
      await page.locator(`[data-testid=issue-row][aria-rowindex="${at}"]`).click();
      await page.getByTestId("row-values").waitFor();
      await page.keyboard.press("e");
      await page.keyboard.press("Escape");
    }
    await page.locator("[data-testid=issue-row][aria-rowindex='4']").click();
    await page.getByTestId("row-values").waitFor();
    await shoot("review-detail");
    await page.keyboard.press("Escape");
    await page.getByTestId("rail-excluded").click();
    await shoot("review-excluded");

    await goTo(page, "export");
    await shoot("export");
    await page.getByTestId("help-button").click();
    await page.getByTestId("help").waitFor();
    await shoot("help");
    await page.getByTestId("help-close").click();

    for (const sample of TASK_SAMPLES) {
      await loadSample(page, sample);
      if (sample === "ewt" || sample === "emotions") {
        await shoot(`${sample}-columns`);
      }
      await goTo(page, "analyse");
      if (sample === "emotions") {
        await shoot(`${sample}-before`);
      }
      await run(page);
      await shoot(`${sample}-result`);
      await page.getByTestId("to-review").click();
      await page.getByTestId("issue-row").first().waitFor({ state: "attached" });
      await settle(page);
      await shoot(`${sample}-review`);
      if (viewport.width < 480) {
        await page.getByTestId("issue-row").first().click();
        await settle(page);
        await shoot(`${sample}-evidence`);
        await page.keyboard.press("Escape");
      }
      if (sample === "california") {
        await page.getByTestId("rail-near_duplicate").click();
        await settle(page);
        await shoot(`${sample}-duplicates`);
      }
    }
    await goTo(page, "export");
    await shoot("task-export");

    await loadSample(page, "pictures");
    await shoot("pictures-columns");
    await startRun(page);
    await page.getByTestId("so-far").waitFor({ timeout: 120_000 });
    await shoot("pictures-running");
    await page.getByTestId("to-review").waitFor({ timeout: 240_000 });
    await shoot("pictures-result");
    for (const kind of ["overlooked", "badly_located"]) {
      await goTo(page, "review");
      await page.getByTestId(`rail-${kind}`).click();
      await page.getByTestId("issue-row").first().click();
      await settle(page);
      await shoot(`pictures-${kind}`);
      await page.keyboard.press("w");
      await page.getByTestId("choose-box").last().click();
      await settle(page);
      await shoot(`pictures-${kind}-fixed`);
      await page.keyboard.press("Escape");
    }
    await goTo(page, "export");
    await shoot("pictures-export");
    await chooseWork(page, "segmentation");
    await run(page);
    await shoot("pictures-masks-result");
    await page.getByTestId("to-review").click();
    await page.getByTestId("issue-row").first().click();
    await settle(page);
    await shoot("pictures-mask");
    await page.keyboard.press("Escape");

    await loadSample(page);
    await chooseWork(page, "audit");
    await run(page);
    await page.getByTestId("to-review").click();
    await settle(page);
    await shoot("audit-review");
    await chooseWork(page, "sweep");
    await set(page, "max_rows", 2000);
    await run(page);
    await page.getByTestId("to-review").click();
    await shoot("sweep-review");
    await context.close();
  }
}
await browser.close();
await server.close();
console.log(`the pictures are in ${folder}`);
