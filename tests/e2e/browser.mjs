// A headless Chromium and pages in it whose console, errors and requests are collected.

import assert from "node:assert/strict";

import { chromium } from "playwright-core";

import { CHROMIUM } from "./environment.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/**
 * Opens `address` in a profile of its own.
 *
 * `complaints` are console errors and uncaught errors; `requests` are the addresses that the page, its
 * workers and its service worker asked for. `options` are those of a Playwright context; `init` is a script that runs
 * before those of the page.
 */
export async function open(browser, address, { init, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const complaints = [];
  const requests = [];
  context.on("request", (request) => requests.push(request.url()));
  if (init) {
    await context.addInitScript(init);
  }
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.setDefaultTimeout(20_000);
  await page.goto(address);
  await page.getByTestId("drop-zone").waitFor();
  return { context, page, complaints, requests };
}

/** Fails if the console has said anything, or a request has gone anywhere but to `address`. */
export function assertQuietAndPrivate({ complaints, requests }, address) {
  assert.deepEqual(complaints, [], "the console is silent");
  assert.ok(requests.length > 5, `requests are seen: ${requests.length}`);
  const elsewhere = requests.filter((url) => !url.startsWith(address) && !url.startsWith("blob:"));
  assert.deepEqual(elsewhere, [], "nothing is asked of any other address");
}
