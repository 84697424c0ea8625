// Whatever is thrown, as a ForgeError.

import { ForgeError } from "./error.js";
import { camelCase } from "./names.js";

/** What to do about a code, where there is something that helps whatever the message says. */
const HINTS = {
  cancelled: "Nothing is left over; the call can be made again.",
  data: "The message names the place. `csv` options set delimiter, encoding, header and types where they are not recognised.",
  internal: "This is a defect: please report the call that leads to it. The module was started anew and can be used.",
  out_of_memory: "A tab has at most 4 GB for one module. Use fewer rows or columns, or the command line program.",
  unknown_function: "`functions.d.ts` lists what there is.",
};

/** A ForgeError with the hint that goes with its code. */
export const failure = (code, message, hint = HINTS[code]) => new ForgeError(code, message, hint);

/** An error of the engine with the names that JavaScript has for arguments, and any other as what it tells. */
export function asForgeError(error) {
  if (error instanceof ForgeError) return error;
  if (typeof error?.code === "string") {
    return failure(
      error.code,
      error.message.replace(/`[A-Za-z_]+/g, (word) => camelCase(word)),
    );
  }
  const found = failure("type", `An argument cannot be read: ${error?.message ?? String(error)}`);
  found.cause = error;
  return found;
}

/** The error for a value of the wrong type. */
export function wrongType(argument, value, expected) {
  const name = value?.constructor?.name;
  const found = value === null ? "null" : typeof value !== "object" ? typeof value : (name ?? "an object");
  return failure("type", `\`${argument}\` is ${found}, expected ${expected}`);
}

/** What the caller handed over must not break the work; what it throws is thrown where nothing else runs. */
export function told(callback, ...values) {
  try {
    callback?.(...values);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
