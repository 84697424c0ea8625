"""The steps of `forge run` with scikit-learn and cleanlab, for `cargo xtask bench run`.

Reads a table, holds a fifth of the rows out, predicts the rest out of sample by five-fold cross-validation with
logistic regression, finds label issues, leaves out the worst, trains again and measures both models. Prints one JSON
object with the field names of `forge run --json`, plus `cpu_seconds`: the processor time of these steps, without the
start of the interpreter and the imports.

Needs cleanlab 2.9.0 and scikit-learn 1.9.1; `cargo xtask bench run` installs them into the target folder.
"""

import argparse
import json
import math
import time

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# The header of UCI's adult.data, which has none (adult.names lists them).
ADULT_COLUMNS = (
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex "
    "capital_gain capital_loss hours_per_week native_country income"
).split()

SEED = 42
TEST_SIZE = 0.2
FOLDS = 5
PRUNE_FRACTION = 0.02
PRUNE_MAX = 500


def read(path, target):
    """The table and its target; `?` and empty cells are missing, a row number is no feature."""
    options = {"skipinitialspace": True, "na_values": "?"}
    table = pd.read_csv(path, **options)
    if target not in table.columns and len(table.columns) == len(ADULT_COLUMNS):
        table = pd.read_csv(path, header=None, names=ADULT_COLUMNS, **options)
    table = table.dropna(subset=[target]).reset_index(drop=True)
    features = table.drop(columns=[target, "row"], errors="ignore")
    return features, table[target]


def model(features):
    """Impute, scale and one-hot encode, then logistic regression."""
    numeric = features.select_dtypes("number").columns.tolist()
    categorical = [name for name in features.columns if name not in numeric]
    columns = ColumnTransformer(
        [
            ("num", Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())]), numeric),
            (
                "cat",
                Pipeline(
                    [
                        ("fill", SimpleImputer(strategy="most_frequent")),
                        ("hot", OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=100)),
                    ]
                ),
                categorical,
            ),
        ]
    )
    return Pipeline([("columns", columns), ("model", LogisticRegression(max_iter=500))])


def metrics(labels, probabilities):
    """The metrics of `forge run` on the held-out rows."""
    predicted = probabilities.argmax(axis=1)
    n_classes = probabilities.shape[1]
    if n_classes == 2:
        auc = roc_auc_score(labels, probabilities[:, 1])
    else:
        auc = roc_auc_score(labels, probabilities, multi_class="ovr", labels=np.arange(n_classes))
    return {
        "accuracy": accuracy_score(labels, predicted),
        "f1_weighted": f1_score(labels, predicted, average="weighted", zero_division=0),
        "precision_weighted": precision_score(labels, predicted, average="weighted", zero_division=0),
        "roc_auc": auc,
        "log_loss": log_loss(labels, probabilities, labels=np.arange(n_classes)),
    }


def ratio(part, whole):
    """`part / whole`, or null where there is no whole."""
    return None if whole == 0 else float(part / whole)


def run(path, target, noise):
    """All steps; returns the result with the seconds of each stage."""
    timings = []
    last = time.process_time()

    def stage(name):
        nonlocal last
        now = time.process_time()
        timings.append({"stage": name, "cpu_seconds": now - last})
        last = now

    features, target_column = read(path, target)
    classes, labels = np.unique(target_column.to_numpy(dtype=str), return_inverse=True)
    stage("read")

    train, test = train_test_split(np.arange(len(labels)), test_size=TEST_SIZE, stratify=labels, random_state=SEED)
    train, test = np.sort(train), np.sort(test)
    flipped = np.zeros(len(labels), dtype=bool)
    if noise > 0:
        random = np.random.default_rng(SEED)
        chosen = random.choice(train, size=round(noise * len(train)), replace=False)
        labels = labels.copy()
        labels[chosen] = (labels[chosen] + random.integers(1, len(classes), size=len(chosen))) % len(classes)
        flipped[chosen] = True
    stage("split")

    x_train, x_test, y_train, y_test = features.iloc[train], features.iloc[test], labels[train], labels[test]
    folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    out_of_sample = cross_val_predict(model(features), x_train, y_train, cv=folds, method="predict_proba")
    stage("cross-validation")

    baseline = model(features).fit(x_train, y_train).predict_proba(x_test)
    variants = [{"name": "baseline", "n_train": len(train), "metrics": metrics(y_test, baseline)}]
    stage("baseline")

    pred_probs = np.empty((len(labels), len(classes)))
    pred_probs[train], pred_probs[test] = out_of_sample, baseline
    issues = find_label_issues(labels, pred_probs, filter_by="prune_by_noise_rate", n_jobs=1)
    scores = get_label_quality_scores(labels, pred_probs, method="self_confidence")
    stage("issues")

    flagged = train[issues[train]]
    n_prune = min(int(PRUNE_FRACTION * len(train)), PRUNE_MAX)
    pruned = flagged[np.argsort(scores[flagged], kind="stable")][:n_prune]
    kept = np.setdiff1d(train, pruned)
    again = model(features).fit(features.iloc[kept], labels[kept]).predict_proba(x_test)
    variants.append({"name": "pruned_retrain", "n_train": len(kept), "metrics": metrics(y_test, again)})
    stage("prune and retrain")

    found = None
    if noise > 0:
        found = {
            "n_flipped": int(flipped.sum()),
            "n_pruned": len(pruned),
            "precision_at_prune": ratio(flipped[pruned].sum(), len(pruned)),
            "recall_at_prune": ratio(flipped[pruned].sum(), flipped.sum()),
            "precision_at_flag": ratio(flipped[flagged].sum(), len(flagged)),
            "recall_at_flag": ratio(flipped[flagged].sum(), flipped.sum()),
        }
    return {
        "n_rows": len(labels),
        "n_train": len(train),
        "n_test": len(test),
        "variants": variants,
        "label_issues": {"n_issues": int(issues.sum())},
        "noise": found,
        "timings": timings,
        "cpu_seconds": math.fsum(timing["cpu_seconds"] for timing in timings),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="a CSV file, or UCI's adult.data")
    parser.add_argument("--target", default="income", help="the column whose labels are checked")
    parser.add_argument("--noise", type=float, default=0.0, help="share of the training labels to flip")
    arguments = parser.parse_args()
    print(json.dumps(run(arguments.data, arguments.target, arguments.noise), default=float))


if __name__ == "__main__":
    main()
