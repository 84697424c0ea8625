// The module: loading it, calling it, and starting it anew after it broke down.

import * as wasm from "./forge_wasm.js";

import { asForgeError, failure } from "./failure.js";

/** Whether the module is there. */
let ready = false;
/** The loading that is under way. */
let loading;

const FILE = "forge_wasm_bg.wasm";

const WHERE =
  `Serve ${FILE} of this package beside its scripts, or pass its address, its bytes or a WebAssembly.Module to init. ` +
  "With Vite, list the package in optimizeDeps.exclude.";

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

function checkSupport() {
  const lacks = typeof WebAssembly !== "object" ? "WebAssembly" : WebAssembly.validate(SIMD) ? undefined : "SIMD";
  if (lacks === undefined) return;
  const hint = "Chrome and Edge from 91, Firefox from 89, Safari from 16.4 and Node from 16.4 have it.";
  throw failure(
    "wasm_unsupported",
    `this browser or runtime has no ${lacks === "SIMD" ? "SIMD in WebAssembly" : lacks}`,
    hint,
  );
}

const missing = (address, reason) => failure("wasm_missing", `${address} cannot be loaded: ${reason}`, WHERE);
const invalid = (reason) => failure("wasm_invalid", `this is not the module of this package: ${reason}`, WHERE);

const isNode = () => typeof process === "object" && typeof process.versions?.node === "string";

/** The bytes of a file on disk. Bundlers must not look for Node's modules, hence the names in variables. */
async function read(url) {
  const fs = "node:fs/promises";
  try {
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ fs);
    return await readFile(url);
  } catch (error) {
    throw missing(url, error.message);
  }
}

/** The module in a response. */
async function received(response, address) {
  if (!response.ok) throw missing(address, `the server answered ${response.status}`);
  const type = response.headers.get("Content-Type") ?? "";
  try {
    if (type.startsWith("application/wasm")) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw error instanceof WebAssembly.CompileError
      ? invalid(type.startsWith("text/html") ? `${address} is a page` : error.message)
      : missing(address, error.message);
  }
}

async function compiled(bytes) {
  if (bytes.byteLength === 0) throw invalid("it is empty");
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw invalid(error.message);
  }
}

const isResponse = (value) => typeof Response === "function" && value instanceof Response;
const isRequest = (value) => typeof Request === "function" && value instanceof Request;

async function moduleOf(given) {
  const source = await given;
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return compiled(source);
  if (isResponse(source)) return received(source, source.url || "the response");
  let address = source;
  if (source === undefined || source === null) {
    address = new URL("./forge_wasm_bg.wasm", import.meta.url);
  } else if (typeof source === "string" && isNode()) {
    address = URL.canParse(source) ? new URL(source) : source;
  } else if (typeof source !== "string" && !(source instanceof URL) && !isRequest(source)) {
    throw failure("type", "`init` takes an address, a response, the bytes of the module or a WebAssembly.Module");
  }
  const onDisk = address instanceof URL ? address.protocol === "file:" : typeof address === "string";
  if (isNode() && onDisk) return compiled(await read(address));
  const name = isRequest(address) ? address.url : String(address);
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw missing(name, error.message);
  }
  return received(response, name);
}

/** The module, compiled but not instantiated, for workers to share. */
export async function compiledModule(source) {
  checkSupport();
  return moduleOf(source);
}

/** What is there, and what it can do. */
function info() {
  return { version: wasm.version(), features: wasm.features() };
}

function instantiated(module) {
  try {
    wasm.initSync({ module });
  } catch (error) {
    throw invalid(error.message);
  }
  ready = true;
  return info();
}

/** Loads the module unless it is there; see index.d.ts. */
export async function init(source) {
  if (ready) return info();
  loading ??= (async () => {
    checkSupport();
    const module = await moduleOf(source);
    return ready ? info() : instantiated(module);
  })().finally(() => {
    loading = undefined;
  });
  return loading;
}

/** Loads the module from what is at hand, unless it is there. */
export function initSync(source) {
  if (ready) return info();
  checkSupport();
  if (source instanceof WebAssembly.Module) return instantiated(source);
  if (!(source instanceof ArrayBuffer) && !ArrayBuffer.isView(source)) {
    throw failure("type", "`initSync` takes the bytes of the module or a WebAssembly.Module");
  }
  if (source.byteLength === 0) throw invalid("it is empty");
  let module;
  try {
    module = new WebAssembly.Module(source);
  } catch (error) {
    throw invalid(error.message);
  }
  return instantiated(module);
}

/** What a module that broke down says, and whether it is for want of memory. */
function breakdown(error) {
  let panic;
  try {
    panic = wasm.last_panic();
  } catch {
    // It is beyond speaking.
  }
  const memory = panic === undefined ? /unreachable/.test(error.message) : /capacity overflow|alloc/i.test(panic);
  // Wherever it stopped, its memory is in doubt.
  wasm.__wbg_reset_state();
  const broke = memory
    ? failure("out_of_memory", "there is too little memory for this call")
    : failure("internal", `the engine broke down: ${panic ?? error.message}`);
  broke.cause = error;
  return broke;
}

/** Calls `work` with the functions of the module; whatever is thrown is a ForgeError. */
export function called(work) {
  if (!ready) {
    throw failure("not_initialized", "the module is not loaded", "Call `await init()` once before anything else.");
  }
  try {
    return work(wasm);
  } catch (error) {
    if (typeof error?.code === "string") throw asForgeError(error);
    if (error instanceof WebAssembly.RuntimeError) throw breakdown(error);
    if (error instanceof RangeError && /call stack|recursion/i.test(error.message)) throw breakdown(error);
    if (error instanceof RangeError && /alloc|memory|array (buffer )?length/i.test(error.message)) {
      throw failure("out_of_memory", error.message);
    }
    if (/null pointer|stale|reset/i.test(error?.message ?? "")) {
      throw failure(
        "freed",
        "this was freed, or lost when the engine broke down",
        "Open the data or fit the model again.",
      );
    }
    throw asForgeError(error);
  }
}
