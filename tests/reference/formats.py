"""Writes small tables by other programs, for crates/forge-data/tests/formats.rs.

Usage: python tests/reference/formats.py [FOLDER]
Needs pandas, polars, pyarrow, openpyxl, xlwt, odfpy and liac-arff. Every file holds the same five rows where its format can:

    number  1.5, missing, -3, 1e10, 0.25
    count   1, 2, 3, 4, 9007199254740993 (beyond 2^53)
    colour  red, blue, red, missing, blue
    flag    true, false, true, true, missing
    when    2024-02-29 13:30:00, missing, 1999-12-31, 2000-01-01, 1970-01-01
    note    five texts, one with quotes, a comma and an umlaut
"""

import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import arff
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import xlwt

OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "crates/forge-data/tests/files")
OUT.mkdir(parents=True, exist_ok=True)

NOTES = ["plain", 'said "so", twice', "Grüße", "line one / line two", "last of all"]
TABLE = pd.DataFrame(
    {
        "number": [1.5, np.nan, -3.0, 1e10, 0.25],
        "count": [1, 2, 3, 4, 9007199254740993],
        "colour": ["red", "blue", "red", None, "blue"],
        "flag": pd.array([True, False, True, True, None], dtype="boolean"),
        "when": pd.to_datetime(["2024-02-29 13:30:00", None, "1999-12-31", "2000-01-01", "1970-01-01"], format="ISO8601"),
        "note": NOTES,
    }
)


def json_files():
    for orient in ["records", "columns", "split", "table"]:
        TABLE.to_json(OUT / f"pandas_{orient}.json", orient=orient, date_format="iso", indent=1)
    TABLE.to_json(OUT / "pandas_lines.jsonl", orient="records", lines=True, date_format="iso")


def parquet_files():
    for codec in ["snappy", "gzip", "brotli", "lz4", "zstd", "none"]:
        TABLE.to_parquet(OUT / f"pandas_{codec}.parquet", compression=codec, index=False)
    lists = pa.array([["a", "b"], [], None, ["c"], ["d", None]], pa.list_(pa.string()))
    inner = pa.array([{"x": 1, "y": "u"}, None, {"x": 3, "y": None}, {"x": 4, "y": "w"}, {"x": 5, "y": "v"}])
    nested = pa.table(
        {
            "tags": lists,
            "place": inner,
            "kind": pa.array(["k", "l", "k", "l", None]).dictionary_encode(),
            "price": pa.array([Decimal("1.00"), Decimal("-2.50"), None, Decimal("9.99"), Decimal("0.01")], pa.decimal128(10, 2)),
            "day": pa.array([0, 1, None, 19_782, -1], pa.int32()).cast(pa.date32()),
            "small": pa.array([1, 2, 3, 4, 255], pa.uint8()),
            "half": pa.array(np.array([1, 0.5, -2, 0, 65504], np.float16)),
            "raw": pa.array([b"abc", b"\xff\x00", None, b"x", b"y"]),
            "clock": pa.array([0, 3_600_000, None, 1, 2], pa.time32("ms")),
        }
    )
    pq.write_table(nested, OUT / "pyarrow_nested.parquet", row_group_size=2, version="2.6", data_page_version="2.0")
    return nested


def arrow_files(nested):
    table = pa.Table.from_pandas(TABLE, preserve_index=False)
    for codec in ["uncompressed", "lz4", "zstd"]:
        feather.write_feather(table, str(OUT / f"pyarrow_{codec}.feather"), compression=codec)
    with pa.ipc.new_stream(str(OUT / "pyarrow.arrows"), nested.drop(["clock"]).schema) as writer:
        writer.write_table(nested.drop(["clock"]), max_chunksize=2)


def polars_file():
    """Its schema stands only in the footer."""
    table = pl.from_pandas(TABLE).with_columns(pl.col("colour").cast(pl.Categorical))
    table.write_ipc(OUT / "polars.arrow", compression="lz4")


def workbooks():
    TABLE.drop(columns="flag").to_excel(OUT / "pandas.xlsx", index=False, sheet_name="Data")
    TABLE.drop(columns="flag").to_excel(OUT / "pandas.ods", index=False, sheet_name="Data", engine="odf")

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Odd"
    sheet.append(["a", "a", None, "sum"])
    sheet.append([1, "x", True, "=A2+1"])
    sheet.append([2, "y", False, "=A3+1"])
    sheet.append([3, "x", True, "#N/A"])
    sheet["D4"].data_type = "e"
    sheet.merge_cells("A5:B5")
    sheet["A5"] = 4
    book.create_sheet("Empty")
    book.save(OUT / "openpyxl_odd.xlsx")

    book = xlwt.Workbook()
    sheet = book.add_sheet("Old")
    for column, name in enumerate(["number", "colour", "when"]):
        sheet.write(0, column, name)
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row in range(5):
        number, colour, when = TABLE.loc[row, ["number", "colour", "when"]]
        if not pd.isna(number):
            sheet.write(row + 1, 0, number)
        if colour is not None:
            sheet.write(row + 1, 1, colour)
        if not pd.isna(when):
            sheet.write(row + 1, 2, when.to_pydatetime(), date)
    book.save(str(OUT / "xlwt.xls"))


def numpy_files():
    np.save(OUT / "numpy_2d.npy", np.arange(10, dtype=">i4").reshape(5, 2))
    np.save(OUT / "numpy_fortran.npy", np.asfortranarray(np.arange(10, dtype=np.float32).reshape(5, 2)))
    np.savez_compressed(
        OUT / "numpy.npz",
        number=TABLE["number"].to_numpy(),
        colour=np.array(["red", "blue", "red", "", "blue"]),
        when=TABLE["when"].to_numpy(),
        flag=np.array([True, False, True, True, False]),
        pixels=np.zeros((5, 2), np.uint8),
        images=np.zeros((5, 2, 2), np.uint8),
    )


def arff_file():
    columns = [("number", "REAL"), ("count", "INTEGER"), ("colour", ["red", "blue"]), ("note", "STRING")]
    rows = [
        [None if pd.isna(number) else number, count, colour, note]
        for number, count, colour, note in zip(TABLE["number"], TABLE["count"], TABLE["colour"], NOTES)
    ]
    text = arff.dumps({"relation": "made", "attributes": columns, "data": rows})
    (OUT / "liac.arff").write_text(text, encoding="utf-8")


def archives():
    TABLE.to_csv(OUT / "pandas.csv.gz", index=False, compression={"method": "gzip", "mtime": 1})
    with zipfile.ZipFile(OUT / "two_tables.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("data/train.csv"), TABLE.to_csv(index=False))
        archive.writestr(zipfile.ZipInfo("data/test.csv"), TABLE.head(2).to_csv(index=False))
        archive.writestr(zipfile.ZipInfo("README.txt"), "notes")


def main():
    json_files()
    arrow_files(parquet_files())
    polars_file()
    workbooks()
    numpy_files()
    arff_file()
    archives()


if __name__ == "__main__":
    main()
