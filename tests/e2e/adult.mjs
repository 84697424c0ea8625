// `adult.data` as UCI publishes it: no header, cells separated by a comma and a blank, an empty line at the end.
//
// The real file is taken where it is at hand: FORGE_ADULT names it, or it lies in `shared/data` beside the checkout.
// Elsewhere the bundled sample is written in its format.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { ROOT, SAMPLE, temporaryFolder } from "./environment.mjs";

/** Names of its columns. */
export const COLUMNS = [
  "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race",
  "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income",
];

/** `path`, `bytes`, the `lines` with data (each with its line end), and which file it is. */
export function adultData() {
  const real = process.env.FORGE_ADULT ?? path.join(ROOT, "../shared/data/adult/adult.data");
  if (existsSync(real)) {
    return describe(real, `the real adult.data (${real})`);
  }
  const text = gunzipSync(readFileSync(SAMPLE)).toString("latin1");
  const rows = text.trimEnd().split("\n").slice(1);
  const file = path.join(temporaryFolder(), "adult.data");
  writeFileSync(file, `${rows.map((row) => row.split(",").slice(1).join(", ")).join("\n")}\n\n`);
  return describe(file, "the bundled sample in the format of adult.data");
}

function describe(file, source) {
  const bytes = readFileSync(file);
  const lines = bytes.toString("latin1").split(/(?<=\n)/).filter((line) => line.trim() !== "");
  return { path: file, bytes, lines, source };
}
