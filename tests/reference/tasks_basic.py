"""The tasks multiclass, multilabel, regression and outlier with scikit-learn and cleanlab, step by step as forge does them.

    python tests/reference/tasks_basic.py DATA [TASK ...] [--seeds 5] [--noise 0.1]

DATA is a folder with covtype/covtype_random15k.csv, emotions/emotions.arff, bike/hour.csv and california/housing.csv, the
original files. Prints one JSON object: per task the processor seconds and the figures as means over the seeds 0, 1, …,
first without noise, then with; and each seed's own under `seeds`.

Every task is: split 80/20 → (noise on training labels) → out-of-sample predictions by 5-fold cross-validation of the
training rows → baseline → cleanlab's issues → prune the worst of them → retrain → measure on the held-out rows. Features
are standardised on the rows a model learns from. Needs scikit-learn 1.9.1 and cleanlab 2.9.0.
"""

import argparse
import contextlib
import io
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab import Datalab
from cleanlab.filter import find_label_issues
from cleanlab.multilabel_classification.filter import find_label_issues as find_multilabel_issues
from cleanlab.regression.learn import CleanLearning
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score, f1_score, hamming_loss, log_loss, mean_absolute_error, r2_score, root_mean_squared_error,
)
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5
MAX_ROWS = 10_000
TEST_SIZE = 0.2


def found_again(wrong, pruned):
    """Precision and recall of the pruned rows; none where nothing was made wrong or nothing pruned."""
    hits = len(np.intersect1d(wrong, pruned))
    return {
        "precision_at_prune": hits / len(pruned) if len(wrong) and len(pruned) else None,
        "recall_at_prune": hits / len(wrong) if len(wrong) else None,
    }


def chosen(random, n, share):
    return random.choice(n, round(n * share), replace=False)


def compare(fit_and_measure, train, ranked, prune, wrong):
    """Baseline, and the same without the worst issues."""
    pruned = ranked[: int(prune * len(train))]
    kept = np.setdiff1d(np.arange(len(train)), pruned)
    figures = {f"baseline {name}": value for name, value in fit_and_measure(np.arange(len(train))).items()}
    figures |= {f"pruned {name}": value for name, value in fit_and_measure(kept).items()}
    return figures | {"n_issues": len(ranked)} | found_again(wrong, pruned)


def multiclass(data, seed, noise):
    table = pd.read_csv(data / "covtype" / "covtype_random15k.csv").sample(MAX_ROWS, random_state=seed)
    x, y = table.drop(columns="Cover_Type").to_numpy(float), table["Cover_Type"].to_numpy() - 1
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=TEST_SIZE, stratify=y, random_state=seed)
    random = np.random.default_rng(seed)
    wrong = chosen(random, len(y_train), noise)
    y_train = y_train.copy()
    y_train[wrong] = (y_train[wrong] + random.integers(1, 7, len(wrong))) % 7
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    pred_probs = cross_val_predict(model, x_train, y_train, cv=folds, method="predict_proba")
    ranked = find_label_issues(y_train, pred_probs, return_indices_ranked_by="self_confidence")

    def measure(kept):
        probs = model.fit(x_train[kept], y_train[kept]).predict_proba(x_test)
        guess = probs.argmax(axis=1)
        return {
            "accuracy": accuracy_score(y_test, guess),
            "f1_macro": f1_score(y_test, guess, average="macro"),
            "log_loss": log_loss(y_test, probs, labels=np.arange(7)),
        }

    return compare(measure, x_train, ranked, 0.02, wrong)


def read_emotions(data):
    lines = (data / "emotions" / "emotions.arff").read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.lower().startswith("@data"))
    values = np.array([[float(cell) for cell in line.split(",")] for line in lines[start + 1:] if line.strip()])
    return values[:, :-6], values[:, -6:].astype(int)


def multilabel(data, seed, noise):
    x, y = read_emotions(data)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=TEST_SIZE, random_state=seed)
    random = np.random.default_rng(seed)
    wrong = chosen(random, len(y_train), noise)
    y_train = y_train.copy()
    y_train[wrong, random.integers(0, y.shape[1], len(wrong))] ^= 1
    model = make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(max_iter=500)))
    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    pred_probs = cross_val_predict(model, x_train, y_train, cv=folds, method="predict_proba")
    sets = [list(np.flatnonzero(row)) for row in y_train]
    ranked = find_multilabel_issues(sets, pred_probs, return_indices_ranked_by="self_confidence")

    def measure(kept):
        guess = model.fit(x_train[kept], y_train[kept]).predict(x_test)
        return {
            "f1_micro": f1_score(y_test, guess, average="micro"),
            "f1_macro": f1_score(y_test, guess, average="macro"),
            "subset_accuracy": accuracy_score(y_test, guess),
            "hamming_loss": hamming_loss(y_test, guess),
        }

    return compare(measure, x_train, ranked, 0.05, wrong)


def regression(data, seed, noise):
    table = pd.read_csv(data / "bike" / "hour.csv").drop(columns=["instant", "dteday", "casual", "registered"])
    x, y = table.drop(columns="cnt").to_numpy(float), table["cnt"].to_numpy(float)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=TEST_SIZE, random_state=seed)
    random = np.random.default_rng(seed)
    wrong = chosen(random, len(y_train), noise)
    y_train = y_train.copy()
    y_train[wrong] += random.normal(0, 5 * y_train.std(), len(wrong))
    learning = CleanLearning(HistGradientBoostingRegressor(random_state=seed), cv_n_folds=FOLDS, seed=seed)
    issues = learning.find_label_issues(x_train, y_train)
    scores = issues["label_quality"].to_numpy()
    flagged = np.flatnonzero(issues["is_label_issue"].to_numpy())
    ranked = flagged[np.argsort(scores[flagged], kind="stable")]

    def measure(kept):
        guess = HistGradientBoostingRegressor(random_state=seed).fit(x_train[kept], y_train[kept]).predict(x_test)
        return {
            "r2": r2_score(y_test, guess),
            "rmse": root_mean_squared_error(y_test, guess),
            "mae": mean_absolute_error(y_test, guess),
        }

    return compare(measure, x_train, ranked, 0.02, wrong)


def outlier(data, seed, noise):
    """With noise, that share of the rows has its first number, the longitude, multiplied by 50."""
    x = pd.read_csv(data / "california" / "housing.csv").select_dtypes("number")
    x = x.fillna(x.median()).to_numpy(float)
    wrong = chosen(np.random.default_rng(seed), len(x), noise)
    x[wrong, 0] *= 50
    x = StandardScaler().fit_transform(x)
    lab = Datalab({"row": np.arange(len(x))})
    checks = {"outlier": {}, "near_duplicate": {}, "non_iid": {}}
    lab.find_issues(features=x, issue_types=checks)
    flagged = np.flatnonzero(lab.get_issues("outlier")["is_outlier_issue"])
    hits = len(np.intersect1d(wrong, flagged))
    summary = lab.get_issue_summary().set_index("issue_type")
    return {f"{name} {column}": float(summary.loc[name, column]) for name in checks for column in ("score", "num_issues")} | {
        "precision_at_flag": hits / len(flagged) if len(wrong) and len(flagged) else None,
        "recall_at_flag": hits / len(wrong) if len(wrong) else None,
    }


TASKS = {"multiclass": multiclass, "multilabel": multilabel, "regression": regression, "outlier": outlier}


def means(runs):
    known = {name: [run[name] for run in runs if run[name] is not None] for name in runs[0]}
    return {name: float(np.mean(values)) if values else None for name, values in known.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", nargs="*", default=list(TASKS), metavar="TASK")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--noise", type=float, default=0.1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    results = {}
    for name in arguments.tasks:
        for label, noise in (("clean", 0.0), ("noise", arguments.noise)):
            start = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                runs = [TASKS[name](arguments.data, seed, noise) for seed in range(arguments.seeds)]
            seconds = (time.process_time() - start) / arguments.seeds
            results.setdefault(name, {})[label] = {"cpu_seconds": seconds, **means(runs), "seeds": runs}
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
