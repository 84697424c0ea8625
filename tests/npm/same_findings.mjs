// Whether a report says what another says.

import assert from "node:assert/strict";

/** Fails unless both are the same, numbers with fractions to within 1e-6. */
function assertSame(actual, expected, place) {
  if (typeof expected === "number" && typeof actual === "number" && !Number.isInteger(expected)) {
    assert.ok(Math.abs(actual - expected) <= 1e-6, `${place}: ${actual}, expected ${expected}`);
  } else if (expected !== null && typeof expected === "object" && actual !== null && typeof actual === "object") {
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), place);
    for (const key of Object.keys(expected)) assertSame(actual[key], expected[key], `${place}.${key}`);
  } else {
    assert.equal(actual, expected, place);
  }
}

/** Fails unless two reports of an audit, as they are saved, hold the same findings in the same order. */
export function assertSameFindings(actual, expected) {
  const { timings: _, ...found } = actual;
  const { timings: __, ...wanted } = expected;
  assertSame(found, wanted, "report");
}
