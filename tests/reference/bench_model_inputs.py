"""The data sets of `cargo xtask bench models`: encoded tables with the folds of their rows.

Each is written once, as files that both sides read (see `bench_arrays.py`): `dense` are scaled numbers; `slots` stands for
one-hot columns, by the number of the feature that is 1; `n_features` counts both; `labels` or `targets` are to be
predicted, and `folds` says without which rows. With `--quick` there are a twentieth of the rows.
"""

import argparse
from pathlib import Path

import bench_arrays
import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold

ROOT = Path(__file__).resolve().parents[2]
SETS = ROOT / "crates" / "forge-learn" / "tests" / "data" / "sets"
SEED = 20
FOLDS = 5
# Standard deviation of the jitter of numbers, as a share of theirs.
JITTER = 0.02


def folds(rows, labels=None):
    """The fold of each row; stratified where there are labels."""
    kind = KFold if labels is None else StratifiedKFold
    out = np.empty(rows, dtype=np.int32)
    split = kind(FOLDS, shuffle=True, random_state=SEED).split(np.zeros((rows, 1)), labels)
    for fold, (_, test) in enumerate(split):
        out[test] = fold
    return out


def encoded(numbers, categories):
    """Scales numbers and gives each word of each category a feature of its own."""
    numbers = numbers.to_numpy(dtype=float)
    spread = numbers.std(axis=0)
    out = {"dense": (numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1)}
    if categories.shape[1] == 0:
        return out
    codes, n_features = [], numbers.shape[1]
    for _, column in categories.items():
        words, code = np.unique(column.to_numpy(dtype=str), return_inverse=True)
        codes.append(n_features + code)
        n_features += len(words)
    return out | {"slots": np.stack(codes, axis=1), "n_features": n_features}


def adult(random, scale, folder):
    """UCI Adult; from a folder with adult.data and adult.test all 48,842 rows, else the 32,561 of adult.data."""
    options = {"header": None, "skipinitialspace": True, "na_values": "?"}
    if folder is None:
        data = pd.read_csv(ROOT / "tests" / "data" / "adult.data.gz", **options)
    else:
        test = pd.read_csv(folder / "adult.test", skiprows=1, **options)
        data = pd.concat([pd.read_csv(folder / "adult.data", **options), test], ignore_index=True)
    data = data.iloc[random.permutation(len(data))[: len(data) // scale]].reset_index(drop=True)
    labels = data.pop(14).str.startswith(">").to_numpy().astype(np.int32)
    categories = data.select_dtypes(exclude="number")
    categories = categories.fillna(categories.mode().iloc[0])
    return encoded(data.select_dtypes("number"), categories) | {"labels": labels, "folds": folds(len(labels), labels)}


def covertype(random, rows):
    """Rows of the Covertype sample drawn with replacement, with some jitter of their numbers."""
    data = pd.read_csv(SETS / "covertype.csv.gz", keep_default_na=False)
    data = data.iloc[random.integers(0, len(data), rows)].reset_index(drop=True)
    labels = np.unique(data.pop("Cover_Type"), return_inverse=True)[1].astype(np.int32)
    numbers = data.select_dtypes("number").astype(float)
    numbers += random.normal(0, 1, numbers.shape) * numbers.std(axis=0).to_numpy() * JITTER
    return encoded(numbers, data.select_dtypes(exclude="number")) | {"labels": labels, "folds": folds(rows, labels)}


def bike(random, scale):
    """Hourly counts of rented bicycles."""
    data = pd.read_csv(SETS / "bike.csv.gz")
    data = data.iloc[random.permutation(len(data))[: len(data) // scale]].reset_index(drop=True)
    targets = data.pop("cnt").to_numpy(dtype=float)
    return encoded(data, data.iloc[:, :0]) | {"targets": targets, "folds": folds(len(targets))}


def outliers(random, rows, n_columns):
    """Clusters, and a fiftieth of the rows anywhere around them."""
    n_clusters = 5
    centres = random.normal(0, 2, (n_clusters, n_columns))
    dense = centres[random.integers(0, n_clusters, rows)] + random.standard_normal((rows, n_columns))
    planted = random.random(rows) < 0.02
    dense[planted] = random.uniform(-4, 4, (planted.sum(), n_columns))
    return {"dense": dense, "outliers": planted}


# Per data set: what draws it, from a source of random numbers, a divisor of its rows and the folder of Adult.
DATA_SETS = {
    "adult": adult,
    "covertype": lambda random, scale, _: covertype(random, 100_000 // scale),
    "covertype_full": lambda random, scale, _: covertype(random, 581_012 // scale),
    "bike": lambda random, scale, _: bike(random, scale),
    "outliers40": lambda random, scale, _: outliers(random, 100_000 // scale, 40),
    "outliers50": lambda random, scale, _: outliers(random, 20_000 // scale, 50),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data_set", choices=DATA_SETS)
    parser.add_argument("folder", type=Path, help="where its files go")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the rows")
    parser.add_argument("--adult", type=Path, help="a folder with adult.data and adult.test")
    arguments = parser.parse_args()
    random, scale = np.random.default_rng(SEED), 20 if arguments.quick else 1
    bench_arrays.write(arguments.folder, DATA_SETS[arguments.data_set](random, scale, arguments.adult))


if __name__ == "__main__":
    main()
