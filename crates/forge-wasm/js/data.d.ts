// Data as users have them, and how they are read.

import type { Matrix, TypedArray, Vector } from "./functions.js";

/** A value of a cell; null or undefined is one that is missing. */
export type Cell = number | bigint | string | boolean | Date | null | undefined;

/** The values of a column, one per row. NaN is a missing number. Texts are typed as those of a file are. */
export type ColumnValues = TypedArray | readonly Cell[];

/** Columns by name, all of the same length, in order. */
export type Columns = { readonly [name: string]: ColumnValues };

/**
 * A matrix of numbers, rows × columns, with a label per row. Its columns are called x0, x1, …; `y` is the target. Class
 * labels may be numbers or texts.
 */
export interface LabelledMatrix {
  X: Matrix;
  y?: ColumnValues;
}

/** A file by name: the ending of the name says what it is where its first bytes do not. */
export interface NamedFile {
  name?: string;
  /** Text, bytes, or (in the asynchronous functions) a Blob. */
  content: string | ArrayBuffer | ArrayBufferView | Blob;
}

/**
 * A table or sentences of tagged tokens:
 * - a `File` or `Blob`, or the bytes or the text of a file: CSV, TSV, ARFF, JSON, JSON lines, npy, npz, CoNLL-U, CoNLL-2003;
 *   plain, or in gzip, zip, tar or tar.gz (Blobs in the asynchronous functions only);
 * - columns by name, a list of rows that are objects, or a matrix with labels;
 * - data that were opened with `openData`.
 */
export type DataInput =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | NamedFile
  | Columns
  | readonly { readonly [column: string]: Cell }[]
  | LabelledMatrix
  | { columns: readonly (string | number)[]; data: Record<string, ColumnValues> }
  | Data;

/** What the values of a column are. */
export type ColumnType = "number" | "category" | "text" | "boolean" | "date";

/** What a column is for. `text` is free text, of which models read words; `id` and `ignored` are left out. */
export type Role = "target" | "feature" | "id" | "text" | "ignored";

/** How a file is read; whatever is left out is detected. */
export interface CsvOptions {
  /** The character between fields. */
  delimiter?: string;
  /** The character around fields that contain delimiters. */
  quote?: string;
  encoding?: "utf8" | "utf16_le" | "utf16_be" | "windows1252";
  /** Whether the first row holds column names. */
  header?: "detect" | "present" | "absent";
  /** Types of columns by name. A value that does not fit is missing. */
  types?: Readonly<Record<string, ColumnType>>;
  /** Bytes at most, after decompression [2 GiB]. */
  maxBytes?: number;
  /** The file of an archive to read. */
  member?: string;
}

/** How sentences of tagged tokens are read. */
export interface CorpusOptions {
  format?: "conll_u" | "columns";
  /** The column of the tokens, from 1. */
  token?: number;
}

/** A column of a table. */
export interface ColumnInfo {
  name: string;
  columnType: ColumnType;
  role: Role;
  /** Rows whose value is missing. */
  nMissing: number;
  /** Distinct values that are present. */
  nDistinct: number;
  /** Its first distinct values, three at most. */
  examples: string[];
  /** Why it has this role. */
  reason: string;
}

/** What is told of data that were read. */
export interface DataFacts {
  kind: "table" | "sentences" | "nothing";
  /** Rows, or sentences. */
  nRows: number;
  columns: ColumnInfo[];
  /** Rows that could not be read, at most 10,000 of them listed with their line from 1. */
  nRejected: number;
  rejected: { line: number; reason: string }[];
  warnings: string[];
}

/** Data that stay in memory for several calls. */
export class Data {
  private constructor();
  readonly facts: DataFacts;
  /** Rows, or sentences. */
  readonly nRows: number;
  /** The cells of a row, from 0, as they are written; empty beyond the last. */
  cells(row: number): string[];
  /** The file without some rows, byte for byte the same otherwise. Rows count from 0, in any order. */
  withoutRows(rows: ArrayLike<number>): Uint8Array;
  /** Frees the memory now; it is freed in any case when nothing refers to these data any more. */
  free(): void;
}

export type { Matrix, Vector };
