//! Archives of every kind, the wrong ones among them.

use std::io::{Cursor, Write};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = ::tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn open(bytes: Vec<u8>) -> Result<Archive, DataError> {
    Archive::open("data.zip", bytes, ArchiveLimits::default())
}

fn error(bytes: Vec<u8>) -> String {
    open(bytes).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn every_kind_gives_back_its_files() {
    let files: [(&str, &[u8]); 3] = [("a.csv", b"x,y\n1,2\n"), ("sub/b.csv", b"z\n"), ("sub/.DS_Store", b"?")];
    for (bytes, kind) in [
        (zip_of(&files), ArchiveKind::Zip),
        (tar_of(&files), ArchiveKind::Tar),
        (gzip_of(&tar_of(&files)), ArchiveKind::TarGz),
    ] {
        let archive = open(bytes).unwrap();
        assert_eq!(archive.kind(), kind);
        let names: Vec<&str> = archive.entries().iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "sub/b.csv"]);
        assert_eq!(archive.read(0).unwrap(), files[0].1);
        assert_eq!(archive.read(archive.position("sub/b.csv").unwrap()).unwrap(), files[1].1);
        assert!(archive.read(2).unwrap_err().to_string().ends_with("it has no file number 2"));
    }
    let one = Archive::open("a.CSV.GZ", gzip_of(b"x\n"), ArchiveLimits::default()).unwrap();
    assert_eq!((one.kind(), one.entries()[0].name.as_str()), (ArchiveKind::Gzip, "a.CSV"));
    assert_eq!(one.into_bytes(0).unwrap(), b"x\n");
}

#[test]
fn a_name_that_leads_outside_is_refused_by_name() {
    for name in ["../up.csv", "/root.csv", "a/../../b", "c:\\x.csv", "a\\..\\b"] {
        for bytes in [zip_of(&[(name, b"x")]), tar_of(&[(name, b"x")])] {
            let message = error(bytes);
            assert!(message.contains("leads outside"), "{name}: {message}");
        }
    }
}

#[test]
fn bombs_are_stopped_at_the_ratio_and_the_limit() {
    let zeros = vec![0; 40 << 20];
    let message = error(gzip_of(&zeros));
    assert!(message.ends_with("unpack to more than 200 times as much"), "{message}");
    let archive = open(zip_of(&[("zeros", &zeros)])).unwrap();
    assert!(
        archive.read(0).unwrap_err().to_string().ends_with("\"zeros\" unpacks to more than 200 times its packed size")
    );
    let small = ArchiveLimits { max_bytes: 10, max_entries: 1, ..ArchiveLimits::default() };
    let archive = Archive::open("t", zip_of(&[("a", &[7; 11])]), small).unwrap();
    assert_eq!(archive.read(0).unwrap_err().to_string(), "t: \"a\" is larger than the limit of 10 bytes");
    let files: [(&str, &[u8]); 2] = [("a", b"1"), ("b", b"2")];
    for bytes in [zip_of(&files), tar_of(&files)] {
        assert!(Archive::open("t", bytes, small).is_err());
    }
}

#[test]
fn encrypted_and_damaged_files_are_refused_by_name() {
    let mut encrypted = zip_of(&[("secret.csv", b"a,b\n1,2\n")]);
    // The flag stands in the local header and in the directory.
    encrypted[6] |= 1;
    let directory = encrypted.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    encrypted[directory + 8] |= 1;
    let message = open(encrypted).unwrap().read(0).unwrap_err().to_string();
    assert_eq!(message, "data.zip: \"secret.csv\" is encrypted; unpack it with its password first");

    let whole = zip_of(&[("a.csv", b"a,b\n1,2\n")]);
    assert!(error(whole[..whole.len() - 10].to_vec()).starts_with("data.zip: it cannot be read as zip"));
    let tar = tar_of(&[("a.csv", b"a,b\n1,2\n")]);
    assert!(error(tar[..515].to_vec()).starts_with("data.zip: "));
    assert_eq!(error(b"plain".to_vec()), "data.zip: it is no zip, tar or gzip archive");
}
