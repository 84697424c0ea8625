// The page as a user handles it: load, set up, run, look, decide, download.

import { readFile } from "node:fs/promises";

/** Height of a line of the list in pixels, as the style sheet has it. */
const LINE = 34;
/** Longest run that is waited for. */
const RUN_TIMEOUT = 120_000;

/** Chooses a file: a path, or `{ name, bytes }`. */
export async function choose(page, file) {
  await goTo(page, "load");
  const files = typeof file === "string"
    ? file
    : { name: file.name, mimeType: "text/csv", buffer: Buffer.from(file.bytes) };
  await page.getByTestId("file-input").setInputFiles(files);
}

/** Chooses a file and waits for its columns. */
export async function load(page, file) {
  await choose(page, file);
  await page.getByTestId("columns-step").waitFor({ timeout: RUN_TIMEOUT });
}

/** Takes a bundled sample and waits for its columns. */
export async function loadSample(page, id = "adult") {
  await goTo(page, "load");
  await page.getByTestId(`sample-${id}`).click();
  await page.getByTestId("columns-step").waitFor({ timeout: RUN_TIMEOUT });
}

/** Goes to a step that is open. */
export async function goTo(page, step) {
  const button = page.getByTestId(`step-${step}`);
  if (await button.getAttribute("aria-current") !== "step") {
    await button.click();
    await page.locator(`[data-testid=step-${step}][aria-current=step]`).waitFor();
  }
}

/** Starts a run. */
export async function startRun(page) {
  await goTo(page, "analyse");
  await page.getByTestId("run").click();
}

/** Runs, and waits for the result. */
export async function run(page) {
  await startRun(page);
  await page.getByTestId("to-review").waitFor({ timeout: RUN_TIMEOUT });
}

/** Chooses what to look for. */
export async function chooseWork(page, id) {
  await goTo(page, "analyse");
  await page.locator(`label[for=work-${id}]`).click();
}

/** Sets a number among the settings. */
export async function set(page, name, value) {
  await goTo(page, "analyse");
  const field = page.getByTestId(`setting-${name}`);
  if (!(await field.isVisible())) {
    await page.getByTestId("more-settings").locator("summary").click();
  }
  await field.fill(String(value));
  await field.blur();
}

/** The line of a column in the table of columns. */
export function column(page, name) {
  return page.locator(`[data-testid=column-row][data-column="${name}"]`);
}

/** Sets the role of a column. */
export async function setRole(page, name, role) {
  await goTo(page, "columns");
  await column(page, name).getByTestId("column-role").selectOption(role);
}

/** The number in a `data-value` or other attribute. */
export async function number(page, testid, attribute = "data-value") {
  return Number(await page.getByTestId(testid).getAttribute(attribute));
}

/** The first `n` rows of the list, scrolling through it as a user would. */
export async function listedRows(page, n) {
  const frame = page.getByTestId("issue-list");
  const rows = new Map();
  let at = 0;
  while (at < n) {
    await frame.evaluate((element, top) => element.scrollTo(0, top), at * LINE);
    await page.locator(`[data-testid=issue-row][aria-rowindex="${at + 2}"]`).waitFor();
    const seen = await page.getByTestId("issue-row").evaluateAll((elements) => elements.map((element) => [
      Number(element.getAttribute("aria-rowindex")) - 2,
      {
        row: Number(element.dataset.row),
        given: element.dataset.given,
        suggested: element.dataset.suggested,
        score: Number(element.dataset.score),
        flagged: element.dataset.issue === "true",
      },
    ]));
    for (const [place, row] of seen) {
      rows.set(place, row);
    }
    while (rows.has(at)) {
      at += 1;
    }
  }
  await frame.evaluate((element) => element.scrollTo(0, 0));
  return Array.from({ length: n }, (_, place) => rows.get(place));
}

/** Presses a download button of the export step; gives the suggested name and the bytes. */
export async function download(page, testid) {
  await goTo(page, "export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testid).click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}
