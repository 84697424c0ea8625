// The promise: nothing leaves the tab, and the page works without a network once it was loaded.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertQuietAndPrivate, launch, open } from "./browser.mjs";
import { GOOD } from "./inputs.mjs";
import { serve } from "./server.mjs";
import { load, loadSample, number, run } from "./user.mjs";

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test("the page's policy allows no address but its own, and the browser holds to it", async (t) => {
  const other = await serve();
  t.after(() => other.close());
  const { context, page, requests } = await open(browser, server.address);
  const policy = await page.locator("head meta[http-equiv=Content-Security-Policy]").getAttribute("content", { timeout: 2000 });
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'self'/);
  assert.doesNotMatch(policy, /https?:|\*|'unsafe-inline'|'unsafe-eval'/);
  const sent = await page.evaluate((address) => fetch(address, { mode: "no-cors" }).then(() => "sent", () => "kept"), other.address);
  assert.equal(sent, "kept");
  assert.deepEqual(other.asked, [], "the other server was not asked");
  assert.ok(requests.every((url) => url.startsWith(server.address) || url.startsWith(other.address)));
  await context.close();
});

test("with the network off the sample still loads and runs, and the page still opens", async (t) => {
  // A server of its own, so that it can be taken away.
  const host = await serve();
  t.after(() => host.close());
  const visit = await open(browser, host.address);
  const { context, page } = visit;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await host.close();
  assert.equal(await page.evaluate(() => navigator.onLine), false);

  await loadSample(page);
  await run(page);
  const issues = await number(page, "to-review", "data-issues");
  assert.ok(issues > 100);

  await page.reload();
  await page.getByTestId("drop-zone").waitFor();
  await loadSample(page);
  await run(page);
  assert.equal(await number(page, "to-review", "data-issues"), issues);
  assert.equal(await number(page, "privacy-badge", "data-requests"), 0);
  assertQuietAndPrivate(visit, host.address);
  await context.close();
});

test("a first visit that goes offline before the service worker is there can still run a file", async () => {
  const visit = await open(browser, server.address, { serviceWorkers: "block" });
  const { context, page } = visit;
  // The workers are started with the page; once they are there, nothing more is fetched.
  await load(page, GOOD);
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await load(page, { ...GOOD, name: "again.csv" });
  await run(page);
  assert.ok(await number(page, "to-review", "data-issues") > 10);
  await context.close();
});
