// Pictures of people with their annotations in every form, made from the bundled demonstration.

import { readFileSync } from "node:fs";
import path from "node:path";

import { ROOT } from "./environment.mjs";
import { unzip, zip } from "./zip.mjs";

const DEMO = unzip(readFileSync(path.join(ROOT, "data/pictures_demo.zip")));
const COCO = JSON.parse(DEMO.get("annotations.json"));

/** What is made wrong: a box that is left out, and one that is shifted, each in a picture by its place. */
export const DROPPED = 1;
export const SHIFTED = 2;
const SHIFT = 24;

/** The first `n` pictures: name, size, and boxes as left, upper, right and lower edge. */
function people(n) {
  return COCO.images.slice(0, n).map(({ id, file_name: name, width, height }, at) => {
    const boxes = COCO.annotations
      .filter(({ image_id: image }) => image === id)
      .map(({ bbox: [x, y, w, h] }) => [x, y, x + w, y + h]);
    if (at === DROPPED) boxes.shift();
    if (at === SHIFTED) {
      const [x1, y1, x2, y2] = boxes[0];
      const by = x2 + SHIFT < width ? SHIFT : -SHIFT;
      boxes[0] = [x1 + by, y1, x2 + by, y2];
    }
    return { name, width, height, boxes };
  });
}

const stem = (name) => name.slice(0, name.lastIndexOf("."));

/** The annotation files of each form. */
const FORMS = {
  coco: (pictures) => {
    let id = 0;
    return [["annotations.json", JSON.stringify({
      info: { note: "kept as it is" },
      images: pictures.map(({ name, width, height }, at) => ({ id: at + 1, file_name: name, width, height })),
      annotations: pictures.flatMap(({ boxes }, at) => boxes.map(([x1, y1, x2, y2]) => {
        id += 1;
        return { id, image_id: at + 1, category_id: 1, bbox: [x1, y1, x2 - x1, y2 - y1], area: (x2 - x1) * (y2 - y1), iscrowd: 0 };
      })),
      categories: [{ id: 1, name: "person" }, { id: 2, name: "dog" }],
    }, null, 1)]];
  },
  voc: (pictures) => pictures.map(({ name, width, height, boxes }) => {
    const objects = boxes.map(([x1, y1, x2, y2]) => `<object><name>person</name><bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox></object>`);
    return [`Annotations/${stem(name)}.xml`, `<annotation><filename>${name}</filename><size><width>${width}</width><height>${height}</height><depth>3</depth></size>${objects.join("")}</annotation>`];
  }),
  yolo: (pictures) => [
    ["data.yaml", "nc: 2\nnames: [person, dog]\n"],
    ...pictures.map(({ name, width, height, boxes }) => {
      const lines = boxes.map(([x1, y1, x2, y2]) => `0 ${(x1 + x2) / 2 / width} ${(y1 + y2) / 2 / height} ${(x2 - x1) / width} ${(y2 - y1) / height}\n`);
      return [`labels/${stem(name)}.txt`, lines.join("")];
    }),
  ],
  penn_fudan: (pictures) => pictures.map(({ name, width, height, boxes }) => {
    const objects = boxes.map(([x1, y1, x2, y2], at) => `# Details for pedestrian ${at + 1} ("PASpersonWalking")\nOriginal label for object ${at + 1} "PASpersonWalking" : "PennFudanPed"\nBounding box for object ${at + 1} "PASpersonWalking" (Xmin, Ymin) - (Xmax, Ymax) : (${x1}, ${y1}) - (${x2}, ${y2})\n`);
    return [`Annotation/${stem(name)}.txt`, `# Compatible with PASCAL Annotation Version 1.00\nImage filename : "PennFudanPed/PNGImages/${name}"\nImage size (X x Y x C) : ${width} x ${height} x 3\nObjects with ground truth : ${boxes.length}\n${objects.join("\n")}`];
  }),
  masks: (pictures) => pictures.map(({ name }) => [`masks/${stem(name)}.png`, DEMO.get(`masks/${stem(name)}.png`)]),
};

/** The names of the forms. */
export const NAMES = Object.keys(FORMS);

/** A set of `n` pictures in a form: its files by path, the archive of them, and the boxes by picture. */
export function photoSet(form, n = 5) {
  const pictures = people(n);
  const files = new Map(pictures.map(({ name }) => [`images/${name}`, DEMO.get(`images/${name}`)]));
  for (const [name, content] of FORMS[form](pictures)) files.set(name, content);
  return { files, pictures, name: `${form}.zip`, bytes: zip(files) };
}
