//! Files packed into a zip archive.

use std::io::{Cursor, Write};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use super::is_sound;
use crate::DataError;

/// A zip archive of files, each as its path and its bytes. Times are left out, so the same files give the same bytes.
///
/// # Errors
/// [`DataError::NotWritable`] for a path that leads outside or occurs twice.
pub fn write_zip(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, DataError> {
    let failed = |reason: String| DataError::NotWritable { format: "zip", reason };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        if path.is_empty() || !is_sound(path) {
            return Err(failed(format!("the name \"{path}\" is none for a file in an archive")));
        }
        let options = SimpleFileOptions::default().large_file(bytes.len() as u64 >= u64::from(u32::MAX));
        writer.start_file(path.as_str(), options).map_err(|error| failed(error.to_string()))?;
        writer.write_all(bytes).map_err(|error| failed(error.to_string()))?;
    }
    Ok(writer.finish().map_err(|error| failed(error.to_string()))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Archive, ArchiveLimits};

    #[test]
    fn what_is_packed_is_unpacked_as_it_was() {
        let files = [("a/b.txt".to_owned(), b"one".to_vec()), ("é.png".to_owned(), vec![7; 5000])];
        let packed = write_zip(&files).unwrap();
        assert_eq!(packed, write_zip(&files).unwrap());
        let archive = Archive::open("x.zip", packed, ArchiveLimits::default()).unwrap();
        for (place, (path, bytes)) in files.iter().enumerate() {
            assert_eq!((&archive.entries()[place].name, &archive.read(place).unwrap()), (path, bytes));
        }
    }

    #[test]
    fn names_that_lead_outside_are_refused() {
        assert!(write_zip(&[("../a".to_owned(), Vec::new())]).unwrap_err().to_string().contains("../a"));
        assert!(write_zip(&[("a".to_owned(), Vec::new()), ("a".to_owned(), Vec::new())]).is_err());
    }
}
