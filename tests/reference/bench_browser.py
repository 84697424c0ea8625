"""Two items of `cargo xtask bench browser` with cleanlab: prints one JSON object with `wall_seconds`, the time of the call.

Needs cleanlab 2.9.0 and scikit-learn 1.9.1.
"""

import contextlib
import json
import sys
import time

import numpy as np
from cleanlab import Datalab
from cleanlab.filter import find_label_issues


def label_issues():
    """A million rows of ten classes."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 1_000_000)
    probs = rng.random((1_000_000, 10))
    probs[np.arange(len(labels)), labels] += 2 * rng.random(len(labels))
    probs /= probs.sum(axis=1, keepdims=True)
    return lambda: find_label_issues(labels, probs, n_jobs=1)


def neighbor_checks():
    """Outliers, near-duplicates and order among 50,000 rows of 64 numbers."""
    features = np.random.default_rng(1).random((3, 50_000, 64)).sum(axis=0)
    lab = Datalab({"row": list(range(len(features)))})
    kinds = {"outlier": {}, "near_duplicate": {}, "non_iid": {}}
    return lambda: lab.find_issues(features=features, issue_types=kinds)


work = {"find_label_issues": label_issues, "neighbor_checks": neighbor_checks}[sys.argv[1]]()
with contextlib.redirect_stdout(sys.stderr):
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
print(json.dumps({"wall_seconds": seconds}))
