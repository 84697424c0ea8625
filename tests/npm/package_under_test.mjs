// The tarball, the command line and the browser; folders with the package installed; pages in Chromium.
//
// `cargo xtask test npm` sets where they are.

import { execFile } from "node:child_process";
import { cpSync, createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** The root of the repository. */
export const ROOT = path.resolve(HERE, "../..");
/** The packages of these tests. */
export const MODULES = path.join(HERE, "node_modules");
/** The bundled sample of Adult. */
export const SAMPLE = path.join(ROOT, "data/adult_12000.csv.gz");

const fromEnvironment = (name) => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run these tests with \`cargo xtask test npm\``);
  return value;
};

/** The tarball of the package. */
export const TARBALL = fromEnvironment("FORGE_TARBALL");
const FORGE = fromEnvironment("FORGE_BIN");
const CHROMIUM = fromEnvironment("FORGE_CHROMIUM");

const execute = promisify(execFile);
const MOST_OUTPUT = 1 << 28;

/** Runs a program and returns what it prints. */
export async function output(program, arguments_, options) {
  const { stdout } = await execute(program, arguments_, { maxBuffer: MOST_OUTPUT, ...options });
  return stdout;
}

/** A folder that is gone when the process ends. */
export function emptyFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "forge-npm-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new folder with the files of an example, if one is named, in which the package is installed from its tarball. */
export async function installed(example) {
  const folder = emptyFolder();
  if (example !== undefined) {
    const skipped = /node_modules|dist|package(-lock)?\.json/;
    const source = path.join(ROOT, "crates/forge-wasm/examples", example);
    cpSync(source, folder, { recursive: true, filter: (file) => !skipped.test(path.relative(source, file)) });
  }
  // Bundlers are those of these tests; the package itself needs nothing.
  writeFileSync(path.join(folder, "package.json"), '{"private": true, "type": "module"}');
  const install = ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await output("npm", [...install, TARBALL], { cwd: folder });
  return folder;
}

/** The report of `forge audit` on the sample of Adult, with every row that has an issue. */
export async function auditByCommandLine() {
  const arguments_ = ["audit", SAMPLE, "--target", "income", "--max-issues", String(MOST_ISSUES), "--json"];
  return JSON.parse(await output(FORGE, arguments_));
}

/** More than there are issues of any kind in the sample. */
export const MOST_ISSUES = 100_000;

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves a folder as any static host does; gives its address and what was asked for. */
export async function served(folder, context) {
  const asked = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    asked.push(name);
    const file = path.join(folder, path.normalize(name), name.endsWith("/") ? "index.html" : "");
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Length": found.size,
      "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `http://127.0.0.1:${server.address().port}/`, asked };
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** A page in a browser of its own; its complaints are collected. */
export async function opened(address, context) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  context.after(() => browser.close());
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  return { page, complaints };
}
