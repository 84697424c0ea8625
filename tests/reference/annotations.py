"""Writes annotation files by other programs, and what they hold, for the tests of the readers.

    pip install pycocotools lxml pillow pyyaml numpy pascal-voc-writer
    python tests/reference/annotations.py

COCO JSON comes from Python's json with masks, boxes and areas by pycocotools; Pascal VOC from lxml in the form that labelImg
writes and from pascal-voc-writer; YOLO in the layout of ultralytics with a data.yaml by PyYAML; pictures and masks from
Pillow. Penn-Fudan and MovieLens have the layout of these data sets, with made-up contents. Everything goes to one zip by
Python's zipfile: crates/forge-data/tests/data/annotations.zip, with expected.json in it.
"""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import yaml
from lxml import etree
from PIL import Image
from pascal_voc_writer import Writer
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

OUT = Path(__file__).resolve().parents[2] / "crates" / "forge-data" / "tests" / "data" / "annotations.zip"
RANDOM = np.random.default_rng(7)
SIZES = {"street": (64, 48), "park": (50, 70), "empty": (33, 21)}
CLASSES = ["person", "traffic light", "dog & cat"]
files = {}
expected = {}


def picture(size, kind):
    buffer = io.BytesIO()
    pixels = RANDOM.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def boxes():
    """A few boxes per image: class and whole edges."""
    found = {}
    for name, (width, height) in SIZES.items():
        found[name] = []
        for _ in range(0 if name == "empty" else 3):
            x1, y1 = int(RANDOM.integers(0, width - 10)), int(RANDOM.integers(0, height - 10))
            x2, y2 = int(RANDOM.integers(x1 + 2, width)), int(RANDOM.integers(y1 + 2, height))
            found[name].append([int(RANDOM.integers(0, 3)), x1, y1, x2, y2])
    return found


def coco(found):
    images, annotations = [], []
    for number, (name, size) in enumerate(SIZES.items()):
        images.append({
            "id": 100 + number, "file_name": f"{name}.jpg", "width": size[0], "height": size[1], "license": 1,
            "date_captured": "2013-11-14 17:02:52",
        })
        for index, (label, x1, y1, x2, y2) in enumerate(found[name]):
            bitmap = np.zeros((size[1], size[0]), dtype=np.uint8, order="F")
            bitmap[y1:y2, x1:x2] = 1
            encoded = coco_mask.encode(bitmap)
            annotations.append({
                "id": len(annotations) + 1, "image_id": 100 + number, "category_id": [1, 10, 18][label],
                "segmentation": {"size": encoded["size"], "counts": encoded["counts"].decode()},
                "area": float(coco_mask.area(encoded)), "bbox": coco_mask.toBbox(encoded).tolist(),
                "iscrowd": int(index == 2),
            })
    categories = [{"id": [1, 10, 18][n], "name": name, "supercategory": "x"} for n, name in enumerate(CLASSES)]
    text = json.dumps({
        "info": {"year": 2024}, "licenses": [{"id": 1, "name": "none"}], "images": images, "annotations": annotations,
        "categories": categories,
    })
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(text)
        file.flush()
        api = COCO(file.name)
    files["coco/instances.json"] = text.encode()
    expected["coco"] = {
        image["file_name"]: [
            [CLASSES[[1, 10, 18].index(a["category_id"])], a["bbox"][0], a["bbox"][1], a["bbox"][0] + a["bbox"][2],
             a["bbox"][1] + a["bbox"][3], "crowd" if a["iscrowd"] else "object"]
            for a in api.loadAnns(api.getAnnIds(imgIds=image["id"]))
        ]
        for image in api.loadImgs(sorted(api.getImgIds()))
    }


def voc(found):
    expected["voc"] = {}
    for name, size in SIZES.items():
        file = f"{name}.jpg"
        expected["voc"][file] = [[CLASSES[label], *edges, "object"] for label, *edges in found[name]]
        if name == "park":
            writer = Writer(f"/home/someone/{file}", *size)
            for label, *edges in found[name]:
                # This writer does not escape what XML needs escaped.
                writer.addObject(CLASSES[label].replace("&", "&amp;"), *edges)
            with tempfile.NamedTemporaryFile(suffix=".xml") as target:
                writer.save(target.name)
                files[f"voc/Annotations/{name}.xml"] = Path(target.name).read_bytes()
            continue
        root = etree.Element("annotation")
        for key, value in [("folder", "JPEGImages"), ("filename", file), ("path", f"C:\\x\\{file}")]:
            etree.SubElement(root, key).text = value
        etree.SubElement(etree.SubElement(root, "source"), "database").text = "Unknown"
        node = etree.SubElement(root, "size")
        for key, value in zip(["width", "height", "depth"], [*size, 3]):
            etree.SubElement(node, key).text = str(value)
        etree.SubElement(root, "segmented").text = "0"
        for index, (label, *edges) in enumerate(found[name]):
            node = etree.SubElement(root, "object")
            for key, value in [("name", CLASSES[label]), ("pose", "Unspecified"), ("truncated", "0"),
                               ("difficult", str(int(index == 1)))]:
                etree.SubElement(node, key).text = value
            box = etree.SubElement(node, "bndbox")
            for key, value in zip(["xmin", "ymin", "xmax", "ymax"], edges):
                etree.SubElement(box, key).text = str(value)
            part = etree.SubElement(node, "part")
            etree.SubElement(part, "name").text = "head"
            etree.SubElement(etree.SubElement(part, "bndbox"), "xmin").text = "1"
            if index == 1:
                expected["voc"][file][index][5] = "difficult"
        files[f"voc/Annotations/{name}.xml"] = etree.tostring(
            root, pretty_print=True, xml_declaration=True, encoding="utf-8")


def yolo(found):
    expected["yolo"] = {}
    for name, size in SIZES.items():
        path = f"yolo/images/train/{name}.jpg"
        files[path] = picture(size, "JPEG")
        lines, rows = [], []
        for label, x1, y1, x2, y2 in found[name]:
            share = [(x1 + x2) / 2 / size[0], (y1 + y2) / 2 / size[1], (x2 - x1) / size[0], (y2 - y1) / size[1]]
            share = [float(f"{value:.6f}") for value in share]
            lines.append(" ".join([str(label), *(f"{value:.6f}" for value in share)]))
            rows.append([CLASSES[label], (share[0] - share[2] / 2) * size[0], (share[1] - share[3] / 2) * size[1],
                         (share[0] + share[2] / 2) * size[0], (share[1] + share[3] / 2) * size[1], "object"])
        if lines:
            files[f"yolo/labels/train/{name}.txt"] = ("\n".join(lines) + "\n").encode()
        expected["yolo"][path] = rows
    files["yolo/data.yaml"] = yaml.safe_dump({
        "path": "../datasets/x", "train": "images/train", "val": "images/train", "nc": 3,
        "names": dict(enumerate(CLASSES)),
    }, sort_keys=False).encode()


def penn_fudan(found):
    expected["penn_fudan"] = {}
    for name, size in SIZES.items():
        boxes = found[name]
        lines = [
            "# Compatible with PASCAL Annotation Version 1.00",
            f'Image filename : "PennFudanPed/PNGImages/{name}.png"',
            f"Image size (X x Y x C) : {size[0]} x {size[1]} x 3",
            'Database : "The Penn-Fudan-Pedestrian Database"',
            f"Objects with ground truth : {len(boxes)} {{ " + " ".join('"PASpersonWalking"' for _ in boxes) + " }",
            "# Top left pixel co-ordinates : (1, 1)",
        ]
        mask = np.zeros((size[1], size[0]), dtype=np.uint8)
        for index, (_, x1, y1, x2, y2) in enumerate(boxes, 1):
            mask[y1 - 1:y2, x1 - 1:x2] = index
            lines += [
                f'# Details for pedestrian {index} ("PASpersonWalking")',
                f'Original label for object {index} "PASpersonWalking" : "PennFudanPed"',
                f'Bounding box for object {index} "PASpersonWalking" (Xmin, Ymin) - (Xmax, Ymax) : '
                f"({x1}, {y1}) - ({x2}, {y2})",
                f'Pixel mask for object {index} "PASpersonWalking" : "PennFudanPed/PedMasks/{name}_mask.png"', "",
            ]
        files[f"PennFudanPed/Annotation/{name}.txt"] = "\r\n".join(lines).encode()
        files[f"PennFudanPed/PNGImages/{name}.png"] = picture(size, "PNG")
        buffer = io.BytesIO()
        Image.fromarray(mask).save(buffer, "PNG")
        files[f"PennFudanPed/PedMasks/{name}_mask.png"] = buffer.getvalue()
        expected["penn_fudan"][f"{name}.png"] = {
            "boxes": [["PASpersonWalking", *edges, "object"] for _, *edges in boxes], "mask": mask.flatten().tolist(),
        }


def masks():
    expected["masks"] = {}
    small = RANDOM.integers(0, 5, (7, 13), dtype=np.uint8)
    palette = Image.fromarray(small).convert("P")
    palette.putpalette([n for colour in range(256) for n in (colour, 255 - colour, 7)])
    images = {
        "grey8": Image.fromarray(small * 50), "palette": palette,
        "grey16": Image.fromarray(RANDOM.integers(0, 65536, (7, 13), dtype=np.uint16)),
        "bit": Image.fromarray((small > 2).astype(np.uint8) * 255).convert("1"),
        "colours": Image.merge("RGB", [Image.fromarray(small)] * 3),
    }
    for name, image in images.items():
        buffer = io.BytesIO()
        image.save(buffer, "PNG", **({"bits": 4} if name == "palette" else {}))
        files[f"masks/{name}.png"] = buffer.getvalue()
        values = np.asarray(image)
        values = values[:, :, 0] if name == "colours" else values
        expected["masks"][name] = values.astype(int).flatten().tolist()


def movielens():
    genres = [0] * 18 + [1]
    items = ["1|Caf\xe9 (1995)|01-Jan-1995||http://x|" + "|".join(map(str, genres)),
             "2|Two (1931)|01-Jan-1931||http://x|" + "|".join(map(str, genres[::-1]))]
    files["ml-100k/u.item"] = ("\n".join(items) + "\n").encode("latin-1")
    files["ml-100k/u.data"] = b"3\t2\t5\t881250949\n1\t1\t3\t891717742\n3\t1\t1\t878887116\n"


def main():
    found = boxes()
    coco(found)
    voc(found)
    yolo(found)
    penn_fudan(found)
    masks()
    movielens()
    files["expected.json"] = json.dumps(expected).encode()
    with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    print(f"{len(files)} files, {OUT.stat().st_size} bytes")


main()
