//! Files of every kind, damaged at random, are read or refused; what is read keeps its promises.
//!
//! `PROPTEST_CASES=1000000 cargo test --release -p forge-data --test damaged` goes on for longer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use forge_data::{
    AnnotatorOptions, Archive, ArchiveLimits, CorpusOptions, CsvOptions, DataSet, ImageRef, catalogue, read_annotators,
    read_class_names, read_coco, read_corpus, read_csv, read_image_set, read_mask, read_movielens, read_multilabels,
    read_penn_fudan, read_voc, read_yolo,
};
use proptest::prelude::*;

const CONLLU: &str = "# newdoc\n# sent_id = 1\n1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n1\tDo\tdo\tAUX\tVB\t_\t0\troot\t_\t_\n2\tn't\tnot\tPART\tRB\t\
                      _\t1\tadvmod\t_\t_\n\n# text = Yes\n1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_\n";
const COLUMNS: &str = "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\n";
const LONG: &str = "item,worker,label\n1,a,x\n1,b,y\n2,a,x\n2,c,z\n";
const WIDE: &str = "id,a,b,c\n1,x,y,\n2,,x,x\n3,z,x,y\n";
const LISTS: &str = "x,tags\n1,a;b\n2,\"c;a\"\n3,\n4,b\n";

/// Small files with their names.
static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let bytes = include_bytes!("data/annotations.zip").to_vec();
    let archive = Archive::open("annotations.zip", bytes, ArchiveLimits::default()).unwrap();
    let inside = archive.entries().iter().enumerate().filter(|(_, entry)| entry.size < 6_000);
    let mut files: Vec<_> = inside.map(|(index, entry)| (entry.name.clone(), archive.read(index).unwrap())).collect();
    for (name, text) in [("a.conllu", CONLLU), ("a.txt", COLUMNS), ("l.csv", LONG), ("w.csv", WIDE), ("m.csv", LISTS)] {
        files.push((name.to_owned(), text.into()));
    }
    files.push(("labels.yaml".to_owned(), b"39: {1: true, 2: false}\n97: {2: true}\n".to_vec()));
    files
});

fn whole(name: &str) -> Vec<u8> {
    FILES.iter().find(|(known, _)| known == name).unwrap().1.clone()
}

/// A change of a file: bytes put in the place of others.
fn damage() -> impl Strategy<Value = Vec<(usize, usize, Vec<u8>)>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        Just(b"\n".to_vec()),
        Just(b"\t".to_vec()),
        Just(b"-1".to_vec()),
        Just(b"1e999".to_vec()),
        Just(b"99999999999999999999".to_vec()),
        Just("é€\u{feff}".as_bytes().to_vec()),
        Just(b"\"".to_vec()),
        Just(b"</object>".to_vec()),
        Just(b"&#0;".to_vec()),
    ];
    prop::collection::vec((any::<usize>(), 0usize..6, piece), 0..4)
}

fn damaged(bytes: &[u8], changes: &[(usize, usize, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, length, piece) in changes {
        let start = at % (bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece.iter().copied());
    }
    bytes
}

proptest! {
    #[test]
    fn damaged_files_are_read_or_refused(which in any::<prop::sample::Index>(), changes in damage()) {
        let (name, bytes) = which.get(&FILES[..]);
        let bytes = damaged(bytes, &changes);
        let one = [(name.clone(), bytes.clone())];
        if let Ok(file) = read_corpus(name, bytes.clone(), &CorpusOptions::default()) {
            let written = file.written(&[], &[]).unwrap();
            let again = read_corpus(name, written, &CorpusOptions::default()).unwrap();
            prop_assert_eq!(again.corpus, file.corpus);
        }
        if let Ok(file) = read_csv(name, bytes.clone(), &CsvOptions::default()) {
            let names: Vec<&str> = file.table.columns().iter().map(forge_data::Column::name).collect();
            let _read = read_multilabels(&file.table, &names[names.len() - 1..]);
            let _read = read_multilabels(&file.table, &names);
            if let Ok(read) = read_annotators(&file.table, &AnnotatorOptions::default()) {
                let found = read.annotations;
                prop_assert_eq!(found.labels.len(), found.examples.len() * found.annotators.len());
            }
        }
        let image = ImageRef { id: 1, file: "street.jpg".to_owned(), width: 64, height: 48 };
        let sets = [read_coco(name, bytes.clone()), read_voc(&one), read_penn_fudan(&one), read_yolo(&one, &[image], &[])];
        for read in sets.into_iter().flatten() {
            let found = read.annotations;
            prop_assert_eq!(found.images.len(), found.boxes.len());
            prop_assert!(found.boxes.iter().flatten().all(|b| b.x1 < b.x2 && b.y1 < b.y2));
            prop_assert!(found.boxes.iter().flatten().all(|b| (b.class as usize) < found.classes.len()));
        }
        let _read = read_class_names(name, bytes.clone());
        if let Ok(mask) = read_mask(name, &bytes) {
            let again = read_mask(name, &forge_data::write_mask(&mask).unwrap()).unwrap();
            prop_assert_eq!(again, mask);
        }
        let _read = read_movielens(bytes.clone(), whole("ml-100k/u.item"));
        let _read = read_movielens(whole("ml-100k/u.data"), bytes.clone());
        let _read = read_image_set(one.to_vec());
        for set in catalogue() {
            let _read = DataSet::load(set, name, bytes.clone());
        }
    }
}
