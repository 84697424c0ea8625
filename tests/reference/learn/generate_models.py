"""Writes the reference figures of nearest neighbours, outlier factors, logistic options, SVD and more metrics.

    pip install scikit-learn numpy
    python tests/reference/learn/generate_models.py

Files go to crates/forge-learn/tests/data. Rows have no equally distant neighbours at the last place, so that
scikit-learn's choice among such does not matter.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (accuracy_score, average_precision_score, f1_score, hamming_loss, mean_absolute_error,
                             r2_score, roc_auc_score, root_mean_squared_error)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor

OUT = Path(__file__).resolve().parents[3] / "crates" / "forge-learn" / "tests" / "data"
VERSIONS = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}


def write(name, content):
    text = json.dumps({"versions": VERSIONS, **content}, separators=(",", ":"), allow_nan=False)
    (OUT / name).write_text(text + "\n")


def mixed(rng, n):
    """Two numbers and two categories, a level of the second missing here and there (65535 for none)."""
    dense = rng.normal(size=(n, 2)).round(6)
    slots = np.stack([2 + rng.integers(0, 3, n), 5 + rng.integers(0, 6, n)], axis=1)
    slots[rng.random(n) < 0.1, 1] = 65535
    unfolded = np.zeros((n, 11))
    unfolded[:, :2] = dense
    for row, levels in enumerate(slots):
        unfolded[row, levels[levels < 65535]] = 1
    return dense, slots, unfolded


def knn():
    rng = np.random.default_rng(21)
    cases = []
    for kind, k, weights in [("numbers", 5, "uniform"), ("numbers", 7, "distance"), ("mixed", 5, "uniform"),
                             ("mixed", 9, "distance")]:
        dense, slots, x = mixed(rng, 160)
        if kind == "numbers":
            x = dense = rng.normal(size=(160, 4)).round(6)
            slots = np.zeros((160, 0), dtype=int)
        labels = rng.integers(0, 3, 120)
        targets = rng.normal(size=120).round(6)
        dense[150:] = dense[:10]  # queries on top of training rows
        slots[150:] = slots[:10]
        x[150:] = x[:10]
        train, test = x[:120], x[120:]
        regressor = KNeighborsRegressor(k, weights=weights, algorithm="kd_tree").fit(train, targets)
        classifier = KNeighborsClassifier(k, weights=weights, algorithm="kd_tree").fit(train, labels)
        gaps = np.diff(regressor.kneighbors(test, k + 1)[0][:, k - 1:], axis=1)
        assert gaps.min() > 1e-9
        cases.append({
            "name": f"{kind}, {k} neighbours, {weights}", "k": k, "weights": weights, "n_features": x.shape[1],
            "dense": dense.tolist(), "slots": slots.tolist(), "labels": labels.tolist(), "targets": targets.tolist(),
            "pred_probs": classifier.predict_proba(test).tolist(), "predictions": regressor.predict(test).tolist(),
        })
    write("knn.json", {"cases": cases})


def lof():
    rng = np.random.default_rng(22)
    cases = []
    for n, d, k, contamination in [(150, 3, 20, "auto"), (90, 12, 10, 0.07), (60, 2, 5, "auto"), (12, 2, 20, 0.2)]:
        x = rng.normal(size=(n, d)).round(4)
        x[: n // 20 + 1] *= 4
        if n == 60:
            x[20:28] = x[19]  # more copies than neighbours
        new = (rng.normal(size=(15, d)) * 2).round(4)
        model = LocalOutlierFactor(k, contamination=contamination)
        flags = model.fit_predict(x)
        novelty = LocalOutlierFactor(k, contamination=contamination, novelty=True).fit(x)
        cases.append({
            "name": f"{n} x {d}", "k": k, "contamination": contamination, "x": x.tolist(), "new": new.tolist(),
            "scores": model.negative_outlier_factor_.tolist(), "offset": float(model.offset_),
            "outliers": (flags == -1).tolist(), "novelty": novelty.score_samples(new).tolist(),
        })
    write("lof.json", {"cases": cases})


def logistic():
    rng = np.random.default_rng(23)
    x = rng.normal(size=(150, 4)).round(4)
    score = x @ [1.0, -0.5, 0.3, 0.0] + rng.logistic(0, 1, 150)
    cases = []
    for k, kind in [(2, "balanced"), (3, "balanced"), (3, "per class"), (4, "ovr"), (3, "ovr balanced"), (2, "ovr")]:
        y = np.digitize(score, np.quantile(score, np.linspace(0, 1, k + 1)[1:-1] ** 0.5))
        weight = {"per class": {0: 0.5, 1: 2.0, 2: 1.5}}.get(kind, "balanced" if "balanced" in kind else None)
        model = LogisticRegression(tol=1e-12, max_iter=100_000, class_weight=weight)
        model = (OneVsRestClassifier(model) if "ovr" in kind else model).fit(x, y)
        cases.append({"name": f"{k} classes, {kind}", "kind": kind, "n_classes": k, "labels": y.tolist(),
                      "pred_probs": model.predict_proba(x).tolist()})
    many = np.stack([score > 0, x[:, 0] > rng.normal(size=150), np.ones(150, bool)], axis=1)
    multilabel = OneVsRestClassifier(LogisticRegression(tol=1e-12, max_iter=100_000)).fit(x, many.astype(int))
    y = (x @ [1.0, 2.0, -3.0, 0.5] + rng.normal(size=150)).round(4)
    write("logistic.json", {
        "cases": cases, "x": x.tolist(), "labels": many.tolist(), "label_probs": multilabel.predict_proba(x).tolist(),
        "targets": y.tolist(), "ridge": Ridge().fit(x, y).predict(x).tolist(),
    })


def metrics():
    rng = np.random.default_rng(24)
    positive = rng.random(50) < 0.3
    scores = (rng.normal(size=50) + positive).round(1)
    labels = rng.random((40, 4)) < [0.5, 0.2, 0.8, 0.0]
    guess = labels ^ (rng.random((40, 4)) < 0.2)
    guess[:, 3] = False
    y, p = rng.normal(size=30).round(3), rng.normal(size=30).round(3)
    write("more_metrics.json", {
        "positive": positive.tolist(), "scores": scores.tolist(), "labels": labels.tolist(), "guess": guess.tolist(),
        "targets": y.tolist(), "predictions": p.tolist(),
        "average_precision": average_precision_score(positive, scores), "roc_auc": roc_auc_score(positive, scores),
        "f1_micro": f1_score(labels, guess, average="micro", zero_division=0),
        "f1_macro": f1_score(labels, guess, average="macro", zero_division=0),
        "subset_accuracy": accuracy_score(labels, guess), "hamming_loss": hamming_loss(labels, guess),
        "r2": r2_score(y, p), "mae": mean_absolute_error(y, p), "rmse": root_mean_squared_error(y, p),
    })


def svd():
    rng = np.random.default_rng(25)
    dense, slots, x = mixed(rng, 80)
    s = np.linalg.svd(x, compute_uv=False)
    write("svd.json", {"dense": dense.tolist(), "slots": slots.tolist(), "n_features": 11, "singular": s.tolist()})


if __name__ == "__main__":
    knn()
    lof()
    logistic()
    metrics()
    svd()
