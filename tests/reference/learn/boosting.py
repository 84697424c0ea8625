"""Writes the reference figures of histogram gradient boosting from scikit-learn.

    pip install scikit-learn pandas numpy
    python tests/reference/learn/boosting.py

`predictions` are single predictions on rows made by a formula, where the same trees must come out; `scores` say how well
models predict on real tables (crates/forge-learn/tests/data/sets, written by forests.py), as means over seeds. The figures
go to crates/forge-learn/tests/data/boosting.json.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import r2_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "crates" / "forge-learn" / "tests" / "data"
SEEDS = 5
SHOWN = 40


def formula_rows(n):
    """Five columns, the fourth of seven levels, and a score; `boosting.rs` makes the same."""
    row = np.arange(n, dtype=np.int64)
    factors, sizes = [7919, 104_729, 31, 5407, 1_299_709], [1009, 997, 101, 7, 769]
    x = np.stack([(row * a + 613 * f) % m / m for f, (a, m) in enumerate(zip(factors, sizes))], axis=1)
    x[:, 3] = np.round(x[:, 3] * 7)
    noise = (row * 48_271 % 10_007) / 10_007 - 0.5
    score = 3 * x[:, 0] + 4 * x[:, 1] ** 2 + np.isin(x[:, 3], [1, 4, 5]) + 2 * x[:, 0] * (x[:, 4] > 0.5) + noise
    return row, x, score


def predictions():
    cases = []

    def case(name, target, n=1500, missing=False, weighted=False, one_hot=False, **params):
        row, x, score = formula_rows(n + SHOWN)
        if missing:
            for f in [0, 1, 4]:
                x[(row * 37 + f * 11) % 9 == 0, f] = np.nan
        if one_hot:
            levels = np.stack([x[:, 3] == level for level in range(7)], axis=1).astype(float)
            x = np.hstack([x[:, [0, 1, 2, 4]], levels])
        y = {"number": score, "two": (score > 4).astype(int), "four": np.digitize(score, [3, 4, 5])}[target]
        weights = 0.25 + (row % 5) / 2 if weighted else None
        kind = HistGradientBoostingRegressor if target == "number" else HistGradientBoostingClassifier
        model = kind(**params).fit(x[:n], y[:n], None if weights is None else weights[:n])
        shown = model.predict(x[n:]) if target == "number" else model.predict_proba(x[n:])
        cases.append({
            "name": name, "target": target, "n": n, "missing": missing, "weighted": weighted, "one_hot": one_hot,
            "params": params, "predicted": shown.tolist(),
        })

    for target in ["number", "two", "four"]:
        case(f"defaults, {target}", target, max_iter=30)
        # The smallest gains tie often, and rounding decides which leaf is the last to be split: fewer leaves, fewer ties.
        case(f"missing values, {target}", target, missing=True, max_iter=20, max_leaf_nodes=10)
        case(f"weights, {target}", target, weighted=True, max_iter=20)
        case(f"one-hot columns, {target}", target, one_hot=True, max_iter=20)
    case("few bins", "number", max_bins=16, max_iter=20)
    case("few bins by weight", "two", max_bins=16, weighted=True, max_iter=20)
    case("shallow and penalised", "two", max_depth=2, l2_regularization=5.0, max_iter=30, learning_rate=0.3)
    case("small leaves", "number", min_samples_leaf=3, max_leaf_nodes=60, max_iter=20)
    case("levels without order", "two", categorical_features=[3], max_iter=20)
    case("levels and missing values", "number", categorical_features=[3], missing=True, max_iter=20)
    case("balanced classes, weighted", "four", weighted=True, class_weight="balanced", max_iter=20)
    case("a weight per class", "two", class_weight={0: 0.5, 1: 3.0}, max_iter=20, max_leaf_nodes=10)
    case("stops on the training loss", "two", early_stopping=True, validation_fraction=None, tol=0.01,
         n_iter_no_change=3, max_iter=100)
    return cases


def table(name):
    if name == "adult":
        return pd.read_csv(ROOT / "data" / "adult_12000.csv.gz", keep_default_na=False).drop(columns="row")
    if name == "adult whole":
        path = ROOT / "tests" / "data" / "adult.data.gz"
        return pd.read_csv(path, header=None, skipinitialspace=True, keep_default_na=False)
    return pd.read_csv(OUT / "sets" / f"{name}.csv.gz", keep_default_na=False)


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


def scores():
    cases = []
    for size in ["quick", "whole"]:
        sets = ["bike", "california", "covertype", "covertype", "kdd", "adult" if size == "quick" else "adult whole"]
        for place, name in enumerate(sets):
            # Newton steps on seven classes without a penalty are unstable: scores vary widely from seed to seed.
            penalty = 10.0 if place == 3 else 0.0
            features, target = encoded(table(name))
            row = np.arange(len(target))
            train, test = (row % 6 == 1, row % 6 == 0) if size == "quick" else (row % 5 != 0, row % 5 == 0)
            regression = target.dtype.kind == "f"
            model = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
            found = []
            for seed in range(SEEDS):
                params = {"max_iter": 30 if size == "quick" else 100, "early_stopping": False if size == "quick" else "auto"}
                params["l2_regularization"] = penalty
                fitted = model(random_state=seed, **params).fit(features[train], target[train])
                truth = target[test]
                if regression:
                    found.append(r2_score(truth, fitted.predict(features[test])))
                else:
                    probs = fitted.predict_proba(features[test])
                    two = probs.shape[1] == 2
                    found.append(roc_auc_score(truth, probs[:, 1] if two else probs, multi_class="ovr"))
            case = {"size": size, "set": name, "l2_regularization": penalty, "mean": float(np.mean(found)), "std": float(np.std(found, ddof=1))}
            print(case, flush=True)
            cases.append(case)
    return cases


if __name__ == "__main__":
    content = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        "predictions": predictions(), "scores": scores(),
    }
    (OUT / "boosting.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
