//! Arrays of every type, in blocks, and files that are none.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn file(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    if version == 1 {
        bytes.extend((header.len() as u16).to_le_bytes());
    } else {
        bytes.extend((header.len() as u32).to_le_bytes());
    }
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

fn c_order(descr: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}    \n")
}

fn read(bytes: Vec<u8>) -> Result<Vec<f64>, DataError> {
    let mut array = NpyReader::new("a.npy", Cursor::new(bytes))?;
    let n = array.header().n_rows();
    array.read_rows(0..n)
}

fn message(bytes: Vec<u8>) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn every_type_is_read_in_both_byte_orders() {
    let cases: [(&str, &[u8], &[f64]); 12] = [
        ("b1", &[0, 1, 2], &[0.0, 1.0, 1.0]),
        ("i1", &[0xff, 1], &[-1.0, 1.0]),
        ("u1", &[0xff, 1], &[255.0, 1.0]),
        ("i2", &[0xfe, 0xff], &[-2.0]),
        ("u2", &[0xfe, 0xff], &[65534.0]),
        ("i4", &[0xfd, 0xff, 0xff, 0xff], &[-3.0]),
        ("u4", &[0xfd, 0xff, 0xff, 0xff], &[4_294_967_293.0]),
        ("i8", &(-4_i64).to_le_bytes(), &[-4.0]),
        ("u8", &(1_u64 << 60).to_le_bytes(), &[1_152_921_504_606_846_976.0]),
        ("f2", &[0x00, 0x3c], &[1.0]),
        ("f4", &0.1_f32.to_le_bytes(), &[0.1_f32 as f64]),
        ("f8", &0.1_f64.to_le_bytes(), &[0.1]),
    ];
    for (descr, data, expected) in cases {
        let header = |mark| c_order(&format!("{mark}{descr}"), &format!("({},)", expected.len()));
        assert_eq!(read(file(1, &header("<"), data)).unwrap(), expected, "{descr}");
        let size = data.len() / expected.len();
        let reversed: Vec<u8> = data.chunks(size).flat_map(|item| item.iter().rev().copied()).collect();
        assert_eq!(read(file(1, &header(">"), &reversed)).unwrap(), expected, "{descr}");
    }
}

#[test]
fn blocks_of_any_size_and_both_orders_give_the_same_rows() {
    let by_row: Vec<u8> = (0..12).collect();
    let by_column: Vec<u8> = (0..12).map(|i| i % 4 * 3 + i / 4).collect();
    let fortran = "{'shape': (4, 3), \"fortran_order\": True, 'descr': '|u1'}";
    for bytes in [file(1, &c_order("|u1", "(4, 3)"), &by_row), file(3, fortran, &by_column)] {
        let mut array = NpyReader::new("a.npy", Cursor::new(bytes)).unwrap();
        for size in 1..=5 {
            let mut values = Vec::new();
            for start in (0..4).step_by(size) {
                values.extend(array.read_rows(start..4.min(start + size)).unwrap());
            }
            assert_eq!(values, (0..12).map(f64::from).collect::<Vec<_>>());
        }
        assert!(array.read_rows(2..5).is_err());
    }
}

#[test]
fn an_array_longer_than_what_is_decoded_at_once_is_read_whole() {
    let n = 2 * VALUES_AT_ONCE + 3;
    let data: Vec<u8> = (0..n).flat_map(|i| (i as u32).to_le_bytes()).collect();
    let values = read(file(1, &c_order("<u4", &format!("({n},)")), &data)).unwrap();
    assert!(values.len() == n && values.iter().enumerate().all(|(i, &value)| value == i as f64));
}

#[test]
fn every_version_and_shape_is_read() {
    for version in 1..=3 {
        assert_eq!(read(file(version, &c_order("<u2", "(2, 1L)"), &[1, 0, 2, 0])).unwrap(), [1.0, 2.0]);
    }
    assert_eq!(read(file(1, &c_order("|u1", "()"), &[7])).unwrap(), [7.0]);
    assert!(read(file(1, &c_order("<f8", "(0, 5)"), &[])).unwrap().is_empty());
}

#[test]
fn a_bad_header_is_named() {
    let long = "(".repeat(9_000);
    let cases = [
        (b"PK\x03\x04....".to_vec(), "not a .npy file"),
        (b"\x93NUM".to_vec(), "shorter than the header"),
        (file(4, "", &[]), "version 4.0"),
        (file(2, "", &[])[..10].to_vec(), "cut short within its header"),
        ([b"\x93NUMPY\x02\x00".as_slice(), &[0xff; 4]].concat(), "at most 10000 are allowed"),
        (file(1, &c_order("|O", "(3,)"), &[]), "'descr' is '|O'"),
        (file(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", &[]), "record"),
        (file(1, "{'descr': '<f8', 'fortran_order': False}", &[]), "'shape' is missing"),
        (file(1, "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", &[]), "neither True nor False"),
        (file(1, &c_order("<f8", "(-1,)"), &[]), "whole numbers"),
        (file(1, &c_order("<f8", "(9999999999, 9999999999)"), &[]), "larger than any memory"),
        (file(1, &c_order("<f8", "(2,)"), &[0; 15]), "15 bytes follow the header, which promises 16"),
        (file(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 1, 1)}", &[0; 8]), "Fortran order"),
        (file(1, &long, &[]), "`{` is expected"),
    ];
    for (bytes, expected) in cases {
        let message = message(bytes);
        assert!(message.starts_with("a.npy: ") && message.contains(expected), "{message}");
    }
}

proptest! {
    #[test]
    fn whatever_the_header_holds_there_is_an_answer(header in ".{0,80}", data in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = read(file(1, &header, &data));
        let spliced = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {header}}}");
        let _ = read(file(1, &spliced, &data));
    }
}
