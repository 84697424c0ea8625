//! Reads pictures with their annotations, from an archive or from files, without holding more than one picture at a time.
//!
//! What an archive unpacks to goes into blobs, which the browser keeps outside of the worker's memory; of a picture only its
//! head is read, which tells its size.

use forge_data::{Archive, ArchiveLimits, FileGroups, ImageSet, MaskImage, MaskValues, group_files, read_image_set};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

use super::{blob_bytes, bytes_of, failure};
use crate::protocol::{Failure, PictureFact, PictureSetFacts, Source};

/// Bytes of a picture that tell its size, but for pictures with much in front.
const HEAD: i32 = 64 << 10;
/// Endings of the names of archives that may hold pictures.
const ARCHIVES: [&str; 4] = [".zip", ".tar", ".tar.gz", ".tgz"];
/// Endings of the names of pictures, with the types that browsers know them by.
const PICTURES: [(&str, &str); 7] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("tiff", "image/tiff"),
];

/// How annotations are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoxFormat {
    /// One JSON file.
    Coco,
    /// XML files.
    Voc,
    /// Text files of Penn-Fudan.
    PennFudan,
    /// Text files of YOLO.
    Yolo,
    /// No boxes at all.
    None,
}

/// Pictures with their annotations.
pub(super) struct Pictures {
    /// Name of the file or of the first of several, for the names of what is written.
    pub(super) name: String,
    /// Pictures, without their bytes, boxes and masks.
    pub(super) set: ImageSet,
    /// How the boxes are written.
    pub(super) format: BoxFormat,
    /// All files by their paths; those that are neither annotations nor masks without their bytes.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// What the files are.
    pub(super) groups: FileGroups,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
    blobs: Vec<Blob>,
}

/// Reads what `source` names if it holds pictures; tells its size in bytes too.
pub(super) async fn read(source: &Source, parts: &[JsValue]) -> Result<Option<(Pictures, u64)>, Failure> {
    let mut warnings = Vec::new();
    let name = source.name.to_lowercase();
    let (mut files, n_bytes) = if !source.files.is_empty() {
        let blobs = parts.iter().take(source.files.len()).filter_map(|part| part.dyn_ref::<Blob>().cloned());
        let files: Vec<(String, Blob)> = source.files.iter().cloned().zip(blobs).collect();
        let n_bytes = files.iter().map(|(_, blob)| blob.size() as u64).sum();
        (files, n_bytes)
    } else if ARCHIVES.iter().any(|ending| name.ends_with(ending)) {
        let bytes = blob_bytes(parts).await?;
        let n_bytes = bytes.len() as u64;
        let archive = Archive::open(&source.name, bytes, ArchiveLimits::default());
        let archive = archive.map_err(|error| failure::of_data(&error))?;
        if !archive.entries().iter().any(|entry| type_of(&entry.name).is_some()) {
            return Ok(None);
        }
        (unpacked(&archive, &mut warnings)?, n_bytes)
    } else if type_of(&name).is_some() {
        let blob: Option<Blob> = parts.first().and_then(|part| part.dyn_ref()).cloned();
        let blob = blob.ok_or_else(|| failure::unreadable("no file came with the request"))?;
        let n_bytes = blob.size() as u64;
        (vec![(source.name.clone(), blob)], n_bytes)
    } else {
        return Ok(None);
    };
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
    Ok(Some((Pictures::read(source.name.clone(), files, warnings).await?, n_bytes)))
}

impl Pictures {
    async fn read(name: String, files: Vec<(String, Blob)>, mut warnings: Vec<String>) -> Result<Self, Failure> {
        let (paths, blobs): (Vec<String>, Vec<Blob>) = files.into_iter().unzip();
        let groups = group_files(&paths.iter().map(String::as_str).collect::<Vec<_>>());
        let mut kept = Vec::with_capacity(paths.len());
        let mut given = Vec::with_capacity(paths.len());
        for (index, (path, blob)) in paths.into_iter().zip(&blobs).enumerate() {
            if groups.others.contains(&index) {
                kept.push((path, Vec::new()));
            } else if groups.images.contains(&index) {
                given.push((path.clone(), head_of(blob).await?));
                kept.push((path, Vec::new()));
            } else {
                let bytes = bytes_of(blob).await?;
                given.push((path.clone(), bytes.clone()));
                kept.push((path, bytes));
            }
        }
        let mut set = read_image_set(given).map_err(|error| failure::of_data(&error))?;
        set.images.iter_mut().for_each(|image| image.bytes = Vec::new());
        warnings.append(&mut set.warnings);
        warnings.extend(set.boxes.iter().flat_map(|boxes| boxes.warnings.iter().cloned()));
        if set.boxes.is_none() && set.masks.iter().all(Option::is_none) {
            return Err(Failure {
                code: "data".to_owned(),
                message: format!("{name}: there are pictures but no annotations of them."),
                hint: Some(
                    "Add boxes (COCO, Pascal VOC, YOLO or Penn-Fudan) or masks (PNG) to the pictures.".to_owned(),
                ),
            });
        }
        let is_penn_fudan = |index: &usize| kept[*index].1.windows(14).take(200).any(|part| part == b"Image filename");
        let format = match &groups {
            groups if !groups.coco.is_empty() => BoxFormat::Coco,
            groups if !groups.voc.is_empty() => BoxFormat::Voc,
            groups if groups.text.iter().any(is_penn_fudan) => BoxFormat::PennFudan,
            groups if !groups.text.is_empty() => BoxFormat::Yolo,
            _ => BoxFormat::None,
        };
        Ok(Self { name, set, format, files: kept, groups, warnings, blobs })
    }

    /// The blobs of all files, which the page keeps from now on. Masks are not held unpacked here either.
    pub(super) fn hand_over(&mut self) -> Vec<JsValue> {
        for mask in self.set.masks.iter_mut().flatten() {
            let empty = MaskValues::U8(Vec::new());
            *mask = MaskImage { values: empty, ..mask.clone() };
        }
        std::mem::take(&mut self.blobs).into_iter().map(JsValue::from).collect()
    }

    /// Place of the mask of a picture among the files.
    pub(super) fn mask_file(&self, picture: usize) -> Option<usize> {
        let path = &self.set.images.get(picture)?.path;
        let place = self.groups.images.iter().position(|&index| self.files[index].0 == *path)?;
        self.groups.masks.get(place).copied().flatten()
    }

    /// The place of a picture among the images of the annotations.
    pub(super) fn image_of(&self, picture: usize) -> Option<usize> {
        self.set.image_of.iter().position(|&place| place == Some(picture))
    }

    /// What the page is told.
    pub(super) fn facts(&self) -> PictureSetFacts {
        let boxes = self.set.boxes.as_ref().map(|boxes| &boxes.annotations);
        let fact = |(picture, image): (usize, &forge_data::ImageFile)| PictureFact {
            file: self.files.binary_search_by(|(path, _)| path.cmp(&image.path)).unwrap_or_default(),
            width: image.width,
            height: image.height,
            boxes: boxes.and_then(|boxes| boxes.boxes.get(self.image_of(picture)?).cloned()),
            has_mask: self.set.masks.get(picture).is_some_and(Option::is_some),
        };
        PictureSetFacts {
            format: self.format_name().to_owned(),
            classes: boxes.map_or_else(Vec::new, |boxes| boxes.classes.clone()),
            files: self.files.iter().map(|(path, _)| path.clone()).collect(),
            pictures: self.set.images.iter().enumerate().map(fact).collect(),
        }
    }

    fn format_name(&self) -> &'static str {
        match self.format {
            BoxFormat::Coco => "COCO",
            BoxFormat::Voc => "Pascal VOC",
            BoxFormat::PennFudan => "Penn-Fudan",
            BoxFormat::Yolo => "YOLO",
            BoxFormat::None => "",
        }
    }

    /// How the pictures were read.
    pub(super) fn layout(&self) -> Vec<(String, String)> {
        let n_masks = self.set.masks.iter().flatten().count();
        let boxes = if self.format == BoxFormat::None { "None" } else { self.format_name() };
        let mut facts = vec![("Boxes", boxes.to_owned())];
        facts.push(("Masks", if n_masks == 0 { "None".to_owned() } else { "PNG".to_owned() }));
        facts.push(("Files", self.files.len().to_string()));
        facts.into_iter().map(|(what, found)| (what.to_owned(), found)).collect()
    }
}

/// The type of a picture by its name.
fn type_of(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    let ending = ending.to_lowercase();
    PICTURES.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
}

/// The files of an archive, each in a blob of its own; what cannot be unpacked is left out with a warning.
fn unpacked(archive: &Archive, warnings: &mut Vec<String>) -> Result<Vec<(String, Blob)>, Failure> {
    let mut files = Vec::with_capacity(archive.entries().len());
    for (index, entry) in archive.entries().iter().enumerate() {
        match archive.read(index) {
            Ok(bytes) => files.push((entry.name.clone(), blob_of(&bytes, &entry.name)?)),
            Err(error) => warnings.push(format!("left out: {error}")),
        }
    }
    Ok(files)
}

fn blob_of(bytes: &[u8], path: &str) -> Result<Blob, Failure> {
    let options = BlobPropertyBag::new();
    options.set_type(type_of(path).unwrap_or_default());
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)
        .map_err(|error| failure::unreadable(&failure::text_of(&error)))
}

/// As many bytes of a picture as tell its size.
async fn head_of(blob: &Blob) -> Result<Vec<u8>, Failure> {
    let head = blob.slice_with_i32_and_i32(0, HEAD).map_err(|error| failure::unreadable(&failure::text_of(&error)))?;
    let bytes = bytes_of(&head).await?;
    if imagesize::blob_size(&bytes).is_ok() { Ok(bytes) } else { bytes_of(blob).await }
}
