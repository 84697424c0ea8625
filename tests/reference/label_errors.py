"""Writes what cleanlab flags on the verified label errors of MNIST and CIFAR-10.

    pip install "cleanlab[datalab]==2.9.0" scikit-learn pandas numpy
    python tests/reference/label_errors.py

Reads the labels, probabilities and votes of tests/data/label_errors and writes flags.json beside them: the rows that each rule
of `filter.find_label_issues` and the label check of `Datalab` flag, and the label quality scores of the flagged rows. A label is a
verified error where fewer than 3 of 5 people chose it; `recalled` counts those among the flagged.
"""

import csv
import gzip
import io
import json
from pathlib import Path

import cleanlab
import numpy as np
from cleanlab import Datalab
from cleanlab.filter import find_label_issues

DATA = Path(__file__).resolve().parents[1] / "data" / "label_errors"
RULES = [
    "prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "predicted_neq_given",
    "low_normalized_margin", "low_self_confidence",
]


def unzipped(name):
    return gzip.decompress((DATA / f"{name}.gz").read_bytes())


def array(name):
    return np.load(io.BytesIO(unzipped(name)))


def flags(name):
    labels = array(f"{name}_labels_u8.npy").astype(int)
    probs = array(f"{name}_pred_probs_f16.npy").astype(np.float64)
    votes = csv.DictReader(io.StringIO(unzipped(f"{name}_mturk.csv").decode()))
    verified = [int(vote["id"]) for vote in votes if int(vote["votes_given"]) < 3]
    audit = Datalab({"label": labels}, label_name="label", verbosity=0)
    audit.find_issues(pred_probs=probs, issue_types={"label": {}})
    found = audit.get_issues("label")
    rows = {rule: np.flatnonzero(find_label_issues(labels, probs, filter_by=rule)) for rule in RULES}
    rows["datalab"] = np.flatnonzero(found["is_label_issue"])
    return {
        "verified": len(verified),
        "recalled": {rule: int(np.isin(verified, flagged).sum()) for rule, flagged in rows.items()},
        "flagged": {rule: flagged.tolist() for rule, flagged in rows.items()},
        "datalab_scores": found["label_score"].to_numpy()[rows["datalab"]].tolist(),
    }


if __name__ == "__main__":
    report = {"cleanlab": cleanlab.__version__, "numpy": np.__version__}
    report |= {name: flags(name) for name in ["mnist", "cifar10"]}
    (DATA / "flags.json").write_text(json.dumps(report) + "\n")
