"""The steps of `forge run` with scikit-learn and cleanlab, for `cargo xtask bench run` and `tasks_run.py`.

Reads a table, holds a fifth of the rows out, predicts the rest out of sample by five-fold cross-validation, trains a
baseline, looks for label issues, outliers, near-duplicates and drift with Datalab, leaves out the worst rows, trains
again and measures both models. Prints one JSON object with the field names of `forge run --json`, plus `cpu_seconds`
(and `wall_seconds`), the processor time of these steps without the start of the interpreter and the imports, and `peak_memory` in bytes.

Distances are Datalab's own, the cosine on all encoded columns; with `--distances forge` those of forge, euclidean and
in at most 50 dimensions; with `none` the checks that need any are left out.

Needs cleanlab 2.9.0 and scikit-learn 1.9.1; `cargo xtask bench run` installs them into the target folder.
"""

import argparse
import contextlib
import json
import math
import resource
import sys
import time

import numpy as np
import pandas as pd
from cleanlab import Datalab
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    precision_score,
    r2_score,
    roc_auc_score,
    root_mean_squared_error,
)
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, train_test_split
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# The header of UCI's adult.data, which has none (adult.names lists them).
ADULT_COLUMNS = (
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex "
    "capital_gain capital_loss hours_per_week native_country income"
).split()

TEST_SIZE = 0.2
FOLDS = 5
PRUNE_FRACTION = 0.02
PRUNE_MAX = 500
DIMENSIONS = 50
NOISE_SCALE = 5.0
MOST_CLASSES = 20


def estimator(name, classes, seed):
    """The model of that name with the defaults of `forge run`."""
    if classes:
        return {
            "logistic_regression": lambda: LogisticRegression(max_iter=500),
            "hist_gradient_boosting": lambda: HistGradientBoostingClassifier(random_state=seed),
            "random_forest": lambda: RandomForestClassifier(300, random_state=seed),
            "extra_trees": lambda: ExtraTreesClassifier(500, random_state=seed),
            "knn": lambda: KNeighborsClassifier(15),
        }[name]()
    return {
        "ridge": lambda: Ridge(),
        "hist_gradient_boosting": lambda: HistGradientBoostingRegressor(random_state=seed),
        "random_forest": lambda: RandomForestRegressor(500, random_state=seed),
        "extra_trees": lambda: ExtraTreesRegressor(800, random_state=seed),
        "knn": lambda: KNeighborsRegressor(25, weights="distance"),
    }[name]()


def read(path, target):
    """The table and its target; `?` and empty cells are missing, a row number is no feature."""
    options = {"skipinitialspace": True, "na_values": "?"}
    table = pd.read_csv(path, **options)
    if target not in table.columns and len(table.columns) == len(ADULT_COLUMNS):
        table = pd.read_csv(path, header=None, names=ADULT_COLUMNS, **options)
    table = table.dropna(subset=[target]).reset_index(drop=True)
    features = table.drop(columns=[target, "row"], errors="ignore")
    return features, table[target]


def encoder(features, sparse_threshold=0.3):
    """Impute, scale and one-hot encode."""
    numeric = features.select_dtypes("number").columns.tolist()
    categorical = [name for name in features.columns if name not in numeric]
    fill = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    hot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=100)
    levels = Pipeline([("fill", SimpleImputer(strategy="most_frequent")), ("hot", hot)])
    return ColumnTransformer([("num", fill, numeric), ("cat", levels, categorical)], sparse_threshold=sparse_threshold)


def measure_classes(labels, probabilities):
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


def measure_numbers(labels, predicted):
    """The same where numbers are predicted."""
    return {
        "r2": r2_score(labels, predicted),
        "mae": mean_absolute_error(labels, predicted),
        "rmse": root_mean_squared_error(labels, predicted),
    }


def inject(labels, train, noise, classes, seed):
    """Makes training labels wrong; returns which."""
    random = np.random.default_rng(seed)
    chosen = random.choice(train, size=round(noise * len(train)), replace=False)
    if classes:
        k = labels.max() + 1
        labels[chosen] = (labels[chosen] + random.integers(1, k, size=len(chosen))) % k
    else:
        labels[chosen] += random.normal(0, NOISE_SCALE * labels[train].std(), size=len(chosen))
    wrong = np.zeros(len(labels), dtype=bool)
    wrong[chosen] = True
    return wrong


def look(features, labels, predictions, classes, seed, distances):
    """The four fast checks of Datalab, or those of labels alone."""
    if distances == "none" and classes:
        return None
    lab = Datalab({"y": labels}, label_name="y", task="classification" if classes else "regression", verbosity=0)
    if distances == "none":
        with contextlib.redirect_stdout(sys.stderr):
            lab.find_issues(pred_probs=predictions, issue_types={"label": {}})
        return lab
    encoded = encoder(features, sparse_threshold=0).fit_transform(features)
    options = {"k": 10}
    if distances == "forge":
        options["metric"] = "euclidean"
        if encoded.shape[1] > DIMENSIONS:
            encoded = TruncatedSVD(DIMENSIONS, random_state=seed).fit_transform(encoded)
    wanted = {"label": {}, "outlier": options, "near_duplicate": options, "non_iid": options}
    with contextlib.redirect_stdout(sys.stderr):
        lab.find_issues(pred_probs=predictions, features=encoded, issue_types=wanted)
    return lab


def ratio(part, whole):
    """`part / whole`, or null where there is no whole."""
    return None if whole == 0 else float(part / whole)


def run(path, target, model="", noise=0.0, seed=42, max_rows=None, distances="datalab"):
    """All steps; returns the result with the seconds of each stage."""
    timings = []
    last, begun = time.process_time(), time.perf_counter()

    def stage(name):
        nonlocal last
        now = time.process_time()
        timings.append({"stage": name, "cpu_seconds": now - last})
        last = now

    features, labels = read(path, target)
    if max_rows and max_rows < len(labels):
        drawn = np.sort(np.random.default_rng(seed).choice(len(labels), max_rows, replace=False))
        features, labels = features.iloc[drawn].reset_index(drop=True), labels.iloc[drawn].reset_index(drop=True)
    classes = not (pd.api.types.is_numeric_dtype(labels) and labels.nunique() > MOST_CLASSES)
    if classes:
        labels = np.unique(labels.to_numpy(dtype=str), return_inverse=True)[1]
    else:
        labels = labels.to_numpy(dtype=float)
    model = model or ("logistic_regression" if classes else "ridge")
    measure = measure_classes if classes else measure_numbers
    method = "predict_proba" if classes else "predict"
    stage("read")

    rows = np.arange(len(labels))
    train, test = train_test_split(rows, test_size=TEST_SIZE, stratify=labels if classes else None, random_state=seed)
    train, test = np.sort(train), np.sort(test)
    wrong = inject(labels, train, noise, classes, seed) if noise > 0 else np.zeros(len(labels), dtype=bool)
    stage("split")

    def pipeline():
        dense = 0.0 if model == "hist_gradient_boosting" else 0.3
        return Pipeline([("columns", encoder(features, dense)), ("model", estimator(model, classes, seed))])

    def held_out(kept):
        fitted = pipeline().fit(features.iloc[kept], labels[kept])
        return getattr(fitted, method)(features.iloc[test])

    folds = (StratifiedKFold if classes else KFold)(n_splits=FOLDS, shuffle=True, random_state=seed)
    out_of_sample = cross_val_predict(pipeline(), features.iloc[train], labels[train], cv=folds, method=method)
    stage("cross-validation")

    baseline = held_out(train)
    variants = [{"name": "baseline", "n_train": len(train), "metrics": measure(labels[test], baseline)}]
    stage("baseline")

    predictions = np.empty((len(labels), *out_of_sample.shape[1:]))
    predictions[train], predictions[test] = out_of_sample, baseline
    lab = look(features, labels, predictions, classes, seed, distances)
    stage("datalab")
    if classes:
        issues = find_label_issues(labels, predictions, filter_by="prune_by_noise_rate", n_jobs=1)
        scores = get_label_quality_scores(labels, predictions, method="self_confidence")
    else:
        found = lab.get_issues("label")
        issues, scores = found["is_label_issue"].to_numpy(), found["label_score"].to_numpy()
    stage("issues")

    flagged, order = train[issues[train]], scores
    if len(flagged) == 0 and not classes and distances != "none":
        found = lab.get_issues("outlier")
        flagged, order = train[found["is_outlier_issue"].to_numpy()[train]], found["outlier_score"].to_numpy()
    n_prune = min(int(PRUNE_FRACTION * len(train)), PRUNE_MAX)
    pruned = flagged[np.argsort(order[flagged], kind="stable")][:n_prune]
    if len(pruned):
        kept = np.setdiff1d(train, pruned)
        metrics = measure(labels[test], held_out(kept))
        variants.append({"name": "pruned_retrain", "n_train": len(kept), "metrics": metrics})
    stage("prune and retrain")

    found = None
    if noise > 0:
        issue_rows = train[issues[train]]
        found = {
            "n_flipped": int(wrong.sum()),
            "n_pruned": len(pruned),
            "precision_at_prune": ratio(wrong[pruned].sum(), len(pruned)),
            "recall_at_prune": ratio(wrong[pruned].sum(), wrong.sum()),
            "precision_at_flag": ratio(wrong[issue_rows].sum(), len(issue_rows)),
            "recall_at_flag": ratio(wrong[issue_rows].sum(), wrong.sum()),
        }
    summary = [] if lab is None else lab.get_issue_summary().to_dict("records")
    checks = [
        {"issue_type": row["issue_type"], "score": row["score"], "n_issues": row["num_issues"]} for row in summary
    ]
    return {
        "model": model,
        "n_rows": len(labels),
        "n_train": len(train),
        "n_test": len(test),
        "variants": variants,
        "label_issues": {"n_issues": int(issues.sum())},
        "datalab": {"checks": checks},
        "noise": found,
        "timings": timings,
        "cpu_seconds": math.fsum(timing["cpu_seconds"] for timing in timings),
        "wall_seconds": time.perf_counter() - begun,
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="a CSV file, or UCI's adult.data")
    parser.add_argument("--target", default="income", help="the column whose labels are checked")
    parser.add_argument("--model", default="", help="the model; by default as forge chooses")
    parser.add_argument("--noise", type=float, default=0.0, help="share of the training labels to make wrong")
    parser.add_argument("--seed", type=int, default=42, help="seed of every random choice")
    parser.add_argument("--max-rows", type=int, help="rows drawn from the table at most")
    parser.add_argument("--distances", choices=["datalab", "forge", "none"], default="datalab", help="as told above")
    arguments = vars(parser.parse_args())
    found = run(arguments.pop("data"), **arguments)
    print(json.dumps(found, default=float))


if __name__ == "__main__":
    main()
