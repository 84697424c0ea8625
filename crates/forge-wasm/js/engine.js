// The module: loading it, calling it, and starting it anew after it broke down.

import * as wasm from "./forge_wasm.js";

import { asForgeError, failure } from "./failure.js";
import { checkSupport, compiledFrom, invalid } from "./loading.js";

/** Whether the module is there. */
let ready = false;
/** The loading that is under way. */
let loading;

const MODULE = {
  file: "forge_wasm_bg.wasm",
  usual: () => new URL("./forge_wasm_bg.wasm", import.meta.url),
  taker: "init",
};

/** The module, compiled but not instantiated, for workers to share. */
export function compiledModule(source) {
  return compiledFrom(source, MODULE);
}

/** What is there, and what it can do. */
function info() {
  return { version: wasm.version(), features: wasm.features() };
}

function instantiated(module) {
  try {
    wasm.initSync({ module });
  } catch (error) {
    throw invalid(error.message, MODULE);
  }
  ready = true;
  return info();
}

/** Loads the module unless it is there; see index.d.ts. */
export async function init(source) {
  if (ready) return info();
  loading ??= (async () => {
    const module = await compiledModule(source);
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
  if (source.byteLength === 0) throw invalid("it is empty", MODULE);
  let module;
  try {
    module = new WebAssembly.Module(source);
  } catch (error) {
    throw invalid(error.message, MODULE);
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
