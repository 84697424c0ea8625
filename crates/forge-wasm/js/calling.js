// How a JavaScript call becomes a call of the engine and its result a JavaScript value.

import { notDetached } from "./detached.js";
import { asForgeError, wrongType } from "./failure.js";
import { camelCase, isTyped, snakeCase } from "./names.js";

/** Arguments in which a Uint8Array stands for flags. */
const MASKS = ["label_issues_mask", "label_issues", "issues"];

/** Arguments whose keys are the user's own. */
const OWN_KEYS = ["class_names"];

const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !isTyped(value);

/** A typed array in one of the three forms that the engine reads, and what its elements are. */
function readable(values, argument) {
  if (values instanceof Float64Array || values instanceof Float32Array) return [values, "real"];
  if (values instanceof Uint8Array && MASKS.includes(argument)) return [Int32Array.from(values), "booleans"];
  if (values instanceof Int32Array) return [values, "whole"];
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return [Float64Array.from(values, Number), "whole"];
  }
  return [values.BYTES_PER_ELEMENT < 4 ? Int32Array.from(values) : Float64Array.from(values), "whole"];
}

/** Lengths of nested lists of equal length, as far as their first elements tell; nothing for an empty or deep one. */
function shapeOf(list) {
  const shape = [];
  for (let level = list; Array.isArray(level) || isTyped(level); level = level[0]) {
    if (level.length === 0 || shape.length === 4) return undefined;
    shape.push(level.length);
  }
  return shape;
}

/** Nested lists as one typed array, where they are rectangular and hold nothing but numbers or nothing but booleans. */
function flattened(list) {
  const shape = shapeOf(list);
  if (shape === undefined) return undefined;
  let leaf = list;
  for (let depth = 0; depth < shape.length; depth += 1) leaf = leaf[0];
  const kind = typeof leaf;
  if (kind !== "number" && kind !== "boolean") return undefined;
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1));
  let place = 0;
  let whole = true;
  const fill = (level, depth) => {
    if (level.length !== shape[depth]) return false;
    if (depth === shape.length - 1) {
      if (isTyped(level)) {
        if (typeof level[0] !== "number") return false;
        values.set(level, place);
        whole &&= !(level instanceof Float64Array || level instanceof Float32Array);
        place += level.length;
        return true;
      }
      for (let i = 0; i < level.length; i += 1) {
        const value = level[i];
        if (typeof value !== kind) return false;
        whole &&= Number.isInteger(+value);
        values[place] = value;
        place += 1;
      }
      return true;
    }
    for (let i = 0; i < level.length; i += 1) {
      if (!(Array.isArray(level[i]) || isTyped(level[i])) || !fill(level[i], depth + 1)) return false;
    }
    return true;
  };
  if (!fill(list, 0)) return undefined;
  return [values, shape, kind === "boolean" ? "booleans" : whole ? "whole" : "real"];
}

/** The nested lists of `{data, shape}`. */
function nested({ data, shape }) {
  if (shape.length <= 1) return Array.from(data, Number);
  const [length, ...inner] = shape;
  const size = inner.reduce((product, n) => product * n, 1);
  return Array.from({ length }, (_, i) => nested({ data: data.subarray(i * size, (i + 1) * size), shape: inner }));
}

const isShaped = (value) => isPlain(value) && isTyped(value.data) && Array.isArray(value.shape);

/** A value without typed arrays, tables and graphs marked as the engine expects them. */
function plain(value, ownKeys) {
  if (isTyped(value)) return Array.from(notDetached(value, "an array"), Number);
  if (Array.isArray(value)) return value.map((item) => plain(item, ownKeys));
  if (value instanceof Map) return plain(Object.fromEntries(value), true);
  if (!isPlain(value)) return value;
  if (isShaped(value)) return nested(value);
  const values = (object) => Object.fromEntries(Object.entries(object).map(([key, item]) => [key, plain(item, true)]));
  if (Array.isArray(value.columns) && isPlain(value.data)) return { $df: values(value) };
  if (value.indptr !== undefined && value.indices !== undefined) return { $csr: values(value) };
  if (value.index !== undefined && value.values !== undefined) return { $series: values(value) };
  const named = ([key, item]) => [ownKeys ? key : snakeCase(key), plain(item, ownKeys)];
  return Object.fromEntries(Object.entries(value).map(named));
}

/** A result with tables as `{columns, data, index?}`, and with names in camelCase unless they are the user's own. */
function shown(value, ownKeys) {
  if (Array.isArray(value)) return value.map((item) => shown(item, ownKeys));
  if (!isPlain(value)) return value;
  const marked = value.$df ?? value.$series;
  if (marked !== undefined) return marked;
  const named = ([key, item]) => [ownKeys ? key : camelCase(key), shown(item, ownKeys)];
  return Object.fromEntries(Object.entries(value).map(named));
}

/** An argument as `[values, shape, elements]`, where it is an array of numbers or booleans. */
export function arrayOf(value, argument, key) {
  if (isTyped(value)) {
    const [values, elements] = readable(notDetached(value, key), argument);
    return [values, [value.length], elements];
  }
  if (isShaped(value)) {
    const [values, elements] = readable(notDetached(value.data, key), argument);
    return [values, value.shape, elements];
  }
  return Array.isArray(value) ? flattened(value) : undefined;
}

/** The function of the engine called `name` as a function of one object of named arguments. */
function bound(engine, name, parameters) {
  const byCamelCase = new Map(parameters.map((parameter) => [camelCase(parameter), parameter]));
  // Detection results are keyed by class.
  const ownKeys = name.startsWith("object_detection.");
  const call = (named, options) => {
    if (!isPlain(named)) throw wrongType("arguments", named, "one object of named arguments");
    const kwargs = {};
    const arrays = [];
    for (const [key, value] of Object.entries(named)) {
      const argument = byCamelCase.get(key) ?? key;
      if (value === undefined || value === null) continue;
      const array = arrayOf(value, argument, key);
      if (array !== undefined) arrays.push([argument, ...array]);
      else kwargs[argument] = plain(value, OWN_KEYS.includes(argument));
    }
    const found = engine(name, kwargs, arrays, options);
    // An engine in another thread answers later.
    return found instanceof Promise ? found.then((found) => shown(found, ownKeys)) : shown(found, ownKeys);
  };
  return (named = {}, options = undefined) => {
    try {
      return call(named, options);
    } catch (error) {
      throw asForgeError(error);
    }
  };
}

/**
 * Functions in groups: `{"filter.find_label_issues": [parameters]}` → `{filter: {findLabelIssues}}`. A name that is both
 * a function and a group is a function with properties.
 */
export function grouped(engine, table) {
  const root = {};
  for (const [name, parameters] of Object.entries(table)) {
    const path = name.split(".").map(camelCase);
    const last = path.pop();
    const group = path.reduce((parent, part) => (parent[part] ??= {}), root);
    group[last] = Object.assign(bound(engine, name.replace(/\.stream$/, "(stream)"), parameters), group[last]);
  }
  return root;
}
