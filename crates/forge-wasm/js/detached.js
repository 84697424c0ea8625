// Arrays whose memory was handed to another thread: they look empty, and are refused instead.

import { ForgeError } from "./error.js";

function isDetached(buffer) {
  if (typeof buffer.detached === "boolean") return buffer.detached;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Refuses a buffer, or a view of one, that was transferred. */
export function notDetached(value, argument) {
  if (value.byteLength === 0 && isDetached(value.buffer ?? value)) {
    const hint = "Give a copy to whoever took the buffer, as with `structuredClone(array)`, and keep this one.";
    throw new ForgeError("detached", `\`${argument}\` is detached: its memory was transferred elsewhere`, hint);
  }
  return value;
}
