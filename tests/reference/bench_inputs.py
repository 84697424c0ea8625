"""The data sets of `cargo xtask bench algorithms`, drawn from a fixed seed.

Each is written once, as files that both sides read (see `bench_arrays.py`); `stream` is a pair of `.npy` files. With
`--quick` they are a twentieth of their size.
"""

import argparse
from pathlib import Path

import bench_arrays
import numpy as np
import pandas as pd

BIKE = Path(__file__).resolve().parents[2] / "crates/forge-learn/tests/data/sets/bike.csv.gz"
SEED = 20
# Share of labels that are wrong.
NOISE = 0.1
# Rows drawn at a time where all together would not fit.
BLOCK = 100_000


def predictions(random, truth, n_classes, sharpness=3.0):
    """Probabilities of a fair classifier: the softmax of noise, with the true class raised."""
    logits = random.standard_normal((len(truth), n_classes))
    logits[np.arange(len(truth)), truth] += sharpness
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def noisy(random, truth, n_classes):
    """Labels of which `NOISE` are another class."""
    wrong = random.random(len(truth)) < NOISE
    return np.where(wrong, (truth + random.integers(1, n_classes, len(truth))) % n_classes, truth)


def classes(random, n, n_classes):
    truth = random.integers(0, n_classes, n)
    return {"labels": noisy(random, truth, n_classes), "pred_probs": predictions(random, truth, n_classes)}


def annotators(random, n, n_annotators, n_classes=5, n_labels=5):
    """About `n_labels` labels of each example, by annotators of different skill; NaN where there is none."""
    truth = random.integers(0, n_classes, n)
    skill = random.uniform(0.6, 0.95, n_annotators)
    given = random.random((n, n_annotators)) < n_labels / n_annotators
    given[np.arange(n), random.integers(0, n_annotators, n)] = True
    right = random.random((n, n_annotators)) < skill
    others = (truth[:, None] + random.integers(1, n_classes, (n, n_annotators))) % n_classes
    labels = np.where(given, np.where(right, truth[:, None], others), np.nan)
    unlabeled = predictions(random, random.integers(0, n_classes, n), n_classes)
    return {"labels": labels, "pred_probs": predictions(random, truth, n_classes), "unlabeled": unlabeled}


def tokens(random, n, n_tokens=12, n_classes=17, n_words=2_000):
    """Sentences of `n_tokens` tokens; each token is one of `n_words` words."""
    out = classes(random, n * n_tokens, n_classes)
    return out | {"lengths": np.full(n, n_tokens), "words": random.integers(0, n_words, n * n_tokens)}


def masks(random, n, side, n_classes=21):
    """Images of `side` × `side` pixels, n × side × side labels and n × k × side × side probabilities."""
    labels = np.empty((n, side, side), dtype=np.int32)
    pred_probs = np.empty((n, n_classes, side, side))
    for image in range(n):
        truth = np.repeat(np.repeat(random.integers(0, n_classes, (side // 16, side // 16)), 16, axis=0), 16, axis=1)
        labels[image] = noisy(random, truth.ravel(), n_classes).reshape(side, side)
        probs = predictions(random, truth.ravel(), n_classes)
        pred_probs[image] = probs.T.reshape(n_classes, side, side)
    return {"labels": labels, "pred_probs": pred_probs}


def boxes(random, n, n_classes=10, n_boxes=8):
    """Images with boxes, and detections that miss, move or misname some of them."""
    counts = random.integers(1, n_boxes + 1, n)
    total = counts.sum()
    corner, size = random.uniform(0, 400, (total, 2)), random.uniform(20, 200, (total, 2))
    given = np.hstack([corner, corner + size])
    labels = random.integers(0, n_classes, total)
    image = np.repeat(np.arange(n), counts)

    found = random.random(total) < 0.9
    predicted = np.where(random.random(total) < 0.9, labels, random.integers(0, n_classes, total))
    first, second = corner + random.normal(0, 5, (total, 2)), corner + size + random.normal(0, 5, (total, 2))
    moved = np.hstack([np.minimum(first, second), np.maximum(first, second)])
    n_false = total // 5
    false_corner, false_size = random.uniform(0, 400, (n_false, 2)), random.uniform(20, 200, (n_false, 2))
    detections = {
        "image": np.concatenate([image[found], random.integers(0, n, n_false)]),
        "class": np.concatenate([predicted[found], random.integers(0, n_classes, n_false)]),
        "box": np.vstack([moved[found], np.hstack([false_corner, false_corner + false_size])]),
        "prob": np.concatenate([random.uniform(0.4, 1.0, found.sum()), random.uniform(0.05, 0.7, n_false)]),
    }
    order = np.lexsort((detections["class"], detections["image"]))
    cells = np.bincount(detections["image"] * n_classes + detections["class"], minlength=n * n_classes)
    return {
        "counts": counts,
        "boxes": given,
        "labels": labels,
        # How many detections there are of each class in each image, then all of them in that order.
        "detection_counts": cells.reshape(n, n_classes),
        "detections": np.hstack([detections["box"], detections["prob"][:, None]])[order],
    }


def multilabel(random, n, n_classes):
    """Labels as a 0/1 matrix; probabilities need not sum to one."""
    truth = random.random((n, n_classes)) < 0.2
    wrong = random.random((n, n_classes)) < NOISE / 2
    logits = random.standard_normal((n, n_classes)) + np.where(truth, 2.0, -2.0)
    return {"labels": (truth ^ wrong).astype(np.int32), "pred_probs": 1 / (1 + np.exp(-logits))}


def features(random, n, n_columns):
    """Clusters in feature space, with the cluster as label."""
    n_clusters = 10
    centres = random.normal(0, 3, (n_clusters, n_columns))
    truth = random.integers(0, n_clusters, n)
    return {"features": centres[truth] + random.standard_normal((n, n_columns)), "labels": noisy(random, truth, n_clusters)}


def targets(random, n):
    """Numbers with predictions of them, some of the numbers wrong."""
    truth = random.gamma(2.0, 100.0, n)
    labels = np.where(random.random(n) < NOISE / 2, random.permutation(truth), truth)
    return {"labels": labels, "predictions": truth + random.normal(0, 20, n)}


def bike(random, scale):
    """Hourly counts of rented bicycles, some of them wrong."""
    data = pd.read_csv(BIKE)
    data = data.iloc[random.permutation(len(data))[: len(data) // scale]]
    targets = data.pop("cnt").to_numpy(dtype=float)
    targets = np.where(random.random(len(targets)) < NOISE / 2, random.permutation(targets), targets)
    return {"features": data.to_numpy(dtype=float), "targets": targets}


def audit(random, n, n_columns, n_classes):
    """Features in clusters, with noisy labels and the probabilities of a good model."""
    drawn = features(random, n, n_columns)
    logits = random.standard_normal((n, n_classes))
    logits[np.arange(n), drawn["labels"]] += 2.5
    probs = np.exp(logits)
    return {**drawn, "pred_probs": probs / probs.sum(axis=1, keepdims=True)}


def pictures(random, n, size):
    """Smooth pictures with some grain, some of them dark, bright, flat or twice there."""
    y, x = np.mgrid[0:size, 0:size] / size
    pixels = np.empty((n, size, size, 3), dtype=np.int32)
    for i in range(n):
        waves, phase = random.uniform(1, 20, (3, 2)), random.uniform(0, 6, 3)
        wave = np.sin(waves[:, 0, None, None] * x + waves[:, 1, None, None] * y + phase[:, None, None])
        light, grain = random.uniform(20, 230), random.uniform(0, 40)
        picture = light + 60 * wave + grain * random.standard_normal((3, size, size))
        pixels[i] = np.clip(picture, 0, 255).transpose(1, 2, 0)
        if i % 50 == 49:
            pixels[i] = pixels[i - 1]
    return {"pixels": pixels}


# Per data set: what draws it, with which sizes.
DATA_SETS = {
    "classes10": lambda random, scale: classes(random, 1_000_000 // scale, 10),
    "classes100": lambda random, scale: classes(random, 1_000_000 // scale, 100),
    "annotators": lambda random, scale: annotators(random, 10_000 // scale, 50),
    "tokens": lambda random, scale: tokens(random, 25_000 // scale),
    "masks": lambda random, scale: masks(random, max(30 // scale, 2), 512 if scale == 1 else 256),
    "boxes": lambda random, scale: boxes(random, 5_000 // scale),
    "multilabel": lambda random, scale: multilabel(random, 50_000 // scale, 20),
    "features8": lambda random, scale: features(random, 20_000 // scale, 8),
    "features64": lambda random, scale: features(random, 50_000 // scale, 64),
    "audit8": lambda random, scale: audit(random, 20_000 // scale, 8, 10),
    "pictures": lambda random, scale: pictures(random, 1_000 // scale, 256),
    "bike": bike,
    "targets": lambda random, scale: targets(random, 17_379 // scale),
}


def stream(random, folder, n, n_classes=10):
    """Labels and probabilities as `.npy` files, never all in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.lib.format.open_memmap(folder / "labels.npy", "w+", dtype=np.int64, shape=(n,))
    pred_probs = np.lib.format.open_memmap(folder / "pred_probs.npy", "w+", dtype=np.float64, shape=(n, n_classes))
    for start in range(0, n, BLOCK):
        block = classes(random, min(BLOCK, n - start), n_classes)
        labels[start : start + BLOCK] = block["labels"]
        pred_probs[start : start + BLOCK] = block["pred_probs"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data_set", choices=[*DATA_SETS, "stream"])
    parser.add_argument("folder", type=Path, help="where its files go")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the rows")
    arguments = parser.parse_args()
    random, scale = np.random.default_rng(SEED), 20 if arguments.quick else 1
    if arguments.data_set == "stream":
        stream(random, arguments.folder, 10_000_000 // scale)
    else:
        bench_arrays.write(arguments.folder, DATA_SETS[arguments.data_set](random, scale))


if __name__ == "__main__":
    main()
