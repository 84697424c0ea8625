"""One model of scikit-learn on one data set, for `cargo xtask bench models`.

Predicts each row by a model fitted without its fold, or scores outliers. Prints one JSON object with `cpu_seconds`: the
processor time of the call itself, the least of a few runs, without imports, reading and conversion. Writes the array
`score`, how good the predictions are: the area under the ROC curve, or R² for numbers (see `bench_arrays.py`).

Needs scikit-learn; `cargo xtask bench` installs it into the target folder.
"""

import argparse
import json

import bench_arrays
import numpy as np
import scipy.sparse
from bench_algorithms import RUNS, measure
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor

SEED = 0


def unfolded(given):
    """Numbers and one-hot columns side by side."""
    dense = given["dense"]
    if "slots" not in given:
        return dense
    rows, n_numbers = dense.shape
    out = np.zeros((rows, int(given["n_features"][0])))
    out[:, :n_numbers] = dense
    np.put_along_axis(out, given["slots"], 1.0, axis=1)
    return out


def sparse(given):
    """The same without its zeros, which is faster for linear models."""
    dense, slots = given["dense"], given["slots"]
    rows, n_numbers = dense.shape
    values = np.hstack([dense, np.ones(slots.shape)])
    columns = np.hstack([np.broadcast_to(np.arange(n_numbers), dense.shape), slots])
    starts = np.arange(rows + 1) * columns.shape[1]
    return scipy.sparse.csr_matrix((values.ravel(), columns.ravel(), starts), shape=(rows, int(given["n_features"][0])))


def classes(model, form=unfolded):
    def item(given):
        features, labels, folds = form(given), given["labels"], PredefinedSplit(given["folds"])

        def score(probs):
            if probs.shape[1] == 2:
                return roc_auc_score(labels, probs[:, 1])
            return roc_auc_score(labels, probs, multi_class="ovr")

        return lambda: cross_val_predict(model, features, labels, cv=folds, method="predict_proba"), score

    return item


def numbers(model):
    def item(given):
        features, targets, folds = unfolded(given), given["targets"], PredefinedSplit(given["folds"])
        return lambda: cross_val_predict(model, features, targets, cv=folds), lambda found: r2_score(targets, found)

    return item


def isolation_forest(given):
    features = given["dense"]

    def call():
        return IsolationForest(random_state=SEED).fit(features).score_samples(features)

    return call, lambda scores: roc_auc_score(given["outliers"], -scores)


def local_outlier_factor(given):
    features = given["dense"]

    def call():
        return LocalOutlierFactor().fit(features).negative_outlier_factor_

    return call, lambda scores: roc_auc_score(given["outliers"], -scores)


# As many iterations as ours may take.
LOGISTIC = LogisticRegression(max_iter=500)

ITEMS = {
    "adult_logistic_regression": classes(LOGISTIC, sparse),
    "adult_knn": classes(KNeighborsClassifier(n_neighbors=15)),
    "adult_random_forest": classes(RandomForestClassifier(random_state=SEED)),
    "adult_extra_trees": classes(ExtraTreesClassifier(random_state=SEED)),
    "adult_boosting": classes(HistGradientBoostingClassifier(random_state=SEED)),
    "covertype_logistic_regression": classes(LOGISTIC),
    "covertype_boosting": classes(HistGradientBoostingClassifier(random_state=SEED)),
    "bike_ridge": numbers(Ridge()),
    "bike_knn": numbers(KNeighborsRegressor(n_neighbors=25, weights="distance")),
    "bike_random_forest": numbers(RandomForestRegressor(random_state=SEED)),
    "bike_extra_trees": numbers(ExtraTreesRegressor(random_state=SEED)),
    "bike_boosting": numbers(HistGradientBoostingRegressor(random_state=SEED)),
    "isolation_forest": isolation_forest,
    "local_outlier_factor": local_outlier_factor,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("item", choices=ITEMS)
    parser.add_argument("inputs", help="the folder of the data set")
    parser.add_argument("results", help="the folder for the score")
    arguments = parser.parse_args()
    call, score = ITEMS[arguments.item](bench_arrays.read(arguments.inputs))
    seconds, found = measure(call, RUNS)
    bench_arrays.write(arguments.results, {"score": float(score(found))})
    print(json.dumps({"cpu_seconds": seconds}))


if __name__ == "__main__":
    main()
