// UCI's own `adult.data`: no header, cells separated by a comma and a blank, an empty line at the end.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { ROOT, temporaryFolder } from "./environment.mjs";

/** Names of its columns. */
export const COLUMNS = [
  "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race",
  "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income",
];

/** `path`, `bytes` and the `lines` with data (each with its line end) of UCI's file. */
export function adultData() {
  const bytes = gunzipSync(readFileSync(path.join(ROOT, "tests/data/adult.data.gz")));
  const file = path.join(temporaryFolder(), "adult.data");
  writeFileSync(file, bytes);
  const lines = bytes.toString("latin1").split(/(?<=\n)/).filter((line) => line.trim() !== "");
  return { path: file, bytes, lines };
}
