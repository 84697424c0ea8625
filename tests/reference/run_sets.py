"""Writes the data sets of `cargo xtask bench run` and `tasks_run.py` as CSV files with a header.

    python run_sets.py ORIGINALS OUT [NAME ...]

ORIGINALS holds the original files, in folders: `adult/adult.data` and `adult.test`, `bike/hour.csv`,
`california/housing.csv`, `covtype/covtype_random15k.csv`. Names: adult_train (32,561 rows), adult (48,842), bike
(17,379), california (20,640), covertype (581,012, drawn from the 15,000 with jitter).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from bench_run import ADULT_COLUMNS

COVERTYPE_ROWS = 581_012
NUMERIC = 10


def adult(folder, *files):
    """UCI Adult; the labels of its test file end in a full stop."""
    tables = [
        pd.read_csv(folder / "adult" / file, header=None, names=ADULT_COLUMNS, skipinitialspace=True, comment="|")
        for file in files
    ]
    table = pd.concat(tables, ignore_index=True)
    table["income"] = table["income"].str.rstrip(".")
    return table


def bike(folder):
    """Bike Sharing by the hour, without the parts of the count and what counts the rows."""
    return pd.read_csv(folder / "bike" / "hour.csv").drop(columns=["instant", "dteday", "casual", "registered"])


def california(folder):
    """California Housing as scikit-learn has it: per household, in units of 100,000."""
    block = pd.read_csv(folder / "california" / "housing.csv")
    return pd.DataFrame(
        {
            "MedInc": block["median_income"],
            "HouseAge": block["housing_median_age"],
            "AveRooms": block["total_rooms"] / block["households"],
            "AveBedrms": block["total_bedrooms"] / block["households"],
            "Population": block["population"],
            "AveOccup": block["population"] / block["households"],
            "Latitude": block["latitude"],
            "Longitude": block["longitude"],
            "MedHouseVal": block["median_house_value"] / 100_000,
        }
    )


def covertype(folder):
    """As many rows as Covertype has, drawn from a part of it; each number moves by up to a hundredth of its range."""
    part = pd.read_csv(folder / "covtype" / "covtype_random15k.csv")
    random = np.random.default_rng(42)
    table = part.iloc[random.integers(0, len(part), COVERTYPE_ROWS)].reset_index(drop=True)
    for name in table.columns[:NUMERIC]:
        reach = max(1, int((part[name].max() - part[name].min()) / 100))
        table[name] += random.integers(-reach, reach + 1, COVERTYPE_ROWS)
    return table


SETS = {
    "adult_train": ("income", lambda folder: adult(folder, "adult.data")),
    "adult": ("income", lambda folder: adult(folder, "adult.data", "adult.test")),
    "bike": ("cnt", bike),
    "california": ("MedHouseVal", california),
    "covertype": ("Cover_Type", covertype),
}


def write(name, originals, out):
    """Writes a set unless it is there; returns its path and its target."""
    target, make = SETS[name]
    path = Path(out) / f"{name}.csv"
    if not path.exists():
        make(Path(originals)).to_csv(path, index=False)
    return path, target


if __name__ == "__main__":
    for name in sys.argv[3:] or SETS:
        print(*write(name, sys.argv[1], sys.argv[2]))
