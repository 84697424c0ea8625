// What the tarball holds and what tools say about it.

import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { MODULES, ROOT, TARBALL, emptyFolder, installed, output } from "./package_under_test.mjs";

test("publint finds nothing", async () => {
  const folder = path.join(await installed(), "node_modules/cleanlab-forge");
  const { messages, pkg } = await publint({ pkgDir: folder, level: "suggestion", pack: false });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("attw finds nothing", async () => {
  const attw = path.join(MODULES, ".bin/attw");
  // It is written for import alone: that `require` of old versions of Node is not served is on purpose.
  const options = ["--profile", "esm-only", "--exclude-entrypoints", "forge_wasm_bg.wasm"];
  await output(attw, [TARBALL, ...options]).catch((error) => assert.fail(error.stdout || error.message));
});

test("the examples are typed strictly", async () => {
  const folder = await installed();
  cpSync(path.join(ROOT, "crates/forge-wasm/examples"), folder, { recursive: true });
  symlinkSync(path.join(MODULES, "@types"), path.join(folder, "node_modules/@types"));
  symlinkSync(path.join(MODULES, "undici-types"), path.join(folder, "node_modules/undici-types"));
  for (const project of ["tsconfig.json", "worker/tsconfig.json"]) {
    await output("node", [path.join(MODULES, "typescript/bin/tsc"), "--project", project], { cwd: folder }).catch(
      (error) => {
        assert.fail(error.stdout || error.message);
      },
    );
  }
});

test("the package names its entries, its licence and no dependency", async () => {
  const folder = path.join(await installed(), "node_modules/cleanlab-forge");
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.license, "MIT");
  for (const entry of Object.values(manifest.exports)) {
    if (typeof entry === "object") assert.equal(Object.keys(entry)[0], "types", "types come first");
    for (const file of typeof entry === "string" ? [entry] : Object.values(entry)) {
      assert.ok(readFileSync(path.join(folder, file)).length > 0, file);
    }
  }
  assert.match(readFileSync(path.join(folder, "README.md"), "utf8"), /^# cleanlab-forge/);
  assert.match(readFileSync(path.join(folder, "LICENSE"), "utf8"), /MIT/);
});
