// Where the finished page, the command line, the browser and the data are.
//
// `cargo xtask test e2e` sets the first three; run by hand, the usual places are taken.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The folder of the finished page. */
export const DIST = process.env.FORGE_DIST ?? path.join(ROOT, "dist");

/** The release build of the command line. */
export const FORGE = process.env.FORGE_BIN ?? path.join(ROOT, "target/release/forge");

/** The browser. */
export const CHROMIUM = process.env.FORGE_CHROMIUM ?? "/usr/bin/chromium";

/** The bundled sample. */
export const SAMPLE = path.join(ROOT, "data/adult_12000.csv.gz");

for (const [what, file] of [["page", DIST], ["command line", FORGE], ["browser", CHROMIUM]]) {
  if (!existsSync(file)) {
    throw new Error(`the ${what} is not at ${file}; run the tests with \`cargo xtask test e2e\``);
  }
}

/** A folder that is gone when the process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "forge-e2e-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
