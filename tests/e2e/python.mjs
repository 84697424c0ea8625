// A Python with pycocotools, which reads what the page wrote: made once, in the user's cache folder.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { ROOT } from "./environment.mjs";

const PACKAGES = ["pycocotools==2.0.11", "pillow==13.0.0"];
const run = promisify(execFile);

const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
const folder = path.join(cache, "cleanlab-forge", "pycocotools");
const python = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** The interpreter, or why there is none: without a network it cannot be made. */
export async function pythonWithCoco() {
  const works = () => run(python, ["-c", "import pycocotools.coco, PIL"]).then(() => true, () => false);
  if (existsSync(python) && await works()) return { python };
  try {
    mkdirSync(path.dirname(folder), { recursive: true });
    await run("python3", ["-m", "venv", "--clear", folder]);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
    return { python };
  } catch (error) {
    return { reason: `no Python with pycocotools: ${String(error.stderr || error.message).trim().split("\n").at(-1)}` };
  }
}

/** The annotations in a folder, as the other program reads them: by file, each box as four edges and its class. */
export async function readBack(interpreter, form, at) {
  const { stdout } = await run(interpreter, [path.join(ROOT, "tests/e2e/read_back.py"), form, at]);
  return JSON.parse(stdout);
}
