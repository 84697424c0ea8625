// The command line as a process.

import { spawn } from "node:child_process";

import { FORGE, ROOT } from "./environment.mjs";

/** Runs `forge` with `arguments_` in the root of the repository; `input` is its standard input. */
export function forge(arguments_, { input = "", cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(FORGE, arguments_, { cwd });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8").on("data", (text) => {
        output[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
    // A program that does not read its input may be gone before all of it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Runs `forge … --json` and reads what it prints. */
export async function forgeJson(arguments_) {
  const { code, stdout, stderr } = await forge([...arguments_, "--json"]);
  if (code !== 0) {
    throw new Error(`forge ${arguments_.join(" ")} ended with ${code}: ${stderr}`);
  }
  return JSON.parse(stdout);
}
