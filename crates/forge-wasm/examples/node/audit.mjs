// node audit.mjs people.csv label

import { readFile } from "node:fs/promises";
import path from "node:path";

import { ForgeError, audit, engineForm, init } from "cleanlab-forge";

const [file, target, maxIssues = "20"] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node audit.mjs FILE [LABEL COLUMN] [ROWS PER CHECK]");
  process.exit(2);
}
try {
  await init();
  const data = { name: path.basename(file), content: await readFile(file) };
  const settings = { ...(target ? { target } : {}), maxIssues: Number(maxIssues) };
  const { report } = await audit(data, settings, {
    onProgress: ({ stage, share }) => console.error(`${stage}: ${Math.round(share * 100)} %`),
  });
  // As `forge audit --json` prints it.
  console.log(JSON.stringify(engineForm(report), null, 2));
} catch (error) {
  if (!(error instanceof ForgeError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint ?? ""}`);
  process.exit(1);
}
