// Files with something wrong in them, and a small one with nothing wrong.
//
// `load` is what the page says on loading, `run` what it and the command line say on running; an input is either
// refused at one of the two, or runs with a warning.

/** Pseudo-random numbers in [0, 1), the same in every run. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A table of `n` rows in which two columns predict the label and every 20th label is wrong.
 *
 * `row(cells, i)` may change the cells; `header` names them.
 */
function table(n, { header = ["x", "kind", "label"], row = (cells) => cells } = {}) {
  const random = randomNumbers(7);
  const lines = Array.from({ length: n }, (_, i) => {
    const label = random() < 0.5 ? "yes" : "no";
    const x = (random() + (label === "yes" ? 0.8 : 0)).toFixed(3);
    const kind = random() < 0.7 ? (label === "yes" ? "a" : "b") : "c";
    const given = i % 20 === 19 ? (label === "yes" ? "no" : "yes") : label;
    return row([x, kind, given], i).join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

/** A file without faults. */
export const GOOD = { name: "good.csv", bytes: table(600), rows: 600 };

const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(4000, 0x8a)]);

/** Files with faults. */
export const BAD = [
  { name: "empty.csv", bytes: "", refused: "load", says: /the file is empty/ },
  { name: "binary.csv", bytes: PNG, refused: "load", says: /looks like a PNG image/ },
  { name: "noise.csv", bytes: Buffer.from([0, 1, 2, 0, 255, 0, 7].flatMap((byte) => Array(300).fill(byte))), refused: "load", says: /looks like .*not a table/ },
  { name: "header_only.csv", bytes: "x,kind,label\n", refused: "load", says: /line 1 holds column names, and no rows follow/ },
  {
    name: "ragged.csv",
    bytes: table(200, { row: (cells, i) => (i === 10 ? [...cells, "more", "cells"] : i === 20 ? cells.slice(0, 2) : cells) }),
    says: /line 12: 5 fields, expected 3/i,
    rejected: ["12", "22"],
  },
  { name: "one_class.csv", bytes: table(200, { row: ([x, kind]) => [x, kind, "yes"] }), refused: "run", says: /has one class only, "yes"/ },
  {
    name: "single_member.csv",
    bytes: table(200, { row: (cells, i) => (i === 50 ? [cells[0], cells[1], "maybe"] : cells) }),
    says: /Class "maybe" has 1 row/,
  },
  {
    name: "constant.csv",
    bytes: table(200, { header: ["x", "kind", "fixed", "label"], row: ([x, kind, label]) => [x, kind, "7", label] }),
    says: /Column "fixed" is left out. Every value is 7/,
  },
  {
    name: "all_missing.csv",
    bytes: table(200, { header: ["x", "kind", "nothing", "label"], row: ([x, kind, label]) => [x, kind, "", label] }),
    says: /Column "nothing" is left out. Every value is missing/,
  },
  {
    name: "one_column.csv",
    bytes: table(200, { header: ["label"], row: ([, , label]) => [label] }),
    refused: "run",
    says: /No column is left to predict "label" from/,
  },
];
