//! What holds of every set of annotations: nothing is lost between writing and reading, and no bytes panic.

use proptest::prelude::*;

use super::*;

fn annotations() -> impl Strategy<Value = BoxAnnotations> {
    let class = "[a-zé &<>\"'#:,-]{0,8}[a-z]";
    let one = (0u32..3, 0..40u32, 0..40u32, 1..40u32, 1..40u32, 0..8u32);
    let images = prop::collection::vec(prop::collection::vec(one, 0..5), 1..5);
    (prop::collection::btree_set(class, 3), images)
        .prop_map(|(classes, images)| {
            let mut images = images;
            images[0].extend([(0, 1, 1, 2, 2, 0), (1, 1, 1, 2, 2, 0), (2, 1, 1, 2, 2, 0)]);
            let classes: Vec<String> = classes.into_iter().map(|class| class.trim().to_owned()).collect();
            let labelled = |&(class, x, y, w, h, eighth): &(u32, u32, u32, u32, u32, u32)| {
                let shift = f64::from(eighth) / 8.0;
                let (x1, y1) = (f64::from(x) + shift, f64::from(y) + shift);
                let (x2, y2) = (x1 + f64::from(w), y1 + f64::from(h));
                LabelledBox { class, x1, y1, x2, y2, kind: BoxKind::Object }
            };
            let image = |index: usize| ImageRef {
                id: index as u64 + 1,
                file: format!("im {index}.png"),
                width: 96,
                height: 80 + 1,
            };
            BoxAnnotations {
                images: (0..images.len()).map(image).collect(),
                classes,
                class_ids: vec![1, 2, 3],
                boxes: images.iter().map(|boxes| boxes.iter().map(labelled).collect()).collect(),
            }
        })
        .prop_filter("classes must differ once blanks are gone and be in order", |annotations| {
            annotations.classes.windows(2).all(|pair| pair[0] < pair[1])
        })
}

fn check_close(read: &BoxAnnotations, written: &BoxAnnotations) -> Result<(), TestCaseError> {
    prop_assert_eq!(&read.images, &written.images);
    for (read, written) in read.boxes.iter().zip(&written.boxes) {
        prop_assert_eq!(read.len(), written.len());
        for (read, written) in read.iter().zip(written) {
            prop_assert_eq!(read.class, written.class);
            let pairs = [(read.x1, written.x1), (read.y1, written.y1), (read.x2, written.x2), (read.y2, written.y2)];
            prop_assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 1e-9), "{:?} {:?}", read, written);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn coco_reads_back_what_it_wrote(annotations in annotations(), crowd in any::<bool>()) {
        let mut annotations = annotations;
        annotations.class_ids = vec![4, 90, 17];
        annotations.images[0].id = 100_000;
        if crowd {
            annotations.boxes[0][0].kind = BoxKind::Crowd;
        }
        prop_assert_eq!(read_coco("c.json", write_coco(&annotations)).unwrap().annotations, annotations);
    }

    #[test]
    fn voc_reads_back_what_it_wrote(annotations in annotations(), difficult in any::<bool>()) {
        let mut annotations = annotations;
        if difficult {
            annotations.boxes[0][0].kind = BoxKind::Difficult;
        }
        prop_assert_eq!(read_voc(&write_voc(&annotations)).unwrap().annotations, annotations);
    }

    #[test]
    fn yolo_reads_back_what_it_wrote_but_for_rounding(annotations in annotations()) {
        let names = read_class_names("data.yaml", write_class_names(&annotations.classes)).unwrap();
        prop_assert_eq!(&names, &annotations.classes);
        let read = read_yolo(&write_yolo(&annotations), &annotations.images, &names).unwrap();
        check_close(&read.annotations, &annotations)?;
    }

    #[test]
    fn penn_fudan_reads_back_what_it_wrote(annotations in annotations()) {
        let mut annotations = annotations;
        // Its classes stand in quotes that cannot be escaped.
        annotations.classes = ["cat", "dog", "person"].map(str::to_owned).to_vec();
        prop_assert_eq!(read_penn_fudan(&write_penn_fudan(&annotations)).unwrap().annotations, annotations);
    }

    #[test]
    fn masks_read_back_as_they_were_written(
        width in 1u32..20, values in prop::collection::vec(any::<u16>(), 1..60), form in 0..3u8,
    ) {
        let height = (values.len() as u32).div_ceil(width);
        let value = |index: usize| values.get(index).copied().unwrap_or(3);
        let n = (width * height) as usize;
        let small: Vec<u8> = (0..n).map(|index| value(index) as u8).collect();
        let (values, palette) = match form {
            0 => (MaskValues::U16((0..n).map(value).collect()), None),
            1 => (MaskValues::U8(small), None),
            _ => (MaskValues::U8(small), Some((0..=255u8).map(|n| [n, 255 - n, 9]).collect())),
        };
        let mask = MaskImage { width, height, values, palette };
        prop_assert_eq!(read_mask("m.png", &write_mask(&mask).unwrap()).unwrap(), mask);
    }

    #[test]
    fn damaged_masks_never_panic(at in 0usize..120, byte in any::<u8>(), cut in 0usize..120) {
        let mask = MaskImage { width: 5, height: 4, values: MaskValues::U8((0..20).collect()), palette: Some(vec![[1, 2, 3]; 20]) };
        let mut bytes = write_mask(&mask).unwrap();
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        let _read = read_mask("m.png", &bytes);
        bytes.truncate(cut);
        let _read = read_mask("m.png", &bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(
        json in "[\\[\\]{}\",:0-9a-z_ ]{0,80}", xml in "(<annotation>)?[<>/a&;!\\[\\]\"' ?-]{0,60}",
        lines in "[0-9. \n-]{0,60}", yaml in "(names:)?[\\[\\]{}\"',:#0-9a\n -]{0,60}",
        fudan in "(Bounding box for object )?[0-9a(),:\" -]{0,60}",
    ) {
        let coco = format!("{{\"images\":[{{\"id\":1,\"file_name\":\"a\"}}],\"annotations\":[{json}]}}");
        for text in [json, coco] {
            let _read = read_coco("c.json", text.into_bytes());
        }
        let inside = format!("<annotation><object>{xml}</object></annotation>");
        let _read = read_voc(&[("a.xml".into(), xml.into_bytes()), ("b.xml".into(), inside.into_bytes())]);
        let image = ImageRef { id: 1, file: "a.png".into(), width: 9, height: 9 };
        let read = read_yolo(&[("a.txt".into(), lines.into_bytes())], &[image], &[]).unwrap();
        let sound = |b: &LabelledBox| b.x1 >= 0.0 && b.x1 < b.x2 && b.x2 <= 9.0 && b.y1 >= 0.0 && b.y1 < b.y2 && b.y2 <= 9.0;
        prop_assert!(read.annotations.boxes[0].iter().all(sound));
        let _read = read_class_names("a.yaml", yaml.into_bytes());
        let fudan = format!("Image filename : \"a\"\nImage size (X x Y x C) : 9 x 9 x 3\n{fudan}\n");
        let read = read_penn_fudan(&[("a.txt".into(), fudan.into_bytes())]).unwrap();
        prop_assert!(read.annotations.boxes[0].iter().all(sound));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), name in 0usize..6) {
        let name = ["a.json", "a.xml", "labels/a.txt", "data.yaml", "masks/a.png", "a.jpg"][name];
        let _read = read_mask("m.png", &bytes);
        let _read = read_image_set(vec![(name.to_owned(), bytes)]);
    }
}
