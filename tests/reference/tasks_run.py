"""The figures that `forge run` has to meet: the same pipeline by scikit-learn and cleanlab on the real data sets.

    python tasks_run.py ORIGINALS OUT [--seeds 5] [--noise 0.1] [--forge FORGE] [CASE ...]

Prints a line of JSON per case: the mean of the deciding metric of the baseline and of the pruned model over the seeds,
precision and recall at prune with injected noise, seconds of one processor and peak memory (bytes, of the largest run).
With `--forge` the same is measured of that program, beside it. One thread; a process per run, so that memory is its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from run_sets import write

# Data set, model, rows at most.
CASES = {
    "adult_lr": ("adult_train", "logistic_regression", None),
    "adult_boosting": ("adult_train", "hist_gradient_boosting", None),
    "adult_rf": ("adult_train", "random_forest", None),
    "adult_et": ("adult_train", "extra_trees", None),
    "adult_knn": ("adult_train", "knn", None),
    "adult_12k_boosting": ("adult_train", "hist_gradient_boosting", 12_000),
    "bike_ridge": ("bike", "ridge", None),
    "bike_boosting": ("bike", "hist_gradient_boosting", None),
    "california_8k_rf": ("california", "random_forest", 8_000),
}


def measured(command):
    """The JSON a program prints, with its processor time unless it counts that itself."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    one = {f"{library}_NUM_THREADS": "1" for library in ["OMP", "OPENBLAS", "MKL"]}
    printed = subprocess.run(command, stdout=subprocess.PIPE, env=os.environ | one, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(printed)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result.setdefault("cpu_seconds", cpu)
    return result


def mean(values):
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None


def summary(runs):
    """Means over runs with and without noise."""
    clean, noisy = runs
    metric = "roc_auc" if "roc_auc" in clean[0]["variants"][0]["metrics"] else "r2"
    value = lambda run, i: run["variants"][i]["metrics"][metric] if len(run["variants"]) > i else None
    return {
        "metric": metric,
        "baseline": mean([value(run, 0) for run in clean]),
        "pruned": mean([value(run, 1) for run in clean]),
        "n_label_issues": mean([run["label_issues"]["n_issues"] for run in clean]),
        "checks": {check["issue_type"]: check["n_issues"] for check in clean[0]["datalab"]["checks"]},
        "precision_at_prune": mean([run["noise"]["precision_at_prune"] for run in noisy]),
        "recall_at_prune": mean([run["noise"]["recall_at_prune"] for run in noisy]),
        "noisy_baseline": mean([value(run, 0) for run in noisy]),
        "noisy_pruned": mean([value(run, 1) for run in noisy]),
        "cpu_seconds": round(min(run["cpu_seconds"] for run in clean), 2),
        "peak_memory": max((run.get("peak_memory") or 0) for run in clean),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("originals")
    parser.add_argument("out")
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--noise", type=float, default=0.1)
    parser.add_argument("--forge")
    parser.add_argument("--only-forge", action="store_true")
    parser.add_argument("--distances", default="datalab", help="of the Python side, as bench_run.py takes it")
    arguments = parser.parse_args()
    script = str(Path(__file__).with_name("bench_run.py"))
    for case in arguments.cases:
        name, model, max_rows = CASES[case]
        path, target = write(name, arguments.originals, arguments.out)

        def both(command, noise_flag):
            def one(seed, noise):
                rows = ["--max-rows", str(max_rows)] if max_rows else []
                chosen = ["--data", str(path), "--target", target, "--model", model, "--seed", str(seed)]
                return measured([*command, *chosen, *rows, *([noise_flag, str(noise)] if noise else [])])

            seeds = range(arguments.seeds)
            return summary(([one(seed, 0) for seed in seeds], [one(seed, arguments.noise) for seed in seeds]))

        line = {"case": case}
        if arguments.forge:
            forge = [arguments.forge, "run", "--threads", "1", "--json"]
            line["forge"] = both(forge, "--label-noise-fraction")
        if not arguments.only_forge:
            line["python"] = both([sys.executable, script, "--distances", arguments.distances], "--noise")
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
