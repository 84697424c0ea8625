"""onnxruntime on the models and a picture, for `cargo xtask bench vision`.

    python bench_vision.py MODELS PICTURE

Prints one JSON object: milliseconds of processor time with one thread, the least of several, with the resizing before and
without the decoding of boxes.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

RUNS = 12
models, picture = Path(sys.argv[1]), cv2.imread(sys.argv[2])
cv2.setNumThreads(1)


def least(work):
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1e3)
    return min(times)


def session(name):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    start = time.process_time()
    model = onnxruntime.InferenceSession(str(models / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
    return model, (time.process_time() - start) * 1e3


def yolox():
    ratio = min(416 / picture.shape[0], 416 / picture.shape[1])
    canvas = np.full((416, 416, 3), 114, np.uint8)
    small = cv2.resize(picture, (int(picture.shape[1] * ratio), int(picture.shape[0] * ratio)))
    canvas[: small.shape[0], : small.shape[1]] = small
    detector.run(None, {"images": np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)})


def bodypix():
    small = cv2.resize(picture, (513, 385))[None, :, :, ::-1]
    segmenter.run(None, {"input": small / np.float32(127.5) - 1})


detector, load_yolox = session("yolox_nano")
segmenter, load_bodypix = session("bodypix_s16")
print(json.dumps({"load_yolox": load_yolox, "load_bodypix": load_bodypix, "yolox": least(yolox), "bodypix": least(bodypix)}))
