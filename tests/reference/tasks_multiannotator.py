"""Consensus of several annotators with scikit-learn and cleanlab: the design of the task `multiannotator`.

Reads a long table (example, annotator, label; further number columns are features) and, where there is one, a table of
true labels (example, truth). Majority vote, out-of-sample probabilities of a logistic regression trained on it (without
features the share of each class among all labels), CROWDLAB and ActiveLab. Prints one JSON object: accuracies where the
truth is known, the mean quality and the processor time in seconds.

    python tests/reference/tasks_multiannotator.py labels.csv --truth truth.csv

Needs scikit-learn 1.9.1, pandas and cleanlab 2.9.0.
"""

import argparse
import json
import time
import warnings

import numpy as np
import pandas as pd
from cleanlab.internal.multiannotator_utils import format_multiannotator_labels
from cleanlab.multiannotator import (
    convert_long_to_wide_dataset,
    get_active_learning_scores,
    get_label_quality_multiannotator,
    get_majority_vote_label,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("labels")
    parser.add_argument("--truth")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    table = pd.read_csv(arguments.labels)
    start = time.process_time()
    example, annotator, label = table.columns[:3]
    renamed = table.rename(columns={example: "task", annotator: "annotator", label: "label"})
    wide = convert_long_to_wide_dataset(renamed[["task", "annotator", "label"]])
    wide, names = format_multiannotator_labels(wide)
    majority = np.asarray(get_majority_vote_label(wide))
    features = renamed.drop(columns=["annotator", "label"]).groupby("task").first().loc[wide.index]
    k = len(names)
    if features.shape[1] > 0:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
        folds = StratifiedKFold(arguments.folds, shuffle=True, random_state=arguments.seed)
        found = cross_val_predict(model, features, majority, cv=folds, method="predict_proba")
        probs = np.zeros((len(wide), k))
        probs[:, np.unique(majority)] = found
    else:
        counts = renamed["label"].value_counts(normalize=True)
        probs = np.tile([counts[names[i]] for i in range(k)], (len(wide), 1))
    found = get_label_quality_multiannotator(wide, probs, verbose=False)
    labelled, _ = get_active_learning_scores(wide, probs)
    result = {"n_examples": len(wide), "n_annotators": wide.shape[1], "coverage": float(wide.notna().to_numpy().mean())}
    consensus = found["label_quality"]["consensus_label"].to_numpy()
    result["mean_quality"] = float(found["label_quality"]["consensus_quality_score"].mean())
    result["worst_annotators"] = [str(name) for name in found["annotator_stats"].index[:5]]
    result["next_to_label"] = [str(name) for name in wide.index[np.argsort(labelled, kind="stable")[:5]]]
    if arguments.truth:
        truth = pd.read_csv(arguments.truth)
        truth = truth.set_index(truth.columns[0]).iloc[:, 0].loc[wide.index].to_numpy()
        value = np.array([names[i] for i in range(k)])
        result["accuracy_majority_vote"] = float((value[majority] == truth).mean())
        result["accuracy_crowdlab"] = float((value[consensus] == truth).mean())
    result["cpu_seconds"] = time.process_time() - start
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
