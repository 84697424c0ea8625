// Every bad call ends in a ForgeError with its code, and the package works on: in Node and in Chromium.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { ROOT, installed, opened, served } from "./package_under_test.mjs";

const PACKAGE = "node_modules/cleanlab-forge";
const MODULE = "forge_wasm_bg.wasm";

test("bad calls in Node", async () => {
  const folder = await installed();
  const { failures } = await import("./bad_calls.mjs");
  const forge = await import(pathToFileURL(path.join(folder, PACKAGE, "index.js")));
  const bytes = readFileSync(path.join(folder, PACKAGE, MODULE));
  assert.deepEqual(await failures(forge, bytes), []);
});

test("bad calls in Chromium", async (context) => {
  const folder = await installed();
  cpSync(path.join(ROOT, "tests/npm/bad_calls.mjs"), path.join(folder, "bad_calls.js"));
  writeFileSync(path.join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:," />');
  const { address } = await served(folder, context);
  const { page } = await opened(address, context);
  const wrong = await page.evaluate(
    async ([home, module]) => {
      const { failures } = await import("/bad_calls.js");
      const forge = await import(`/${home}/index.js`);
      const bytes = new Uint8Array(await (await fetch(`/${home}/${module}`)).arrayBuffer());
      return failures(forge, bytes);
    },
    [PACKAGE, MODULE],
  );
  assert.deepEqual(wrong, []);
});
