import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const output = path.join(folder, "dist");

mkdirSync(output, { recursive: true });
copyFileSync(path.join(folder, "index.html"), path.join(output, "index.html"));

export default {
  mode: "production",
  context: folder,
  entry: "./audit.js",
  output: { path: output, filename: "main.js", module: true },
  experiments: { outputModule: true },
};
