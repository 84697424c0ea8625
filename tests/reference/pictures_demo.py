"""Makes the bundled demonstration of boxes and masks from a few photos of people, or as large a set as wanted.

    pip install pillow numpy
    python tests/reference/pictures_demo.py PHOTOS data/pictures_demo.zip
    python tests/reference/pictures_demo.py PHOTOS FOLDER --penn-fudan 170

PHOTOS is the folder with the photos that pictures_demo_truth.json names; it holds the outline of every person in them, drawn by
hand and followed to the edge by GrabCut. Pictures are crops, mirrored or not, of another size and brightness. A crop is kept
where every person in it shows at least a quarter of themselves, or nothing. Boxes are the extents of the outlines. The second
form writes the layout of the Penn-Fudan pedestrians: PNGImages, PedMasks (0 for the background, then 1, 2, … by person) and
Annotation. The same seed gives the same pictures; bytes may differ with the version of Pillow.
"""

import argparse
import io
import json
import random
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

TRUTH = Path(__file__).resolve().with_name("pictures_demo_truth.json")
# Share of a person's pixels, and pixels on each side of the box, from which the person counts as shown.
SHOWN, LEAST_SIDE = 0.25, 40
# The same, below which nothing of a person shows.
HIDDEN = 0.002


def people(photo):
    """One mask per person."""
    masks = []
    for person in photo["people"]:
        image = Image.new("1", (photo["width"], photo["height"]))
        draw = ImageDraw.Draw(image)
        for fill, outlines in ((1, person["polygons"]), (0, person["holes"])):
            for outline in outlines:
                draw.polygon(outline, fill=fill)
        masks.append(np.asarray(image))
    return masks


def box_of(mask):
    """Left, upper, right and lower edge."""
    ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return [int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1]


def crop(photo, masks, rng):
    """A window in which every person shows well or not at all, and at least one shows."""
    width, height = photo["width"], photo["height"]
    while True:
        w = round(width * rng.uniform(0.42, 1.0))
        h = round(min(height, max(0.42 * height, w * rng.choice([0.75, 0.75, 1.0, 1.3]))))
        x, y = rng.randint(0, width - w), rng.randint(0, height - h)
        shares = [mask[y : y + h, x : x + w].sum() / mask.sum() for mask in masks]
        if all(share >= SHOWN or share <= HIDDEN for share in shares) and any(share >= SHOWN for share in shares):
            return x, y, w, h


def picture(name, photo, masks, image, rng):
    """A picture and the masks of the people in it."""
    while True:
        x, y, w, h = crop(photo, masks, rng)
        side = rng.choice([400, 440, 480, 512, 560, 600])
        scale = side / max(w, h)
        size = round(w * scale), round(h * scale)
        flip = rng.random() < 0.5
        brightness, contrast = rng.uniform(0.7, 1.25), rng.uniform(0.85, 1.15)
        shown = image.crop((x, y, x + w, y + h)).resize(size, Image.LANCZOS)
        parts = []
        for mask in masks:
            part = Image.fromarray(mask[y : y + h, x : x + w].astype(np.uint8) * 255).resize(size, Image.BOX)
            part = np.asarray(part) >= 128
            if mask[y : y + h, x : x + w].sum() >= SHOWN * mask.sum():
                parts.append(part)
        boxes = [box_of(part) for part in parts]
        if any(min(box[2] - box[0], box[3] - box[1]) < LEAST_SIDE for box in boxes):
            continue
        if flip:
            shown = shown.transpose(Image.FLIP_LEFT_RIGHT)
            parts = [part[:, ::-1] for part in parts]
        shown = ImageEnhance.Contrast(ImageEnhance.Brightness(shown).enhance(brightness)).enhance(contrast)
        return shown, parts


def pictures(folder, n, seed):
    """`n` pictures, the photos in turn; those with more people more often."""
    truth = json.loads(TRUTH.read_text())
    photos = []
    for name, photo in truth.items():
        image = Image.open(folder / name).convert("RGB")
        photos.append((name, photo, people(photo), image))
    turns = [photos[i] for i in (0, 1, 0, 2, 1, 3)]
    rng = random.Random(seed)
    return [picture(*turns[i % len(turns)], rng) for i in range(n)]


def png(mask):
    out = io.BytesIO()
    image = Image.fromarray(mask, "P")
    image.putpalette([0, 0, 0, 230, 60, 60, 60, 170, 80, 70, 110, 230, 230, 190, 40, 170, 80, 200])
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def numbered(parts, shape):
    mask = np.zeros(shape, np.uint8)
    for number, part in enumerate(parts, 1):
        mask[part] = number
    return mask


def demonstration(made, path):
    """COCO JSON, JPEG and mask PNG in a zip."""
    coco = {
        "info": {"description": "People, cut from four photos; see README.txt"},
        "images": [],
        "annotations": [],
        "categories": [{"id": 1, "name": "person"}],
    }
    files = {}
    for number, (shown, parts) in enumerate(made, 1):
        name = f"people_{number:02}"
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=78, optimize=True)
        files[f"images/{name}.jpg"] = out.getvalue()
        files[f"masks/{name}.png"] = png(numbered(parts, (shown.height, shown.width)))
        image = {"id": number, "file_name": f"{name}.jpg", "width": shown.width, "height": shown.height}
        coco["images"].append(image)
        for part in parts:
            x1, y1, x2, y2 = box_of(part)
            coco["annotations"].append(
                {
                    "id": len(coco["annotations"]) + 1,
                    "image_id": number,
                    "category_id": 1,
                    "bbox": [x1, y1, x2 - x1, y2 - y1],
                    "area": int(part.sum()),
                    "iscrowd": 0,
                }
            )
    files["annotations.json"] = json.dumps(coco, indent=1).encode()
    files["README.txt"] = (
        b"Pictures of people with true boxes (annotations.json, COCO) and true masks (masks, one number per person),\n"
        b"cut, mirrored, resized and brightened from:\n"
        b"- Fauxels, https://www.pexels.com/photo/3184419/\n"
        b"- Jack Sparrow, https://www.pexels.com/photo/4046265/\n"
        b"- Karolina Grabowska, https://www.pexels.com/photo/4378882/\n"
        b"  (Pexels licence, https://www.pexels.com/license/)\n"
        b"- NASA, portrait of Eileen Collins (public domain)\n"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            kind = zipfile.ZIP_STORED if name.endswith((".jpg", ".png")) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, kind, 9)


def penn_fudan(made, folder):
    """The three folders of Penn-Fudan."""
    for part in ("PNGImages", "PedMasks", "Annotation"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, (shown, parts) in enumerate(made, 1):
        name = f"FudanPed{number:05}"
        shown.save(folder / "PNGImages" / f"{name}.png")
        (folder / "PedMasks" / f"{name}_mask.png").write_bytes(png(numbered(parts, (shown.height, shown.width))))
        kinds = ['"PASpersonWalking"' if number % 2 else '"PASpersonStanding"'] * len(parts)
        lines = [
            "# Compatible with PASCAL Annotation Version 1.00",
            f'Image filename : "PennFudanPed/PNGImages/{name}.png"',
            f"Image size (X x Y x C) : {shown.width} x {shown.height} x 3",
            'Database : "The Penn-Fudan-Pedestrian Database"',
            f"Objects with ground truth : {len(parts)} {{ {' '.join(kinds)} }}",
            "# Top left pixel co-ordinates : (1, 1)",
            "",
        ]
        for index, (part, kind) in enumerate(zip(parts, kinds), 1):
            x1, y1, x2, y2 = box_of(part)
            lines += [
                f"# Details for pedestrian {index} ({kind})",
                f'Original label for object {index} {kind} : "PennFudanPed"',
                f"Bounding box for object {index} {kind} (Xmin, Ymin) - (Xmax, Ymax) : ({x1 + 1}, {y1 + 1}) - ({x2}, {y2})",
                f'Pixel mask for object {index} {kind} : "PennFudanPed/PedMasks/{name}_mask.png"',
                "",
            ]
        (folder / "Annotation" / f"{name}.txt").write_text("\n".join(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--penn-fudan", type=int, metavar="N", help="write N pictures in the layout of Penn-Fudan")
    arguments = parser.parse_args()
    if arguments.penn_fudan:
        penn_fudan(pictures(arguments.photos, arguments.penn_fudan, 170), arguments.out)
        return
    made = pictures(arguments.photos, 34, 7)
    # What the checks of pictures look for: one picture again, a little brighter, and one in the dark and out of focus.
    shown, parts = made[5]
    made.append((ImageEnhance.Brightness(shown).enhance(1.08), parts))
    shown, parts = made[9]
    made.append((ImageEnhance.Brightness(shown.filter(ImageFilter.GaussianBlur(1.5))).enhance(0.35), parts))
    demonstration(made, arguments.out)


if __name__ == "__main__":
    main()
