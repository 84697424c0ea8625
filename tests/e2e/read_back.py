"""Reads annotations with the tools that others use, and prints boxes by picture, or counts of pixels by mask.

Usage: read_back.py coco|voc|yolo|penn_fudan|masks FOLDER
"""

import contextlib
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

import numpy
from PIL import Image
from pycocotools.coco import COCO

form, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def boxes_of(coco):
    """Boxes by picture, through the index that pycocotools makes."""
    found = {}
    for image in coco.loadImgs(coco.getImgIds()):
        annotations = coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
        found[pathlib.PurePath(image["file_name"]).stem] = [
            [*annotation["bbox"][:2], annotation["bbox"][0] + annotation["bbox"][2],
             annotation["bbox"][1] + annotation["bbox"][3],
             coco.loadCats(annotation["category_id"])[0]["name"]]
            for annotation in annotations
        ]
    return found


def voc(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    edges = ("xmin", "ymin", "xmax", "ymax")
    return [[*(float(one.find("bndbox").find(edge).text) for edge in edges), one.find("name").text]
            for one in root.iter("object")]


def penn_fudan(path):
    number = r"([\d.]+)"
    line = rf'"(\w+)" \(Xmin, Ymin\) - \(Xmax, Ymax\) : \({number}, {number}\) - \({number}, {number}\)'
    return [[*map(float, edges), name] for name, *edges in re.findall(line, path.read_text())]


def yolo(path):
    names = re.search(r"names: \[(.*)\]", (folder / "data.yaml").read_text()).group(1).split(", ")
    width, height = Image.open(folder / "images" / f"{path.stem}.jpg").size
    found = []
    for line in path.read_text().splitlines():
        name, x, y, w, h = line.split()
        x, y, w, h = float(x) * width, float(y) * height, float(w) * width, float(h) * height
        found.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2, names[int(name)]])
    return found


with contextlib.redirect_stdout(io.StringIO()):
    if form == "coco":
        result = boxes_of(COCO(str(folder / "annotations.json")))
    elif form == "masks":
        result = {}
        for path in sorted(folder.glob("masks/*.png")):
            pixels = numpy.asarray(Image.open(path))
            result[path.stem] = {"pixels": int((pixels > 0).sum()), "numbers": sorted(map(int, numpy.unique(pixels)))}
    else:
        pattern, reader = {"voc": ("Annotations/*.xml", voc), "yolo": ("labels/*.txt", yolo),
                           "penn_fudan": ("Annotation/*.txt", penn_fudan)}[form]
        result = {path.stem: reader(path) for path in sorted(folder.glob(pattern))}
json.dump(result, sys.stdout)
