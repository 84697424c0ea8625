"""Writes the reference figures of logistic regression on real tables: scikit-learn's solution, as exact as it gets.

    pip install scikit-learn pandas numpy
    python tests/reference/learn/logistic.py

Reads the tables as `forests.py` does, takes every so manyth row to learn from, scales numbers by the mean and deviation
of those rows, and predicts some of the rows in between. Newton's method goes on until the gradient vanishes, so that
what is recorded is the minimum and not where a solver happened to stop. The figures go to
crates/forge-learn/tests/data/logistic_tables.json.
"""

import json

import numpy as np
import sklearn
from forests import OUT, encoded, table
from sklearn.linear_model import LogisticRegression

# Every so manyth row is learnt from; of the rows after them so many are predicted.
STEP = 4
PREDICTED = 40
DIGITS = 10


def rounded(values):
    return np.round(values, DIGITS).tolist()


def case(name, c):
    data = table(name)
    features, labels = encoded(data)
    n_numbers = sum(column.dtype.kind in "if" for _, column in data.iloc[:, :-1].items())
    train = np.arange(0, len(data), STEP)
    numbers = features[train, :n_numbers]
    features[:, :n_numbers] = (features[:, :n_numbers] - numbers.mean(axis=0)) / numbers.std(axis=0)
    model = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-12, max_iter=1_000)
    model.fit(features[train], labels[train])
    assert model.n_iter_.max() < 1_000
    # How far from the minimum: the largest component of the gradient of what is minimised, per row.
    probs = model.predict_proba(features[train])
    residuals = probs - np.eye(probs.shape[1])[labels[train]]
    slopes = c * residuals.T @ features[train]
    slopes = slopes[1:] + model.coef_ if len(model.coef_) == 1 else slopes + model.coef_
    gradient = np.abs(slopes).max() / len(train)
    print(f"{name}, C = {c}: {model.n_iter_.max()} iterations, gradient {gradient:.1e}")
    assert gradient < 1e-10
    return {
        "set": name, "c": c, "rows": len(data), "step": STEP,
        "coefficients": rounded(model.coef_), "intercepts": rounded(model.intercept_),
        "pred_probs": rounded(model.predict_proba(features[train[:PREDICTED] + 1])),
    }


def main():
    cases = [case(name, c) for name in ["adult", "covertype"] for c in [0.1, 1.0]]
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    text = json.dumps({"versions": versions, "cases": cases}, separators=(",", ":"), allow_nan=False)
    (OUT / "logistic_tables.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
