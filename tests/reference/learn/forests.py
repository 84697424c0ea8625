"""Writes the reference figures of the forests: how well scikit-learn's predict on real tables, as means over seeds.

    pip install scikit-learn pandas numpy
    python tests/reference/learn/forests.py [folder with adult, bike, california, covtype and kddcup99]

Given the folder of raw data, it first writes the tables to crates/forge-learn/tests/data/sets (the target is the last
column, a column of words is a category, one feature per word in order of the alphabet). The figures go to
crates/forge-learn/tests/data/forests.json.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, IsolationForest, RandomForestClassifier, RandomForestRegressor,
)
from sklearn.metrics import r2_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "crates" / "forge-learn" / "tests" / "data"
SETS = OUT / "sets"
SEEDS = 5


def write_sets(source):
    SETS.mkdir(parents=True, exist_ok=True)

    def save(name, data):
        data.to_csv(SETS / f"{name}.csv.gz", index=False, compression={"method": "gzip", "compresslevel": 9, "mtime": 0})

    bike = pd.read_csv(source / "bike" / "hour.csv")
    save("bike", bike.drop(columns=["instant", "dteday", "casual", "registered"]))

    raw = pd.read_csv(source / "california" / "housing.csv").dropna().reset_index(drop=True)
    homes = raw["households"]
    save("california", pd.DataFrame({
        "income": raw["median_income"], "age": raw["housing_median_age"].astype(int),
        "rooms": (raw["total_rooms"] / homes).round(3), "bedrooms": (raw["total_bedrooms"] / homes).round(3),
        "population": raw["population"].astype(int), "occupation": (raw["population"] / homes).round(3),
        "latitude": raw["latitude"], "longitude": raw["longitude"],
        "value": (raw["median_house_value"] / 100_000).round(5),
    }))

    raw = pd.read_csv(source / "covtype" / "covtype_random15k.csv")
    parts = [raw.iloc[:, :10]]
    for name, columns in [("wilderness", raw.columns[10:14]), ("soil", raw.columns[14:54])]:
        parts.append(pd.Series([f"{name[0]}{i:02d}" for i in raw[columns].to_numpy().argmax(axis=1)], name=name))
    save("covertype", pd.concat([*parts, "t" + raw.iloc[:, 54].astype(str)], axis=1))

    raw = pd.read_csv(source / "kddcup99" / "kddcup.data_10_percent.gz", header=None)
    raw = raw.sample(12_000, random_state=0).reset_index(drop=True)
    raw.columns = [*(f"f{i}" for i in range(41)), "attack"]
    raw["attack"] = raw["attack"].str.rstrip(".")
    raw.loc[raw["attack"].map(raw["attack"].value_counts()) < 100, "attack"] = "other"
    save("kdd", raw)


def encoded(data):
    """Numbers, then one column per word of each category; and the target."""
    data, target = data.iloc[:, :-1], data.iloc[:, -1]
    blocks = [column.to_numpy(float)[:, None] for _, column in data.items() if column.dtype.kind in "if"]
    for _, column in data.items():
        if column.dtype.kind not in "if":
            blocks.append(np.stack([column == word for word in sorted(set(column))], axis=1).astype(float))
    if target.dtype.kind in "if":
        return np.hstack(blocks), target.to_numpy(float)
    return np.hstack(blocks), np.searchsorted(sorted(set(target)), target)


def table(name):
    if name == "adult":
        return pd.read_csv(ROOT / "data" / "adult_12000.csv.gz", keep_default_na=False).drop(columns="row")
    if name == "adult whole":
        data = pd.read_csv(
            ROOT / "tests" / "data" / "adult.data.gz", header=None, skipinitialspace=True, keep_default_na=False)
        return data
    return pd.read_csv(SETS / f"{name}.csv.gz", keep_default_na=False)


def figures(model, features, target, train, test):
    scores = []
    for seed in range(SEEDS):
        fitted = model(random_state=seed).fit(features[train], target[train])
        if hasattr(fitted, "predict_proba"):
            probs = fitted.predict_proba(features[test])
            truth = target[test]
            scores.append(
                roc_auc_score(truth, probs[:, 1]) if probs.shape[1] == 2
                else roc_auc_score(truth, probs, multi_class="ovr"))
        else:
            scores.append(r2_score(target[test], fitted.predict(features[test])))
    return {"mean": float(np.mean(scores)), "std": float(np.std(scores, ddof=1))}


def forests():
    cases = []
    for size in ["quick", "whole"]:
        for name in ["bike", "california", "covertype", "kdd", "adult" if size == "quick" else "adult whole"]:
            features, target = encoded(table(name))
            row = np.arange(len(target))
            # A rare class needs many test rows: one row that no tree votes for changes the area by a lot.
            part = 2 if name == "covertype" else 5
            train, test = (row % 10 == 1, row % 10 < 1) if size == "quick" else (row % part != 0, row % part == 0)
            trees = 20 if size == "quick" else 100
            regression = target.dtype.kind == "f"
            for kind, model in [
                ("random_forest", RandomForestRegressor if regression else RandomForestClassifier),
                ("extra_trees", ExtraTreesRegressor if regression else ExtraTreesClassifier),
            ]:
                score = figures(lambda **k: model(n_estimators=trees, **k), features, target, train, test)
                case = {"size": size, "set": name, "model": kind, "n_estimators": trees, "rows": len(target), **score}
                print(case, flush=True)
                cases.append(case)
    return cases


def isolation():
    """Mean score of each of 16 rows over many seeds, by a formula that needs no file."""
    rows = np.arange(2000)
    features = np.stack([(rows * 7919 % 1009) / 1009, (rows * 104_729 % 997) / 997, (rows * 31 % 101) / 101], axis=1)
    features[::125] += np.linspace(0, 3, 16)[:, None]
    scores, offsets = [], []
    for seed in range(40):
        fitted = IsolationForest(random_state=seed, contamination=0.01).fit(features)
        scores.append(fitted.score_samples(features[::125]))
        offsets.append(fitted.offset_)
    return {
        "mean": np.mean(scores, axis=0).tolist(), "std": np.std(scores, axis=0, ddof=1).tolist(),
        "offset_mean": float(np.mean(offsets)), "offset_std": float(np.std(offsets, ddof=1)),
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write_sets(Path(sys.argv[1]))
    content = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        "cases": forests(), "isolation": isolation(),
    }
    (OUT / "forests.json").write_text(json.dumps(content, indent=1) + "\n")
