"""Anomaly detection with scikit-learn on the benchmark sets, for `cargo xtask bench anomaly`.

Writes each set as a CSV file of standardised numbers whose last column `anomaly` is 0 or 1, and prints one JSON object: per set its
shape, and per strategy ROC AUC, average precision, F1 (as many rows flagged as are anomalies, by scikit-learn's rule)
and the processor time. All strategies get the same matrix. Isolation forest is the mean of five seeds;
`compared` holds the ROC AUC that forge is compared by, of isolation forest the mean of a hundred seeds.

With `--record FILE` it instead writes the figures of a small set made by a formula, which the tests of forge-core make
too. Needs scikit-learn 1.9.1; `cargo xtask bench anomaly` installs it into the target folder.
"""

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
from sklearn.preprocessing import StandardScaler

SETS = Path("crates/forge-learn/tests/data/sets")
SEED = 20
N_NEIGHBORS = 20
N_ESTIMATORS = 100
FOREST_SEEDS = range(5)
COMPARED_SEEDS = range(100)


def minority(features, anomaly, share=0.05):
    """All usual rows, and so many of the others that they make up `share`."""
    random = np.random.default_rng(SEED)
    usual, others = np.flatnonzero(~anomaly), np.flatnonzero(anomaly)
    kept = random.choice(others, round(len(usual) * share / (1 - share)), replace=False)
    rows = np.sort(np.concatenate([usual, kept]))
    return features[rows], anomaly[rows]


def breast_cancer():
    """Malignant tumours, 5 % of the rows."""
    data = load_breast_cancer()
    return minority(data.data, data.target == 0)


def digits():
    """Zeros, 5 % of the rows."""
    data = load_digits()
    return minority(data.data, data.target == 0)


def read_kdd(path):
    """The original table, which has no header, or the sample in the repository; columns by number, attacks last."""
    table = pd.read_csv(path, header=0 if path == SETS / "kdd.csv.gz" else None)
    table.columns = range(table.shape[1])
    return table


def kdd_sa(table):
    """scikit-learn's subset SA at a tenth: usual connections and attacks that make up 3.4 % of the rows."""
    random = np.random.default_rng(SEED)
    anomaly = ~table[41].str.startswith("normal").to_numpy()
    usual, attacks = np.flatnonzero(~anomaly), np.flatnonzero(anomaly)
    usual = random.choice(usual, min(len(usual), 9_700), replace=False)
    attacks = random.choice(attacks, round(len(usual) * 337 / 9_700), replace=False)
    rows = np.sort(np.concatenate([usual, attacks]))
    features = pd.get_dummies(table.iloc[rows].drop(columns=41), columns=[1, 2, 3])
    return features.to_numpy(float), anomaly[rows]


def kdd_http(table):
    """scikit-learn's subset http: connections logged in to web servers, logarithms of three numbers."""
    random = np.random.default_rng(SEED)
    chosen = table[(table[2] == "http") & (table[11] == 1)]
    rows = np.sort(random.choice(len(chosen), min(len(chosen), 10_000), replace=False))
    chosen = chosen.iloc[rows]
    return np.log(chosen[[0, 4, 5]].to_numpy(float) + 0.1), ~chosen[41].str.startswith("normal").to_numpy()


def forest_cover():
    """Classes under 5 % are the anomalies; area and soil as indicators."""
    table = pd.read_csv(SETS / "covertype.csv.gz")
    target = table.pop("Cover_Type")
    share = target.map(target.value_counts(normalize=True))
    return pd.get_dummies(table).to_numpy(float), (share < 0.05).to_numpy()


def california():
    """5 % of the rows have a random half of their features multiplied by 10."""
    table = pd.read_csv(SETS / "california.csv.gz").drop(columns="value").to_numpy(float)
    random = np.random.default_rng(SEED)
    n, d = table.shape
    anomaly = np.zeros(n, dtype=bool)
    for row in random.choice(n, round(n * 0.05), replace=False):
        anomaly[row] = True
        table[row, random.choice(d, d // 2, replace=False)] *= 10
    return table, anomaly


def synthetic():
    """1,000 rows of N(0, I), 5 % of them uniform over (−6, 6) instead."""
    random = np.random.default_rng(SEED)
    anomaly = np.zeros(1_000, dtype=bool)
    anomaly[random.choice(1_000, 50, replace=False)] = True
    features = random.standard_normal((1_000, 10))
    features[anomaly] = random.uniform(-6, 6, (50, 10))
    return features, anomaly


def formula(n=300, d=5):
    """Whole numbers from a formula; every 20th row is an anomaly."""
    row, column = np.meshgrid(np.arange(n), np.arange(d), indexing="ij")
    features = (row * row * (column + 3) + row * (7 * column + 11)) % (89 + 8 * column)
    anomaly = np.arange(n) % 20 == 7
    far = (row * 13 + column * 5) % 7 - 3
    return np.where(anomaly[:, None], features + far * 16, features).astype(float), anomaly


def search(features):
    """How neighbours are searched for: as scikit-learn would, but each distance measured by itself.

    Beyond 15 columns it would take matrix products, whose rounding sets copies of a row apart.
    """
    n_columns = features.shape[1]
    if n_columns <= 15:
        return {"n_neighbors": N_NEIGHBORS}
    unit = {"metric": "seuclidean", "metric_params": {"V": np.ones(n_columns)}}
    return {"n_neighbors": N_NEIGHBORS, "algorithm": "brute", **unit}


def neighbors(features, _):
    return NearestNeighbors(**search(features)).fit(features).kneighbors()[0].mean(axis=1)


def density(features, _):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return -LocalOutlierFactor(**search(features)).fit(features).negative_outlier_factor_


def isolation(features, seed):
    model = IsolationForest(n_estimators=N_ESTIMATORS, random_state=seed).fit(features)
    return -model.score_samples(features)


STRATEGIES = {
    "datalab_knn": (neighbors, [0]),
    "local_outlier_factor": (density, [0]),
    "isolation_forest": (isolation, FOREST_SEEDS),
}


def measure(scores, anomaly):
    threshold = np.percentile(-scores, 100 * anomaly.mean())
    return {
        "roc_auc": roc_auc_score(anomaly, scores),
        "average_precision": average_precision_score(anomaly, scores),
        "f1": f1_score(anomaly, -scores < threshold),
    }


def compare(features, anomaly):
    """The figures of each strategy, means over its seeds, and the ROC AUC by which it is compared."""
    out, compared = {}, {}
    for name, (score, seeds) in STRATEGIES.items():
        start = time.process_time()
        found = [score(features, seed) for seed in seeds]
        seconds = (time.process_time() - start) / len(found)
        figures = [measure(scores, anomaly) for scores in found]
        out[name] = {key: float(np.mean([each[key] for each in figures])) for key in figures[0]}
        out[name]["seconds"] = seconds
        compared[name] = out[name]["roc_auc"]
    forests = [roc_auc_score(anomaly, isolation(features, seed)) for seed in COMPARED_SEEDS]
    compared["isolation_forest"] = float(np.mean(forests))
    return {"strategies": out, "compared": compared}


def write(path, features, anomaly):
    # `repr` of a number is read back as the same number.
    table = pd.DataFrame(features, columns=[f"x{i}" for i in range(features.shape[1])])
    table["anomaly"] = anomaly.astype(int)
    table.to_csv(path, index=False)


def record(path):
    features, anomaly = formula()
    scaled = StandardScaler().fit_transform(features)
    out = {"scikit-learn": sklearn.__version__}
    for name, (score, seeds) in STRATEGIES.items():
        found = [score(scaled, seed) for seed in seeds]
        figures = [measure(scores, anomaly) for scores in found]
        out[name] = {key: float(np.mean([each[key] for each in figures])) for key in figures[0]}
        if len(found) == 1:
            out[name]["anomaly"] = found[0].tolist()
    path.write_text(json.dumps(out) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="where the sets are written")
    parser.add_argument("--kdd", type=Path, default=SETS / "kdd.csv.gz", help="KDD Cup 99, by default the sample")
    parser.add_argument("--record", type=Path, help="write the figures of the small set to this file instead")
    arguments = parser.parse_args()
    if arguments.record:
        record(arguments.record)
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    kdd = read_kdd(arguments.kdd)
    sets = {
        "synthetic": synthetic(),
        "breast_cancer": breast_cancer(),
        "digits": digits(),
        "kdd_sa": kdd_sa(kdd),
        "kdd_http": kdd_http(kdd),
        "forest_cover": forest_cover(),
        "california": california(),
    }
    out = {}
    for name, (features, anomaly) in sets.items():
        features = StandardScaler().fit_transform(features)
        write(arguments.folder / f"{name}.csv", features, anomaly)
        out[name] = {
            "n_rows": len(anomaly),
            "n_features": features.shape[1],
            "n_anomalies": int(anomaly.sum()),
            **compare(features, anomaly),
        }
    print(json.dumps(out))


if __name__ == "__main__":
    main()
