"""Reference figures of forge-vision: the models on photographs by onnxruntime, with OpenCV and NumPy around them.

    python vision.py MODELS PHOTOS OUT

MODELS is a folder with yolox_nano.onnx, bodypix_s16.onnx and picodet_s_320.onnx, PHOTOS one with the photographs below, OUT
becomes tests/data/vision: small versions of the photographs and expected.json. The small versions that exist are kept, for
encoders change. Needs onnxruntime 1.32, opencv-python-headless 5.0, numpy and pillow.

Raw outputs are recorded on the pictures without loss only, since JPEG decoders differ by a level here and there.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import PIL
from PIL import Image, ImageOps

MODELS, PHOTOS, OUT = map(Path, sys.argv[1:4])
# Of every output each of these many values is recorded.
STEP = {"yolox_nano": 97, "picodet_s_320": 97, "bodypix_s16": 1, "embedding": 1, "probabilities": 997, "resized": 997}
THRESHOLD, IOU = 0.3, 0.45

# name: (source, size, arguments of Pillow's save)
PICTURES = {
    "meeting.webp": ("pexels-fauxels-3184419.jpg", (400, 300), {"lossless": True, "quality": 100, "method": 6}),
    "astronaut.png": ("astronaut.png", (200, 200), {"optimize": True}),
    "walker.jpg": ("pexels-jack-sparrow-4046265.jpg", None, {"quality": 88}),
    "desk.webp": ("pexels-karolina-grabowska-4378882.jpg", (150, 225), {"lossless": True, "quality": 100, "method": 6}),
}


def make_pictures():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (source, size, options) in PICTURES.items():
        if (OUT / name).exists():
            continue
        picture = Image.open(PHOTOS / source).convert("RGB")
        if size is None:
            size = (480, round(480 * picture.height / picture.width))
        picture.resize(size, Image.Resampling.LANCZOS).save(OUT / name, **options)
    if not (OUT / "turned.jpg").exists():
        # Stored upside down and on its side; every reader turns it back by its EXIF block.
        picture = Image.open(OUT / "walker.jpg").transpose(Image.Transpose.ROTATE_90)
        picture.thumbnail((160, 160))
        exif = Image.Exif()
        exif[274] = 6
        picture.save(OUT / "turned.jpg", quality=85, exif=exif)


def session(name, extra=None):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    model = (MODELS / f"{name}.onnx").read_bytes()
    if extra:
        import onnx

        proto = onnx.load_from_string(model)
        proto.graph.output.append(onnx.helper.make_tensor_value_info(extra, onnx.TensorProto.FLOAT, None))
        model = proto.SerializeToString()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(model, tensor):
    return model.run(None, {model.get_inputs()[0].name: np.ascontiguousarray(tensor, np.float32)})


def resize(picture, width, height):
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)


def letterbox(picture, side, fill, centred):
    ratio = min(side / picture.shape[0], side / picture.shape[1])
    width, height = max(1, int(picture.shape[1] * ratio)), max(1, int(picture.shape[0] * ratio))
    x, y = ((side - width) // 2, (side - height) // 2) if centred else (0, 0)
    canvas = np.full((side, side, 3), fill, np.uint8)
    canvas[y : y + height, x : x + width] = resize(picture, width, height)
    return canvas, ratio, (x, y)


def suppress(boxes, scores, classes):
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        if not (boxes[i, 0] < boxes[i, 2] and boxes[i, 1] < boxes[i, 3]):
            continue
        for j in kept:
            if classes[i] != classes[j]:
                continue
            low, high = np.maximum(boxes[i, :2], boxes[j, :2]), np.minimum(boxes[i, 2:], boxes[j, 2:])
            both = np.prod(np.maximum(high - low, 0))
            area = np.prod(boxes[i, 2:] - boxes[i, :2]) + np.prod(boxes[j, 2:] - boxes[j, :2]) - both
            if both / area > IOU:
                break
        else:
            kept.append(i)
    return kept


def boxes_of(picture, boxes, scores, classes, ratio, offset):
    some = scores >= THRESHOLD
    boxes, scores, classes = boxes[some].astype(float), scores[some], classes[some]
    height, width = picture.shape[:2]
    found = []
    for i in suppress(boxes, scores, classes):
        edges = (boxes[i].reshape(2, 2) - offset) / ratio
        edges = edges.clip(0, [width, height]).reshape(4)
        if edges[0] < edges[2] and edges[1] < edges[3]:
            found.append({"class": int(classes[i]), "score": float(scores[i]), "box": [round(float(e), 3) for e in edges]})
    return found


def yolox(model, picture):
    canvas, ratio, offset = letterbox(picture, 416, 114, centred=False)
    output, features = run(model, canvas[:, :, ::-1].transpose(2, 0, 1)[None])
    rows, start, decoded = output[0], 0, []
    for stride in (8, 16, 32):
        side = 416 // stride
        ys, xs = np.mgrid[:side, :side]
        part = rows[start : start + side * side]
        start += side * side
        centre = (part[:, :2] + np.stack([xs, ys], -1).reshape(-1, 2)) * stride
        size = np.exp(part[:, 2:4]) * stride
        decoded.append(np.concatenate([centre - size / 2, centre + size / 2], 1))
    scores = rows[:, 4:5] * rows[:, 5:]
    found = boxes_of(picture, np.concatenate(decoded), scores.max(1), scores.argmax(1), ratio, offset)
    return {"outputs": [sample(output, "yolox_nano")], "boxes": found, "embedding": sample(features.mean((2, 3)), "embedding")}


def picodet(model, picture):
    canvas, ratio, offset = letterbox(picture, 320, 0, centred=True)
    mean, std = np.float32([103.53, 116.28, 123.675]), np.float32([57.375, 57.12, 58.395])
    outputs = run(model, ((canvas[:, :, ::-1] - mean) / std).transpose(2, 0, 1)[None])
    boxes, scores = [], []
    for level, stride in enumerate((8, 16, 32, 64)):
        side = 320 // stride
        ys, xs = np.mgrid[:side, :side]
        centre = np.stack([xs, ys], -1).reshape(-1, 2) * stride + (stride - 1) / 2
        weights = np.exp(outputs[4 + level][0].reshape(-1, 4, 8))
        distances = (weights / weights.sum(-1, keepdims=True)) @ np.arange(8) * stride
        boxes.append(np.concatenate([centre - distances[:, :2], centre + distances[:, 2:]], 1))
        scores.append(outputs[level][0])
    scores = np.concatenate(scores)
    found = boxes_of(picture, np.concatenate(boxes), scores.max(1), scores.argmax(1), ratio, offset)
    return {"outputs": [sample(output, "picodet_s_320") for output in outputs], "boxes": found}


def aligned(grid, width, height):
    """Bilinear with aligned corners."""
    ys = np.linspace(0, grid.shape[0] - 1, height)
    xs = np.linspace(0, grid.shape[1] - 1, width)
    y, x = ys.astype(int), xs.astype(int)
    y1, x1 = np.minimum(y + 1, grid.shape[0] - 1), np.minimum(x + 1, grid.shape[1] - 1)
    lines = grid[y] + (grid[y1] - grid[y]) * (ys - y)[:, None]
    return lines[:, x] + (lines[:, x1] - lines[:, x]) * (xs - x)


def segment(model, picture, long_side=513, multiple=16):
    height, width = picture.shape[:2]
    scale = long_side / max(width, height)
    side = lambda length: max(1, round((length * scale - 1) / multiple)) * multiple + 1
    (output,) = run(model, resize(picture, side(width), side(height))[None] / np.float32(127.5) - 1)
    grid = output[0, :, :, 0]
    return grid, 1 / (1 + np.exp(-aligned(grid.astype(float), width, height)))


def bodypix(model, picture, boxes):
    grid, probabilities = segment(model, picture)
    masks = []
    for box in (found["box"] for found in boxes if found["class"] == 0):
        height, width = picture.shape[:2]
        across, down = box[2] - box[0], box[3] - box[1]
        span = lambda low, high, margin, n: (int(np.floor(max(low - margin, 0))), int(np.ceil(min(high + margin, n))))
        (x, right), (y, end) = span(box[0], box[2], 0, width), span(box[1], box[3], 0, height)
        (cx, cr), (cy, ce) = span(box[0], box[2], across * 0.25, width), span(box[1], box[3], down * 0.12, height)
        _, cut = segment(model, picture[cy:ce, cx:cr], 385, 64)
        inside = cut[y - cy : end - cy, x - cx : right - cx] > 0.6
        masks.append({"x": x, "y": y, "shape": list(inside.shape), "n_inside": int(inside.sum()), "rows": inside.sum(1).tolist()})
    return {
        "shape": list(grid.shape),
        "outputs": [sample(grid, "bodypix_s16")],
        "probabilities": sample(probabilities, "probabilities"),
        "n_inside": int((probabilities > 0.6).sum()),
        "masks": masks,
    }


def sample(values, name):
    flat = np.asarray(values).reshape(-1)
    return {"n": flat.size, "step": STEP[name], "values": [float(f"{value:.7g}") for value in flat[:: STEP[name]]]}


def main():
    cv2.ipp.setUseIPP(False)
    cv2.setNumThreads(1)
    make_pictures()
    detector, finder, segmenter = session("yolox_nano", "input.359"), session("picodet_s_320"), session("bodypix_s16")
    pictures = {}
    for name in sorted([*PICTURES, "turned.jpg"]):
        picture = np.asarray(ImageOps.exif_transpose(Image.open(OUT / name)).convert("RGB"))
        found = yolox(detector, picture)
        entry = {
            "width": picture.shape[1],
            "height": picture.shape[0],
            "yolox_nano": found,
            "picodet_s_320": picodet(finder, picture),
            "bodypix_s16": bodypix(segmenter, picture, found["boxes"]),
        }
        if name.endswith("jpg"):
            for part in entry.values():
                if isinstance(part, dict):
                    part.pop("outputs")
                    part.pop("probabilities", None)
        else:
            entry["resized"] = [{"size": list(size)} | sample(resize(picture, *size), "resized") for size in [(416, 312), (97, 501), (50, 33)]]
        pictures[name] = entry
    versions = {"onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__, "numpy": np.__version__, "pillow": PIL.__version__}
    lines = [f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in pictures.items()]
    text = ",\n".join([f'"versions": {json.dumps(versions)}', *lines])
    (OUT / "expected.json").write_text("{\n" + text + "\n}\n")


main()
