// Equality of results up to the last bits of their floats.

import assert from "node:assert/strict";

/** Fails unless both are the same, numbers with fractions to within `tolerance`. */
export function assertClose(actual, expected, tolerance, place = "result") {
  if (typeof expected === "number" && typeof actual === "number" && !Number.isInteger(expected)) {
    assert.ok(Math.abs(actual - expected) <= tolerance, `${place}: ${actual}, expected ${expected}`);
  } else if (expected !== null && typeof expected === "object" && actual !== null && typeof actual === "object") {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), place);
    for (const key of Object.keys(expected)) {
      assertClose(actual[key], expected[key], tolerance, `${place}.${key}`);
    }
  } else {
    assert.equal(actual, expected, place);
  }
}
