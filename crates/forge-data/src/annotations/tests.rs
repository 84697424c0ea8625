//! What is mended, what is left out, and what the warnings say.

use super::*;

fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), text.as_bytes().to_vec())
}

fn edges(labelled: &LabelledBox) -> [f64; 4] {
    [labelled.x1, labelled.y1, labelled.x2, labelled.y2]
}

#[test]
fn coco_boxes_that_cannot_be_are_mended_or_left_out_by_name() {
    let text = r#"{"images": [{"id": 7, "file_name": "a.jpg", "width": 100, "height": 50}, {"id": 9, "file_name": "b.jpg"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 10, 20, 20]},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [90, 10, 20, 20]},
            {"id": 3, "image_id": 7, "category_id": 3, "bbox": [30, 10, -20, 20]},
            {"id": 4, "image_id": 7, "category_id": 3, "bbox": [200, 10, 20, 20]},
            {"id": 5, "image_id": 8, "category_id": 3, "bbox": [1, 1, 2, 2]},
            {"id": 6, "image_id": 7, "category_id": 4, "bbox": [1, 1, 2, 2]},
            {"id": 7, "image_id": 7, "category_id": 3, "bbox": [1, 1, 0, 2]},
            {"image_id": 7, "category_id": 3},
            {"id": 9, "image_id": 7, "category_id": 3, "bbox": [-0.5, 0, 5, 50.9], "iscrowd": 1}],
        "categories": [{"id": 3, "name": "cat"}]}"#;
    let read = read_coco("c.json", text.into()).unwrap();
    let found: Vec<[f64; 4]> = read.annotations.boxes[0].iter().map(edges).collect();
    assert_eq!(
        found,
        [[10.0, 10.0, 30.0, 30.0], [90.0, 10.0, 100.0, 30.0], [10.0, 10.0, 30.0, 30.0], [0.0, 0.0, 4.5, 50.0]]
    );
    assert_eq!(read.annotations.boxes[0][3].kind, BoxKind::Crowd);
    assert_eq!(
        read.warnings,
        [
            "a.jpg: annotation 2 (90, 10) – (110, 30) reaches out of the image (100 × 50); it is clipped",
            "a.jpg: annotation 3 (30, 10) – (10, 30) has its corners in the wrong order; they are swapped",
            "a.jpg: annotation 4 (200, 10) – (220, 30) lies outside of the image (100 × 50) and is left out",
            "annotation 5 is of image 8, which the file does not have, and is left out",
            "annotation 6 is of category 4, which the file does not have, and is left out",
            "a.jpg: annotation 7 (1, 1) – (1, 3) has no area and is left out",
            "annotation number 8 has no box of four numbers and is left out",
            "1 image has no box",
        ]
    );
}

#[test]
fn coco_files_that_are_none_are_refused_with_the_place() {
    let said = |text: &str| read_coco("c.json", text.into()).unwrap_err().to_string();
    assert!(said("{\"images\": 3}").starts_with("c.json: cannot be read as COCO JSON: invalid type: integer `3`"));
    assert!(said("{}").contains("missing field `images`"));
    let twice = r#"{"images": [{"id": 1, "file_name": "a"}, {"id": 1, "file_name": "b"}]}"#;
    assert!(said(twice).contains("two images have the id 1"));
}

#[test]
fn voc_files_that_are_none_are_left_out_and_entities_are_text() {
    let good = "<annotation><filename>a &amp; b.jpg</filename><size><width>10</width><height>10</height></size><object><name>\
                x&#233;<![CDATA[<y>]]></name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3.5</xmax><ymax>4</ymax></bndbox>\
                </object><object><name>y</name></object></annotation>";
    let files = [file("a.xml", good), file("b.xml", "<annotation><object>"), file("c.xml", "<html></html>")];
    let read = read_voc(&files).unwrap();
    assert_eq!(read.annotations.images[0].file, "a & b.jpg");
    assert_eq!(read.annotations.classes, ["xé<y>"]);
    assert_eq!(edges(&read.annotations.boxes[0][0]), [1.0, 2.0, 3.5, 4.0]);
    assert_eq!(read.warnings[0], "a.xml: object 2 has no name or no whole box and is left out");
    assert!(read.warnings[1].starts_with("b.xml is left out: "), "{:?}", read.warnings);
    assert_eq!(read.warnings[2], "c.xml is left out: it has no element <annotation>");
    let error = read_voc(&files[2..]).unwrap_err().to_string();
    assert_eq!(error, "c.xml: cannot be read as Pascal VOC: it has no element <annotation>");
}

#[test]
fn yolo_lines_give_boxes_polygons_their_bounds_and_the_rest_is_told() {
    let images = [ImageRef { id: 1, file: "images/a.jpg".into(), width: 200, height: 100 }];
    let text =
        "0 0.5 0.5 0.5 0.5\n1 0.25 0.5 0.125 0.25 0.9\n1 0.1 0.2 0.3 0.2 0.3 0.6\n2 0.5 0.5 0.1 0.1\n0 0.5 0.5\n";
    let files = [file("labels/a.txt", text), file("labels/b.txt", "0 0.5 0.5 0.1 0.1\n")];
    let read = read_yolo(&files, &images, &["x".to_owned(), "y".to_owned()]).unwrap();
    let found: Vec<[f64; 4]> = read.annotations.boxes[0].iter().map(edges).collect();
    assert_eq!(found, [[50.0, 25.0, 150.0, 75.0], [37.5, 37.5, 62.5, 62.5], [20.0, 20.0, 60.0, 60.0]]);
    assert_eq!(
        read.warnings,
        [
            "labels/a.txt, line 4: class 2 has no name and is left out",
            "labels/a.txt, line 5 is left out: 2 numbers follow the class, expected 4",
            "labels/b.txt has no image of the same name and is left out",
        ]
    );
    let unnamed = read_yolo(&files[..1], &images, &[]).unwrap();
    assert_eq!(unnamed.annotations.classes, ["0", "1", "2"]);
    let unsized_image = [ImageRef { file: "a.jpg".into(), ..ImageRef::default() }];
    assert!(read_yolo(&files, &unsized_image, &[]).unwrap_err().to_string().contains("size of the image is not known"));
}

#[test]
fn class_names_are_read_from_lines_lists_and_mappings() {
    let read = |name: &str, text: &str| read_class_names(name, text.into());
    let expected = ["person", "it's", "dog, cat"];
    assert_eq!(read("classes.txt", "person\r\nit's\ndog, cat\n\n").unwrap(), expected);
    for yaml in [
        "nc: 3\nnames: ['person', \"it's\", 'dog, cat'] # the classes\nval: x\n",
        "names:\n  0: person\n  2: \"dog, cat\"\n  1: 'it''s'\n\nval: x # no class\n",
        "names:\n- person\n- it's\n- dog, cat # and others\nval: x\n",
        "names: {0: person, 1: \"it's\", 2: 'dog, cat'}\n",
        "names: [person, 'it''s', \"dog, cat\"]\n",
        "names: ['person',\n  \"it's\",\n  'dog, cat']\n",
    ] {
        assert_eq!(read("data.yaml", yaml).unwrap(), expected, "{yaml}");
    }
    let said = |text: &str| read("data.yaml", text).unwrap_err().to_string();
    assert!(said("nc: 3\n").contains("no entry `names`"));
    assert!(said("names:\n  0: a\n  2: b\n").contains("class 1 has no name"));
    assert!(said("names: [a, b\n").contains("not closed with ]"));
    assert!(said("names: 3\n").contains("\"3\" is no list of names"));
}

#[test]
fn penn_fudan_lines_give_boxes() {
    let text = "Image filename : \"PennFudanPed/PNGImages/F1.png\"\nImage size (X x Y x C) : 559 x 536 x 3\nBounding box for \
                object 1 \"PASpersonWalking\" (Xmin, Ymin) - (Xmax, Ymax) : (160, 182) - (302, 431)\nBounding box for object \
                2 \"PASpersonWalking\" (Xmin, Ymin) - (Xmax, Ymax) : (160, 182)\n";
    let read = read_penn_fudan(&[file("F1.txt", text), file("x.txt", "hello\n")]).unwrap();
    assert_eq!(read.annotations.images[0], ImageRef { id: 1, file: "F1.png".into(), width: 559, height: 536 });
    assert_eq!(edges(&read.annotations.boxes[0][0]), [160.0, 182.0, 302.0, 431.0]);
    assert_eq!(read.warnings.len(), 2);
    assert_eq!(read.warnings[1], "x.txt is left out: it has no line `Image filename`");
}

#[test]
fn colours_that_are_no_numbers_are_refused() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[1, 2, 3]).unwrap();
    let error = read_mask("m.png", &bytes).unwrap_err().to_string();
    assert!(error.starts_with("m.png: cannot be read as mask PNG: its pixels are colours"), "{error}");
    assert!(read_mask("m.png", b"GIF89a").is_err());
    let short = MaskImage { width: 2, height: 2, values: MaskValues::U8(vec![1]), palette: None };
    assert_eq!(write_mask(&short).unwrap_err().to_string(), "cannot be written as mask PNG: 1 values for 2 × 2 pixels");
    let poor = MaskImage { width: 1, height: 1, values: MaskValues::U8(vec![9]), palette: Some(vec![[0; 3]; 9]) };
    assert!(write_mask(&poor).unwrap_err().to_string().contains("a palette of 9 colours for numbers up to 9"));
}

#[test]
fn files_are_sorted_by_what_they_hold() {
    let paths = [
        "x/images/train/a.jpg",
        "x/images/train/b.JPG",
        "x/labels/train/a.txt",
        "x/data.yaml",
        "README.txt",
        "masks/b_mask.png",
        "SegmentationClass/a.png",
        "masks/z_mask.png",
        "c.png",
        "c.txt",
        "Annotations/a.xml",
        "instances.json",
        "classes.txt",
        "movie.mp4",
    ];
    let groups = group_files(&paths);
    assert_eq!(groups.images, [0, 1, 8]);
    assert_eq!(groups.masks, [Some(6), Some(5), None]);
    assert_eq!(groups.lone_masks, [7]);
    assert_eq!(groups.text, [2, 9]);
    assert_eq!(groups.class_names, [3, 12]);
    assert_eq!((groups.coco, groups.voc), (vec![11], vec![10]));
    assert_eq!(groups.others, [4, 13]);
}

#[test]
fn what_does_not_fit_together_is_told() {
    let mask = MaskImage { width: 3, height: 2, values: MaskValues::U8(vec![0; 6]), palette: None };
    let picture = MaskImage { width: 2, height: 2, values: MaskValues::U8(vec![0; 4]), palette: None };
    let voc = "<annotation><filename>other.png</filename></annotation>";
    let set = read_image_set(vec![
        ("masks/a.png".into(), write_mask(&mask).unwrap()),
        ("masks/q.png".into(), write_mask(&mask).unwrap()),
        ("a.png".into(), write_mask(&picture).unwrap()),
        ("broken.jpg".into(), vec![1, 2, 3]),
        file("a.xml", voc),
    ])
    .unwrap();
    assert_eq!((set.images.len(), set.masks[0].is_none(), &set.image_of[..]), (1, true, &[None][..]));
    assert_eq!(
        set.warnings,
        [
            "masks/a.png is left out: it is 3 × 2, its picture 2 × 2",
            "broken.jpg is left out: its size cannot be told from its first bytes",
            "1 mask has no picture; the first is masks/q.png",
            "1 annotated image is not among the files",
        ]
    );
    assert!(read_image_set(vec![file("a.doc", "")]).is_err());
}
