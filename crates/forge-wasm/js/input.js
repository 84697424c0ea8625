// What users have as data: files, texts, bytes, columns, rows or a matrix with labels.

import { arrayOf } from "./calling.js";
import { notDetached } from "./detached.js";
import { failure, wrongType } from "./failure.js";
import { isPlain, isTyped } from "./names.js";

const EXPECTED =
  "a File or Blob, the text or the bytes of a file, `{name, content}`, an object of columns, a list of rows, or `{X, y}`";

const isBlob = (value) => typeof Blob === "function" && value instanceof Blob;
const isBytes = (value) =>
  value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) ||
  (typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer);

function bytesOf(value) {
  notDetached(value, "data");
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  return bytes;
}

/** Reads what can only be read asynchronously: a Blob becomes its name and its bytes; all else stays as it is. */
export async function fetched(data) {
  const blob = isBlob(data) ? data : isPlain(data) && isBlob(data.content) ? data.content : undefined;
  if (blob === undefined) return data;
  const name = (blob === data ? undefined : data.name) ?? blob.name ?? "data";
  try {
    return { name, content: new Uint8Array(await blob.arrayBuffer()) };
  } catch (error) {
    const hint = "It may have been moved or changed since it was chosen, or be too large for this program.";
    throw failure("unreadable", `${name} cannot be read: ${error.message}`, hint);
  }
}

const MISSING = 2;

/** A column as the engine takes it; see `Data::of_columns`. */
function column(name, values) {
  if (isTyped(values)) {
    notDetached(values, name);
    return [name, "numbers", values instanceof Float64Array ? values : Float64Array.from(values, Number)];
  }
  if (!Array.isArray(values)) throw wrongType(name, values, "a column: a typed array or a list of values");
  let kind;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value === null || value === undefined) continue;
    const found =
      value instanceof Date
        ? "dates"
        : { number: "numbers", bigint: "numbers", boolean: "booleans", string: "texts" }[typeof value];
    if (found === undefined) {
      throw wrongType(`${name}[${row}]`, value, "a number, a text, true or false, a Date, or null where it is missing");
    }
    kind ??= found;
    // Values of several kinds are told apart by what they look like as text.
    if (kind !== found) kind = "texts";
  }
  switch (kind) {
    case "numbers":
      return [
        name,
        kind,
        Float64Array.from(values, (value) => (value === null || value === undefined ? NaN : Number(value))),
      ];
    case "dates":
      return [name, kind, Float64Array.from(values, (value) => (value ? value.getTime() / 1000 : NaN))];
    case "booleans":
      return [
        name,
        kind,
        Uint8Array.from(values, (value) => (value === null || value === undefined ? MISSING : Number(value))),
      ];
    default: {
      const places = new Map();
      const codes = Int32Array.from(values, (value) => {
        if (value === null || value === undefined) return -1;
        const text = value instanceof Date ? value.toISOString() : String(value);
        let place = places.get(text);
        if (place === undefined) places.set(text, (place = places.size));
        return place;
      });
      return [name, "texts", codes, [...places.keys()]];
    }
  }
}

/** Columns of a list of rows that are objects; a row without an entry lacks a value. */
function columnsOfRows(rows) {
  const names = new Map();
  rows.forEach((row, place) => {
    if (!isPlain(row)) throw wrongType(`data[${place}]`, row, "a row: an object of values by column");
    for (const name of Object.keys(row)) {
      if (!names.has(name)) names.set(name, Array(rows.length).fill(null));
      names.get(name)[place] = row[name];
    }
  });
  return Object.fromEntries(names);
}

/** Columns of a matrix, x0, x1, …, and of its labels, y. */
function columnsOfMatrix({ X, y }) {
  const [values, shape] = arrayOf(X, "X", "X") ?? [];
  if (shape?.length !== 2) throw failure("shape", "`X` must be a matrix of numbers, rows × columns");
  const [nRows, nColumns] = shape;
  if (values.length !== nRows * nColumns) {
    throw failure("shape", `\`X\` has ${values.length} values, but its shape [${shape}] tells ${nRows * nColumns}`);
  }
  const columns = {};
  for (let place = 0; place < nColumns; place += 1) {
    columns[`x${place}`] = Float64Array.from({ length: nRows }, (_, row) => values[row * nColumns + place]);
  }
  if (y !== undefined) columns.y = y;
  return columns;
}

/** Whether data are a matrix with or without labels. */
export const isMatrix = (data) => isPlain(data) && data.X !== undefined;

function columnsOf(data) {
  if (Array.isArray(data)) return columnsOfRows(data);
  if (isMatrix(data)) return columnsOfMatrix(data);
  if (Array.isArray(data.columns) && isPlain(data.data)) {
    return Object.fromEntries(data.columns.map((name) => [String(name), data.data[name]]));
  }
  return data;
}

/** Data in the memory of the module: a handle that the caller frees. `kind` is "table", "sentences" or "". */
export function held(wasm, data, { name, csv, corpus, kind = "" }) {
  if (data === null || data === undefined) throw wrongType("data", data, EXPECTED);
  if (isBlob(data) || isBlob(data.content)) {
    const hint = "Use the asynchronous functions of the main entry, or `await file.arrayBuffer()` first.";
    throw failure("type", "`data` is a Blob, which cannot be read synchronously", hint);
  }
  const file = isPlain(data) && data.content !== undefined ? data : { content: data };
  const title = name ?? file.name ?? "data";
  const { content } = file;
  if (typeof content === "string" || isBytes(content)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : bytesOf(content);
    return wasm.Data.read(title, bytes, kind, kind === "sentences" ? corpus : csv);
  }
  if (!Array.isArray(data) && !isPlain(data)) throw wrongType("data", data, EXPECTED);
  const columns = Object.entries(columnsOf(data)).map(([of, values]) => column(of, values));
  if (columns.length === 0) throw failure("data", "`data` has no columns");
  return wasm.Data.ofColumns(title, columns, csv?.types);
}
