"""Token classification with scikit-learn and cleanlab: the design of the task `token`, to compare its figures with.

Reads a CoNLL-U file (plain or gzipped), draws sentences for training and for measuring, changes the tags of a share of
the training tokens to others, finds label issues from predictions by folds of sentences, leaves out the worst and trains
again. Prints one JSON object: the means over the seeds and the processor time of each run, in seconds.

    python tests/reference/tasks_token.py en_ewt-ud-train.conllu.gz --train 1000 --dev 300 --noise 0.1

Needs scikit-learn 1.9.1 and cleanlab 2.9.0.
"""

import argparse
import gzip
import json
import resource
import time
import warnings
from pathlib import Path

import cleanlab
import numpy as np
import sklearn
from cleanlab.token_classification.filter import find_label_issues
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import KFold


def read(path):
    """Sentences of (word, tag)."""
    data = Path(path).read_bytes()
    text = (gzip.decompress(data) if path.endswith(".gz") else data).decode()
    sentences, current = [], []
    for line in text.split("\n"):
        if not line:
            if current:
                sentences.append(current)
            current = []
        elif not line.startswith("#"):
            fields = line.split("\t")
            if fields[0].isdigit():
                current.append((fields[1], fields[3]))
    return sentences


def features(sentence):
    words = [word.lower() for word, _ in sentence]
    for place, (word, _) in enumerate(sentence):
        lower = words[place]
        found = {"word": lower, "upper": word.isupper(), "title": word.istitle(), "digit": word.isdigit()}
        for n in (1, 2, 3):
            found[f"prefix{n}"] = lower[:n]
            found[f"suffix{n}"] = lower[-n:]
        found["before"] = words[place - 1] if place > 0 else "<start>"
        found["after"] = words[place + 1] if place + 1 < len(words) else "<end>"
        yield found


class Model:
    def __init__(self, sentences, tags, n_classes, max_iter):
        rows = [token for sentence in sentences for token in features(sentence)]
        self.vectorizer = DictVectorizer()
        matrix = self.vectorizer.fit_transform(rows)
        self.model = LogisticRegression(max_iter=max_iter).fit(matrix, tags)
        self.n_classes = n_classes

    def probabilities(self, sentences):
        rows = [token for sentence in sentences for token in features(sentence)]
        probs = np.zeros((len(rows), self.n_classes))
        probs[:, self.model.classes_] = self.model.predict_proba(self.vectorizer.transform(rows))
        return probs


class Kept(Model):
    """Trained on some of the tokens, whose features still come from whole sentences."""

    def __init__(self, sentences, tags, n_classes, max_iter, kept):
        rows = [token for sentence in sentences for token in features(sentence)]
        rows = [row for row, keep in zip(rows, kept) if keep]
        self.vectorizer = DictVectorizer()
        self.model = LogisticRegression(max_iter=max_iter).fit(self.vectorizer.fit_transform(rows), tags[kept])
        self.n_classes = n_classes


def measure(model, sentences, tags):
    predicted = model.probabilities(sentences).argmax(axis=1)
    return {"accuracy": accuracy_score(tags, predicted), "f1_macro": f1_score(tags, predicted, average="macro")}


def one_run(corpus, seed, arguments):
    start = time.process_time()
    random = np.random.default_rng(seed)
    order = random.permutation(len(corpus))
    dev = [corpus[i] for i in order[: arguments.dev]]
    train = [corpus[i] for i in order[arguments.dev : arguments.dev + arguments.train]]
    names = sorted({tag for sentence in train + dev for _, tag in sentence})
    number = {name: i for i, name in enumerate(names)}
    tags_of = lambda sentences: np.array([number[tag] for sentence in sentences for _, tag in sentence])
    tags, dev_tags, k = tags_of(train), tags_of(dev), len(names)
    wrong = random.choice(len(tags), round(len(tags) * arguments.noise), replace=False)
    tags[wrong] = (tags[wrong] + random.integers(1, k, len(wrong))) % k

    lengths = np.array([len(sentence) for sentence in train])
    ends = np.cumsum(lengths)
    places = [np.arange(end - length, end) for end, length in zip(ends, lengths)]
    probs = np.zeros((len(tags), k))
    for learn, rest in KFold(arguments.folds, shuffle=True, random_state=seed).split(train):
        learned = tags[np.concatenate([places[i] for i in learn])]
        model = Model([train[i] for i in learn], learned, k, arguments.max_iter)
        probs[np.concatenate([places[i] for i in rest])] = model.probabilities([train[i] for i in rest])

    baseline = Model(train, tags, k, arguments.max_iter)
    result = {"baseline": measure(baseline, dev, dev_tags)}
    issues = find_label_issues([tags[p].tolist() for p in places], [probs[p] for p in places])
    flat = np.array([places[sentence][token] for sentence, token in issues])
    pruned = flat[: int(len(tags) * arguments.prune)]
    kept = np.ones(len(tags), bool)
    kept[pruned] = False
    result["pruned_retrain"] = measure(Kept(train, tags, k, arguments.max_iter, kept), dev, dev_tags)
    result["n_issues"] = len(flat)
    result["n_train"] = len(tags)
    result["n_features"] = len(baseline.vectorizer.vocabulary_)
    result["n_iter"] = int(baseline.model.n_iter_.max())
    if arguments.noise > 0:
        hits = np.isin(pruned, wrong).sum()
        result["precision_at_prune"] = hits / max(len(pruned), 1)
        result["recall_at_prune"] = hits / len(wrong)
        flagged = np.isin(flat, wrong).sum()
        result["precision_at_flag"] = flagged / max(len(flat), 1)
        result["recall_at_flag"] = flagged / len(wrong)
    result["cpu_seconds"] = time.process_time() - start
    return result


def mean(results):
    first = results[0]
    return {
        key: mean([r[key] for r in results]) if isinstance(first[key], dict) else float(np.mean([r[key] for r in results]))
        for key in first
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--dev", type=int, default=500)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--prune", type=float, default=0.03)
    parser.add_argument("--max-iter", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    corpus = read(arguments.path)
    runs = [one_run(corpus, seed, arguments) for seed in range(arguments.seeds)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"scikit-learn": sklearn.__version__, "cleanlab": cleanlab.__version__, **vars(arguments)}
    print(json.dumps({**found, "mean": mean(runs), "peak_mb": round(peak)}, indent=1))


if __name__ == "__main__":
    main()
