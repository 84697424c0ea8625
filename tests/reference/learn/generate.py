"""Writes the reference figures of forge-learn: scikit-learn's encodings, models and metrics on small tables.

    pip install scikit-learn pandas numpy
    python tests/reference/learn/generate.py

Files go to crates/forge-learn/tests/data. Each records the versions that made it. Tables hold per column its type and
values, null where a value is missing.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

OUT = Path(__file__).resolve().parents[3] / "crates" / "forge-learn" / "tests" / "data"
VERSIONS = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__}


def write(name, content):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"versions": VERSIONS, **content}, separators=(",", ":"), allow_nan=False)
    (OUT / name).write_text(text + "\n")


def mixed_table(n, seed):
    """Numbers with gaps, a constant, skewed categories with ties and gaps, and a score that labels follow."""
    rng = np.random.default_rng(seed)
    table = {
        "age": np.round(rng.normal(40, 12, n), 1),
        "income": np.round(np.exp(rng.normal(10, 1, n)), 2),
        "flat": np.full(n, 7.25),
        "town": np.array([f"t{int(i):02d}" for i in np.minimum(rng.geometric(0.18, n), 14)], dtype=object),
        "kind": np.array(list("abcd"), dtype=object)[rng.integers(0, 4, n)],
        "flag": rng.random(n) < 0.3,
    }
    score = (table["age"] - 40) / 12 + (np.log(table["income"]) - 10) + 1.5 * table["flag"] - (table["kind"] == "b")
    table["age"][rng.random(n) < 0.08] = np.nan
    table["town"][rng.random(n) < 0.05] = None
    table["kind"][rng.random(n) < 0.1] = None
    table["flag"] = table["flag"].astype(object)
    table["flag"][rng.random(n) < 0.1] = None
    return table, score + rng.logistic(0, 1, n)


NUMBERS, CATEGORIES = ["age", "income", "flat"], ["town", "kind", "flag"]


def encoder(strategy, limit):
    numbers = make_pipeline(SimpleImputer(strategy=strategy), StandardScaler())
    onehot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=limit, sparse_output=False)
    categories = make_pipeline(SimpleImputer(strategy="most_frequent", missing_values=None), onehot)
    return ColumnTransformer([("numbers", numbers, NUMBERS), ("categories", categories, CATEGORIES)])


def as_json(values):
    return [None if v is None or v != v else v.item() if hasattr(v, "item") else v for v in values]


def frame(table):
    columns = dict(table)
    columns["flag"] = [None if v is None else str(bool(v)).lower() for v in table["flag"]]
    data = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    for name in NUMBERS:
        data[name] = data[name].astype(float)
    return data


def models():
    cases = []
    for name, n, n_classes, strategy, limit, c in [
        ("two classes", 240, 2, "median", 100, 1.0),
        ("two classes, few columns per category", 240, 2, "mean", 5, 0.3),
        ("three classes", 300, 3, "median", 6, 1.0),
        ("five classes, weak penalty", 300, 5, "mean", 2, 20.0),
    ]:
        table, score = mixed_table(n, seed=len(name))
        labels = np.digitize(score, np.quantile(score, np.linspace(0, 1, n_classes + 1)[1:-1]))
        train = np.arange(n) % 4 != 3
        data = frame(table)
        encode = encoder(strategy, limit)
        features = encode.fit_transform(data[train])
        model = LogisticRegression(C=c, tol=1e-12, max_iter=100_000).fit(features, labels[train])
        cases.append({
            "name": name, "n_classes": n_classes, "imputation": strategy, "max_categories": limit, "c": c,
            "table": {key: as_json(values) for key, values in table.items()},
            "labels": labels.tolist(), "train": np.flatnonzero(train).tolist(),
            "encoded": encode.transform(data).tolist(),
            "coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist(),
            "pred_probs": model.predict_proba(encode.transform(data)).tolist(),
        })
    write("models.json", {"cases": cases})


def weights():
    """Fits in which rows count differently, and linear fits; weights of 0 and columns that depend on others occur."""
    rng = np.random.default_rng(11)
    logistic, linear = [], []
    for name, n, k, c in [("two classes", 90, 2, 1.0), ("three classes", 140, 3, 0.5)]:
        features = rng.normal(size=(n, 3)).round(3)
        labels = np.digitize(features[:, 0] - features[:, 1] + rng.logistic(0, 1, n), np.linspace(-1, 1, k + 1)[1:-1])
        weight = np.where(rng.random(n) < 0.1, 0.0, rng.exponential(1.5, n).round(3))
        model = LogisticRegression(C=c, tol=1e-12, max_iter=100_000).fit(features, labels, sample_weight=weight)
        logistic.append({
            "name": name, "n_classes": k, "c": c, "features": features.tolist(), "labels": labels.tolist(),
            "weights": weight.tolist(), "coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist(),
            "pred_probs": model.predict_proba(features).tolist(),
        })
    for name, n, alpha, weighted in [
        ("least squares", 60, 0.0, False), ("weighted least squares", 60, 0.0, True),
        ("dependent columns", 50, 0.0, False), ("fewer rows than columns", 4, 0.0, False),
        ("ridge", 60, 2.5, False), ("weighted ridge", 60, 0.3, True),
    ]:
        features = rng.normal(3, [1, 20, 0.1, 1, 5], size=(n, 5)).round(3)
        if "dependent" in name:
            features[:, 3] = 2 * features[:, 0] - features[:, 1]
            features[:, 4] = 7
        targets = (features @ [2, -0.1, 5, 0, 0.3] + rng.normal(size=n) - 4).round(3)
        weight = np.where(rng.random(n) < 0.1, 0.0, rng.exponential(1.5, n).round(3)) if weighted else None
        model = Ridge(alpha=alpha, solver="cholesky") if alpha else LinearRegression()
        model.fit(features, targets, sample_weight=weight)
        linear.append({
            "name": name, "alpha": alpha, "features": features.tolist(), "targets": targets.tolist(),
            "weights": None if weight is None else weight.tolist(), "coefficients": model.coef_.tolist(),
            "intercept": model.intercept_, "predictions": model.predict(features).tolist(),
            "r2": model.score(features, targets, sample_weight=weight),
        })
    write("weights.json", {"cases": logistic, "linear": linear})


def metrics():
    rng = np.random.default_rng(3)
    cases = []
    for name, n, k, steps in [
        ("two classes with ties", 60, 2, 8), ("two classes", 41, 2, None), ("three classes with ties", 80, 3, 8),
        ("four classes", 50, 4, None), ("a class never predicted", 30, 3, None), ("certain and wrong", 12, 2, 1),
    ]:
        labels = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
        probs = rng.dirichlet(np.ones(k), n)
        if "never" in name:
            probs[:, 2] *= 0.05
        probs = probs / probs.sum(axis=1, keepdims=True)
        if steps is not None:
            # Multiples of a power of two: ties survive being written as decimals.
            probs = rng.multinomial(steps, probs) / steps
        guess = probs.argmax(axis=1)
        cases.append({
            "name": name, "labels": labels.tolist(), "pred_probs": probs.tolist(),
            "accuracy": accuracy_score(labels, guess),
            "f1_weighted": f1_score(labels, guess, average="weighted", zero_division=0),
            "f1_macro": f1_score(labels, guess, average="macro", zero_division=0),
            "precision_weighted": precision_score(labels, guess, average="weighted", zero_division=0),
            "roc_auc": roc_auc_score(labels, probs[:, 1]) if k == 2 else roc_auc_score(labels, probs, multi_class="ovr"),
            "log_loss": log_loss(labels, probs, labels=list(range(k))),
        })
    write("metrics.json", {"cases": cases})


def folds():
    rng = np.random.default_rng(5)
    cases = []
    for n, weights, n_folds in [(57, [0.6, 0.3, 0.1], 5), (40, [0.5, 0.5], 3), (23, [0.8, 0.1, 0.1], 4)]:
        labels = rng.choice(len(weights), n, p=weights)
        counts = []
        for _, test in StratifiedKFold(n_folds, shuffle=True, random_state=0).split(np.zeros(n), labels):
            counts.append(np.bincount(labels[test], minlength=len(weights)).tolist())
        cases.append({"labels": labels.tolist(), "n_folds": n_folds, "class_counts_per_fold": counts})
    write("folds.json", {"cases": cases})


if __name__ == "__main__":
    models()
    weights()
    metrics()
    folds()
