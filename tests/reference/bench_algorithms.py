"""One algorithm of cleanlab on one data set, for `cargo xtask bench algorithms`.

Prints one JSON object with `cpu_seconds`: the processor time of the call itself, the least of a few runs, without
imports, reading and conversion. Writes what the call returned for the comparison (see `bench_arrays.py`).

Needs cleanlab 2.9.0; `cargo xtask bench` installs it into the target folder.
"""

import argparse
import contextlib
import io
import json
import time

import bench_arrays
import numpy as np

# A call that took longer is not repeated.
ONCE_FROM_SECONDS = 10.0
RUNS = 3


def processor_time():
    """Seconds of this process and of those it started and waited for."""
    try:
        import resource
    except ImportError:
        return time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


# Each item takes the arrays and returns the call and what turns its result into arrays.


def find_label_issues(given):
    from cleanlab.filter import find_label_issues

    return lambda: find_label_issues(given["labels"], given["pred_probs"], n_jobs=1), lambda mask: {"mask": mask}


def rank(method, adjust):
    def item(given):
        from cleanlab.rank import get_label_quality_scores

        def call():
            return get_label_quality_scores(
                given["labels"], given["pred_probs"], method=method, adjust_pred_probs=adjust
            )

        return call, lambda scores: {"scores": scores}

    return item


def confident_joint(given):
    from cleanlab.count import compute_confident_joint

    return lambda: compute_confident_joint(given["labels"], given["pred_probs"]), lambda counts: {"counts": counts}


def estimate_joint(given):
    from cleanlab.count import estimate_joint

    return lambda: estimate_joint(given["labels"], given["pred_probs"]), lambda joint: {"joint": joint}


def health_summary(given):
    from cleanlab.dataset import health_summary

    def arrays(summary):
        return {"score": float(summary["overall_label_health_score"]), "joint": summary["joint"]}

    return lambda: health_summary(given["labels"], given["pred_probs"], verbose=False), arrays


def batched(given):
    from cleanlab.experimental.label_issues_batched import find_label_issues_batched

    def call():
        return find_label_issues_batched(given["labels"], given["pred_probs"], verbose=False, return_mask=True)

    return call, lambda mask: {"mask": mask}


def multiannotator(given):
    from cleanlab.multiannotator import get_label_quality_multiannotator

    def arrays(found):
        quality, annotators = found["label_quality"], found["annotator_stats"].sort_index()
        return {
            "consensus": quality["consensus_label"],
            "quality": quality["consensus_quality_score"],
            "agreement": quality["annotator_agreement"],
            "detailed": found["detailed_label_quality"].to_numpy(dtype=float),
            "annotator_quality": annotators["annotator_quality"],
            "worst_class": annotators["worst_class"],
        }

    return lambda: get_label_quality_multiannotator(given["labels"], given["pred_probs"], verbose=False), arrays


def active_learning(given):
    from cleanlab.multiannotator import get_active_learning_scores

    def call():
        return get_active_learning_scores(given["labels"], given["pred_probs"], given["unlabeled"])

    return call, lambda scores: {"labeled": scores[0], "unlabeled": scores[1]}


def sentences(given):
    """Labels and probabilities sentence by sentence, as the token functions take them."""
    ends = np.cumsum(given["lengths"])[:-1]
    return [part.tolist() for part in np.split(given["labels"], ends)], np.split(given["pred_probs"], ends)


def places(issues):
    """Pairs of sentence and token as one row each."""
    return {"issues": np.array(issues, dtype=np.int32).reshape(-1, 2)}


def token_filter(given):
    from cleanlab.token_classification.filter import find_label_issues

    labels, pred_probs = sentences(given)
    return lambda: find_label_issues(labels, pred_probs, n_jobs=1), places


def token_rank(given):
    from cleanlab.token_classification.rank import get_label_quality_scores

    labels, pred_probs = sentences(given)

    def arrays(scores):
        return {"sentences": scores[0], "tokens": np.concatenate([part.to_numpy() for part in scores[1]])}

    return lambda: get_label_quality_scores(labels, pred_probs), arrays


def token_summary(given):
    from cleanlab.token_classification.summary import common_label_issues

    labels, pred_probs = sentences(given)
    ends = np.cumsum(given["lengths"])[:-1]
    words = [[f"word{word}" for word in part] for part in np.split(given["words"], ends)]
    issues = [
        (sentence, int(token))
        for sentence, (own, probs) in enumerate(zip(labels, pred_probs))
        for token in np.flatnonzero(probs.argmax(axis=1) != np.array(own))
    ]

    def call():
        return common_label_issues(issues, words, labels=labels, pred_probs=pred_probs, top=0, verbose=False)

    return call, lambda found: {"counts": np.sort(found["num_label_issues"])}


def segmentation_filter(given):
    from cleanlab.segmentation.filter import find_label_issues

    def call():
        return find_label_issues(given["labels"], given["pred_probs"], n_jobs=1, verbose=False)

    return call, lambda mask: {"mask": mask.ravel()}


def segmentation_rank(given):
    from cleanlab.segmentation.rank import get_label_quality_scores

    def call():
        return get_label_quality_scores(given["labels"], given["pred_probs"], n_jobs=1, verbose=False)

    return call, lambda scores: {"images": scores[0]}


def detections(given):
    """Annotations and detections image by image, as the detection functions take them."""
    ends = np.cumsum(given["counts"])[:-1]
    labels = [
        {"bboxes": boxes, "labels": classes}
        for boxes, classes in zip(np.split(given["boxes"], ends), np.split(given["labels"], ends))
    ]
    counts = given["detection_counts"]
    cells = np.split(given["detections"], np.cumsum(counts.ravel())[:-1])
    predictions = []
    for image in range(len(counts)):
        classes = np.empty(counts.shape[1], dtype=object)
        for number in range(counts.shape[1]):
            classes[number] = cells[image * counts.shape[1] + number]
        predictions.append(classes)
    return labels, predictions


def detection_filter(given):
    from cleanlab.object_detection.filter import find_label_issues

    labels, predictions = detections(given)
    return lambda: find_label_issues(labels, predictions), lambda mask: {"mask": mask}


def detection_rank(given):
    from cleanlab.object_detection.rank import get_label_quality_scores

    labels, predictions = detections(given)
    return lambda: get_label_quality_scores(labels, predictions, verbose=False), lambda scores: {"scores": scores}


def classes_of_rows(given):
    """The classes of each row, as the multi-label functions take them."""
    return [np.flatnonzero(row).tolist() for row in given["labels"]]


def multilabel_filter(given):
    from cleanlab.multilabel_classification.filter import find_label_issues

    labels = classes_of_rows(given)
    return lambda: find_label_issues(labels, given["pred_probs"], n_jobs=1), lambda mask: {"mask": mask}


def multilabel_rank(given):
    from cleanlab.multilabel_classification.rank import get_label_quality_scores

    labels = classes_of_rows(given)
    return lambda: get_label_quality_scores(labels, given["pred_probs"]), lambda scores: {"scores": scores}


def multilabel_summary(given):
    from cleanlab.multilabel_classification.dataset import multilabel_health_summary

    labels = classes_of_rows(given)

    def arrays(summary):
        classes = summary["classes_by_multilabel_quality"].sort_values("Class Index")
        return {
            "score": float(summary["overall_multilabel_health_score"]),
            "class_quality": classes["Label Quality Score"],
        }

    return lambda: multilabel_health_summary(labels, given["pred_probs"], verbose=False), arrays


def outliers(given):
    from cleanlab.outlier import OutOfDistribution

    def call():
        return OutOfDistribution().fit_score(features=given["features"], verbose=False)

    return call, lambda scores: {"scores": scores}


def outre(given):
    from cleanlab.regression.rank import get_label_quality_scores

    def call():
        return get_label_quality_scores(given["labels"], given["predictions"], method="outre")

    return call, lambda scores: {"scores": scores}


def regression_clean_learning(given):
    from cleanlab.regression.learn import CleanLearning
    from sklearn.ensemble import HistGradientBoostingRegressor

    def call():
        learning = CleanLearning(HistGradientBoostingRegressor(random_state=0), seed=0)
        return learning.find_label_issues(given["features"], given["targets"])

    def arrays(found):
        return {"label_quality": found["label_quality"], "predicted_label": found["predicted_label"].astype(float)}

    return call, arrays


def shapley(given):
    from cleanlab.data_valuation import data_shapley_knn

    return lambda: data_shapley_knn(given["labels"], features=given["features"]), lambda scores: {"scores": scores}


def as_arrays(table):
    """Scores as real numbers and flags as whole ones."""
    return {name: column.to_numpy(dtype=float if name.endswith("_score") else int) for name, column in table.items()}


def datalab(given):
    from cleanlab import Datalab

    def call():
        lab = Datalab({"label": given["labels"]}, label_name="label", verbosity=0)
        lab.find_issues(pred_probs=given["pred_probs"], features=given["features"])
        return lab

    return call, lambda lab: as_arrays(lab.get_issues())


class Kept:
    """Pictures in memory, behind the part of a data set's interface that cleanvision reads."""

    features = {"image": None}

    def __init__(self, pixels):
        from PIL import Image

        self.images = [Image.fromarray(picture.astype(np.uint8)) for picture in pixels]

    def __len__(self):
        return len(self.images)

    def __getitem__(self, item):
        return {"image": self.images[item]}


def pictures(given):
    from cleanvision import Imagelab

    kept = Kept(given["pixels"])

    def call():
        lab = Imagelab(hf_dataset=kept, image_key="image", verbose=False)
        with contextlib.redirect_stderr(io.StringIO()):
            lab.find_issues(n_jobs=1, verbose=False)
        return lab

    return call, lambda lab: as_arrays(lab.issues)


ITEMS = {
    "find_label_issues_10": find_label_issues,
    "find_label_issues_100": find_label_issues,
    "rank_self_confidence": rank("self_confidence", False),
    "rank_normalized_margin": rank("normalized_margin", False),
    "rank_confidence_weighted_entropy": rank("confidence_weighted_entropy", False),
    "rank_self_confidence_adjusted": rank("self_confidence", True),
    "rank_normalized_margin_adjusted": rank("normalized_margin", True),
    "confident_joint": confident_joint,
    "estimate_joint": estimate_joint,
    "health_summary": health_summary,
    "batched": batched,
    "multiannotator": multiannotator,
    "active_learning": active_learning,
    "token_filter": token_filter,
    "token_rank": token_rank,
    "token_summary": token_summary,
    "segmentation_filter": segmentation_filter,
    "segmentation_rank": segmentation_rank,
    "detection_filter": detection_filter,
    "detection_rank": detection_rank,
    "multilabel_filter": multilabel_filter,
    "multilabel_rank": multilabel_rank,
    "multilabel_summary": multilabel_summary,
    "outliers_8": outliers,
    "outliers_64": outliers,
    "outre": outre,
    "regression_clean_learning": regression_clean_learning,
    "shapley": shapley,
    "datalab": datalab,
    "pictures": pictures,
}


def stream(folder):
    """The batched inspector on files; returns its flagged rows."""
    from cleanlab.experimental.label_issues_batched import find_label_issues_batched

    def call():
        return find_label_issues_batched(
            labels_file=f"{folder}/labels.npy", pred_probs_file=f"{folder}/pred_probs.npy", verbose=False
        )

    return call, lambda issues: {"issues": np.sort(issues)}


def stable_argsort():
    """Makes cleanlab keep equal keys in order. NumPy's default order among them depends on the processor."""
    argsort = np.argsort

    def stable(a, axis=-1, kind=None, order=None):
        return argsort(a, axis=axis, kind="stable", order=order)

    np.argsort = stable


def measure(call, runs):
    """The least processor time of a few calls, and the result of the last."""
    seconds = []
    while True:
        start = processor_time()
        # Some functions print advice, and standard output is for the result.
        with contextlib.redirect_stdout(io.StringIO()):
            result = call()
        seconds.append(processor_time() - start)
        if len(seconds) == runs or seconds[-1] > ONCE_FROM_SECONDS:
            return min(seconds), result
        del result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("item", choices=[*ITEMS, "stream"])
    parser.add_argument("inputs", help="the folder of the data set")
    parser.add_argument("results", help="the folder for what the call returned")
    parser.add_argument("--stable", action="store_true", help="one call, with equal keys in order")
    arguments = parser.parse_args()
    if arguments.stable:
        stable_argsort()
    if arguments.item == "stream":
        call, arrays = stream(arguments.inputs)
    else:
        call, arrays = ITEMS[arguments.item](bench_arrays.read(arguments.inputs))
    seconds, result = measure(call, 1 if arguments.stable else RUNS)
    bench_arrays.write(arguments.results, arrays(result))
    print(json.dumps({"cpu_seconds": seconds}))


if __name__ == "__main__":
    main()
