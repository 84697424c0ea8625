"""Arrays as files, shared by both sides of `cargo xtask bench algorithms`.

Each array is one file of little-endian values without a header, named NAME.SHAPE.TYPE: `pred_probs.1000000x10.f64`.
There are two types, `f64` and `i32`.
"""

from pathlib import Path

import numpy as np

TYPES = {"f64": np.dtype("<f8"), "i32": np.dtype("<i4")}


def read(folder):
    """The arrays of a folder by name. Whole numbers come as int64, as users have them."""
    arrays = {}
    for path in sorted(Path(folder).iterdir()):
        name, shape, kind = path.name.split(".")
        values = np.fromfile(path, dtype=TYPES[kind]).reshape([int(size) for size in shape.split("x")])
        arrays[name] = values if kind == "f64" else values.astype(np.int64)
    return arrays


def write(folder, arrays):
    """Writes arrays by name into a folder, which holds nothing else afterwards."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, values in arrays.items():
        values = np.atleast_1d(np.asarray(values))
        kind = "f64" if values.dtype.kind == "f" else "i32"
        shape = "x".join(str(size) for size in values.shape)
        np.ascontiguousarray(values, dtype=TYPES[kind]).tofile(folder / f"{name}.{shape}.{kind}")
