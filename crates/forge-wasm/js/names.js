// Names as JavaScript has them and as the engine has them.

/** `rank_by_kwargs` → `rankByKwargs`. */
export const camelCase = (name) => name.replace(/(?<=[A-Za-z0-9])_([A-Za-z0-9])/g, (_, letter) => letter.toUpperCase());

/** `rankByKwargs` → `rank_by_kwargs`. */
export const snakeCase = (name) => name.replace(/(?<=[A-Za-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const isTyped = (value) => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Whether a value is an object of named entries and nothing more. */
export function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm, such as a frame's, has a prototype without one of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Entries of settings and reports whose keys are names of columns, metrics or checks, and stay as they are. */
const OWN_KEYS = ["delta", "metrics", "not_checked", "notChecked", "roles", "types"];

function renamed(value, rename, ownKeys) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename, false));
  if (!isPlain(value)) return value;
  const entry = ([key, item]) => [ownKeys ? key : rename(key), renamed(item, rename, OWN_KEYS.includes(key))];
  return Object.fromEntries(Object.entries(value).map(entry));
}

/** Settings or a report with the names of the engine, which are those of files and the command line. */
export const engineForm = (value) => renamed(value, snakeCase, false);

/** Settings or a report with the names of JavaScript. */
export const scriptForm = (value) => renamed(value, camelCase, false);
