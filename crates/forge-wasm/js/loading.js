// Getting the files of this package, modules above all: from beside the scripts, an address, a response or bytes; in browsers
// and in Node. What is wanted is described by `{ file, usual, taker }`: its name, where it lies unless told otherwise, and the
// function that can be told.

import { failure } from "./failure.js";

/** A module of one function that uses a SIMD instruction. */
const SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/** Throws where modules of this package cannot run. */
export function checkSupport() {
  const lacks = typeof WebAssembly !== "object" ? "WebAssembly" : WebAssembly.validate(SIMD) ? undefined : "SIMD";
  if (lacks === undefined) return;
  const hint = "Chrome and Edge from 91, Firefox from 89, Safari from 16.4 and Node from 16.4 have it.";
  throw failure(
    "wasm_unsupported",
    `this browser or runtime has no ${lacks === "SIMD" ? "SIMD in WebAssembly" : lacks}`,
    hint,
  );
}

const missing = (address, reason, { file, taker }) => {
  const hint =
    `Serve ${file} of this package beside its scripts, or pass its address or its bytes to ${taker}. ` +
    "With Vite, list the package in optimizeDeps.exclude.";
  return failure("wasm_missing", `${address} cannot be loaded: ${reason}`, hint);
};

/** The error for what is not the wanted module. */
export const invalid = (reason, { file, taker }) => {
  const hint = `Serve ${file} of this package as it is, or pass its bytes to ${taker}.`;
  return failure("wasm_invalid", `this is not the module of this package: ${reason}`, hint);
};

const isNode = () => typeof process === "object" && typeof process.versions?.node === "string";

const isResponse = (value) => typeof Response === "function" && value instanceof Response;
const isRequest = (value) => typeof Request === "function" && value instanceof Request;
const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/** The bytes of a file on disk. Bundlers must not look for Node's modules, hence the names in variables. */
async function read(url, wanted) {
  const fs = "node:fs/promises";
  try {
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ fs);
    return await readFile(url);
  } catch (error) {
    throw missing(url, error.message, wanted);
  }
}

/** Bytes, or a response that is good, with its name. */
async function located(source, wanted) {
  if (isBytes(source)) return { bytes: source };
  if (isResponse(source)) return answered(source, source.url || "the response", wanted);
  let address = source;
  if (source === undefined || source === null) {
    address = wanted.usual();
  } else if (typeof source === "string" && isNode()) {
    address = URL.canParse(source) ? new URL(source) : source;
  } else if (typeof source !== "string" && !(source instanceof URL) && !isRequest(source)) {
    throw failure("type", `\`${wanted.taker}\` takes an address, a response or bytes as ${wanted.file}`);
  }
  const onDisk = address instanceof URL ? address.protocol === "file:" : typeof address === "string";
  if (isNode() && onDisk) return { bytes: await read(address, wanted) };
  const name = isRequest(address) ? address.url : String(address);
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw missing(name, error.message, wanted);
  }
  return answered(response, name, wanted);
}

function answered(response, name, wanted) {
  if (!response.ok) throw missing(name, `the server answered ${response.status}`, wanted);
  return { response, name };
}

/** The bytes of a file. */
export async function bytesFrom(source, wanted) {
  const { bytes, response, name } = await located(await source, wanted);
  if (bytes !== undefined) return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw missing(name, error.message, wanted);
  }
}

/** A module, compiled but not instantiated. */
export async function compiledFrom(given, wanted) {
  checkSupport();
  const source = await given;
  if (source instanceof WebAssembly.Module) return source;
  const { bytes, response, name } = await located(source, wanted);
  if (bytes?.byteLength === 0) throw invalid("it is empty", wanted);
  const type = response?.headers.get("Content-Type") ?? "";
  try {
    if (bytes !== undefined) return await WebAssembly.compile(bytes);
    if (type.startsWith("application/wasm")) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (bytes === undefined && !(error instanceof WebAssembly.CompileError)) throw missing(name, error.message, wanted);
    throw invalid(type.startsWith("text/html") ? `${name} is a page` : error.message, wanted);
  }
}
