"""Writes corpora, tables of annotators and multi-label tables by other programs, and what they hold, for the tests of the
readers.

    pip install conllu nltk pandas scikit-learn cleanlab==2.9.0
    python tests/reference/label_files.py

CoNLL-U comes from the package conllu, columns with chunk tags from nltk, the tables from pandas; the wide table is what cleanlab
makes of the long one, the one-hot columns are scikit-learn's. Everything goes to one zip:
crates/forge-data/tests/data/label_files.zip, with expected.json in it.
"""

import json
import zipfile
from pathlib import Path

import conllu
import nltk
import numpy as np
import pandas as pd
from cleanlab.internal.multiannotator_utils import format_multiannotator_labels
from cleanlab.multiannotator import convert_long_to_wide_dataset
from sklearn.preprocessing import MultiLabelBinarizer

OUT = Path(__file__).resolve().parents[2] / "crates" / "forge-data" / "tests" / "data" / "label_files.zip"
RANDOM = np.random.default_rng(11)
files, expected = {}, {}


def conll_u():
    sentences = []
    for number, words in enumerate([["Don't", "go"], ["Größe", "»", "#1", "."]]):
        tokens = [
            conllu.models.Token({
                "id": place, "form": word, "lemma": word.lower(), "upos": ["NOUN", "VERB", "PUNCT", None][place % 4], "xpos": "X",
                "feats": {"Number": "Sing"}, "head": 0, "deprel": "root", "deps": None, "misc": {"SpaceAfter": "No"},
            })
            for place, word in enumerate(words, 1)
        ]
        tokens.insert(0, conllu.models.Token({
            "id": (1, "-", 2), "form": "x", "lemma": None, "upos": None, "xpos": None, "feats": None, "head": None, "deprel": None,
            "deps": None, "misc": None,
        }))
        sentences.append(conllu.models.TokenList(tokens, metadata={"sent_id": f"s{number}", "text": " ".join(words)}))
    text = "".join(sentence.serialize() for sentence in sentences)
    files["corpus.conllu"] = text.encode()
    expected["conllu"] = [
        [[token["form"], None if token["upos"] == "_" else token["upos"]] for token in sentence if isinstance(token["id"], int)]
        for sentence in conllu.parse(text)
    ]


def columns():
    trees = [
        nltk.Tree("S", [nltk.Tree("NP", [("the", "DT"), ("dog", "NN")]), ("barked", "VBD"), ("at", "IN")]),
        nltk.Tree("S", [("#", "#"), nltk.Tree("NP", [("5", "CD")])]),
    ]
    files["chunks.txt"] = "\n\n".join(nltk.chunk.tree2conllstr(tree) for tree in trees).encode()
    expected["columns"] = [[[word, tag] for word, _, tag in nltk.chunk.tree2conlltags(tree)] for tree in trees]


def annotators():
    rows = [
        (f"task{t}", f"worker{w}", ["cat", "dog", "eel"][int(RANDOM.integers(3))])
        for t in range(7) for w in range(5) if RANDOM.random() < 0.7
    ]
    long = pd.DataFrame(rows, columns=["task", "annotator", "label"])
    wide = convert_long_to_wide_dataset(long)
    codes, mapping = format_multiannotator_labels(wide)
    files["long.csv"] = long.to_csv(index=False).encode()
    files["wide.tsv"] = wide.to_csv(sep="\t").encode()
    expected["annotators"] = {
        "examples": list(wide.index), "annotators": list(wide.columns), "classes": [mapping[k] for k in sorted(mapping)],
        "labels": [None if np.isnan(code) else int(code) for code in codes.to_numpy(dtype=float).flatten()],
    }


def multilabel():
    sets = [["b", "a"], [], ["c d"], ["a", "c d"], ["b"]]
    encoder = MultiLabelBinarizer()
    bits = encoder.fit_transform(sets)
    frame = pd.DataFrame(bits, columns=encoder.classes_)
    frame.insert(0, "x", np.arange(5) / 2)
    files["one_hot.csv"] = frame.to_csv(index=False).encode()
    lists = pd.DataFrame({"x": np.arange(5) / 2, "python": sets, "joined": ["|".join(labels) for labels in sets]})
    lists["json"] = lists["python"].map(json.dumps)
    files["lists.csv"] = lists.to_csv(index=False).encode()
    expected["multilabel"] = {"classes": list(encoder.classes_), "sets": [np.flatnonzero(row).tolist() for row in bits]}


def main():
    conll_u()
    columns()
    annotators()
    multilabel()
    files["expected.json"] = json.dumps(expected).encode()
    with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    print(f"{len(files)} files, {OUT.stat().st_size} bytes")


main()
