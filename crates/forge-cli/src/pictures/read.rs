//! Reads a folder, an archive, an address or a data set of pictures.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use forge_data::{Archive, ArchiveKind, ArchiveLimits, Data, DataSet, DataTask, ImageSet, read_image_set};

use crate::context::Context;
use crate::download;
use crate::samples::sample;

/// The word for the bundled pictures, beside the name of their data set.
const DEMO: &str = "demo";
/// The data set of the bundled pictures.
const PEOPLE: &str = "people";
/// Endings of files that are read: pictures, masks and annotations.
const ENDINGS: [&str; 13] =
    ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tiff", "json", "xml", "txt", "yaml", "yml", "names"];
/// How many of them are of pictures.
const N_PICTURES: usize = 7;
/// Files of a folder that are read at most.
const MAX_FILES: usize = 200_000;

/// What was read.
pub(crate) struct Opened {
    pub(crate) set: ImageSet,
    /// Whether these are the bundled pictures, whose annotations are true.
    pub(crate) is_demonstration: bool,
}

/// Whether what is named is a folder, or an archive with a picture in it.
pub(crate) fn is_pictures(name: &str) -> bool {
    let path = Path::new(name);
    if path.is_dir() {
        return true;
    }
    let packed = [".zip", ".tar", ".tar.gz", ".tgz"].iter().any(|ending| name.to_lowercase().ends_with(ending));
    let listed = || {
        let archive = Archive::open(name, std::fs::read(path).ok()?, ArchiveLimits::default()).ok()?;
        Some(archive.entries().iter().any(|entry| has_ending(&entry.name, &ENDINGS[..N_PICTURES])))
    };
    packed && path.is_file() && listed().unwrap_or(false)
}

/// Reads the pictures that are named.
pub(crate) fn open(name: &str, context: &Context) -> anyhow::Result<Opened> {
    let plain = |set: ImageSet| Opened { set, is_demonstration: false };
    if name.starts_with("http://") || name.starts_with("https://") {
        let last = name.split(['?', '#']).next().unwrap_or(name).rsplit('/').next().unwrap_or(name);
        return archive(last, download::fetch(name)?).map(plain);
    }
    let path = Path::new(name);
    if path.is_dir() {
        return folder(path, context).map(plain);
    }
    if path.exists() {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        return archive(name, bytes).map(plain);
    }
    if name.contains(['/', '\\', '.']) {
        bail!("cannot read {name}: there is neither a file nor a folder of that name");
    }
    let set = DataSet::find(if name == DEMO { PEOPLE } else { name })
        .with_context(|| format!("there is neither a file, a folder nor a data set named {name}"))?;
    of_set(set, context)
}

fn of_set(set: &'static DataSet, context: &Context) -> anyhow::Result<Opened> {
    ensure!(
        set.tasks.contains(&DataTask::ObjectDetection) || set.tasks.contains(&DataTask::Segmentation),
        "{} holds no pictures",
        set.name
    );
    let mut found = None;
    for file in set.files {
        let path = download::place(set, file, context)?;
        if path.exists() {
            found = Some((file.name, std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?));
            break;
        }
    }
    let bundled = set.samples.iter().find_map(|of_set| Some((of_set.file, sample(of_set.file)?.to_vec())));
    let Some((file, bytes)) = found.or(bundled) else {
        bail!(
            "{} is not here: download it by hand ({}) and name the file",
            set.name,
            set.files.iter().find_map(|file| file.canonical).map_or("see `forge datasets`", |address| address.url)
        );
    };
    match set.load(file, bytes)? {
        Data::Images(images) => Ok(Opened { set: images, is_demonstration: set.name == PEOPLE }),
        other => bail!("{} holds {}, no pictures", set.name, other.kind()),
    }
}

/// Names and bytes of files, and warnings.
type Unpacked = (Vec<(String, Vec<u8>)>, Vec<String>);

/// The wanted files of an archive; those that cannot be unpacked are left out with a warning.
pub(crate) fn unpacked(name: &str, bytes: Vec<u8>) -> anyhow::Result<Unpacked> {
    if !matches!(
        ArchiveKind::detect(&bytes),
        Some(ArchiveKind::Zip | ArchiveKind::Tar | ArchiveKind::TarGz | ArchiveKind::Gzip)
    ) {
        bail!("{name} is neither a folder nor a zip or tar archive of pictures and annotations");
    }
    let archive = Archive::open(name, bytes, ArchiveLimits::default())?;
    let (mut files, mut warnings) = (Vec::new(), Vec::new());
    for (index, entry) in archive.entries().iter().enumerate().filter(|(_, entry)| is_wanted(&entry.name)) {
        match archive.read(index) {
            Ok(bytes) => files.push((entry.name.clone(), bytes)),
            Err(error) => warnings.push(format!("left out: {error}")),
        }
    }
    Ok((files, warnings))
}

fn archive(name: &str, bytes: Vec<u8>) -> anyhow::Result<ImageSet> {
    let (files, warnings) = unpacked(name, bytes)?;
    put_together(name, files, warnings)
}

fn folder(path: &Path, context: &Context) -> anyhow::Result<ImageSet> {
    let files = files_below(path, context.max_memory)?;
    put_together(&path.display().to_string(), files, Vec::new())
}

fn put_together(name: &str, files: Vec<(String, Vec<u8>)>, mut warnings: Vec<String>) -> anyhow::Result<ImageSet> {
    ensure!(!files.is_empty(), "{name} holds no pictures (JPEG, PNG or WebP) and no annotations");
    let mut set = read_image_set(files).with_context(|| format!("in {name}"))?;
    ensure!(!set.images.is_empty(), "{name} holds annotations, but no pictures");
    warnings.append(&mut set.warnings);
    set.warnings = warnings;
    Ok(set)
}

fn is_wanted(name: &str) -> bool {
    has_ending(name, &ENDINGS)
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let ending = last.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase());
    !last.starts_with('.') && endings.contains(&ending.as_str())
}

/// The wanted files of a folder and those below it, by their paths within it, with `/` between.
pub(crate) fn files_below(folder: &Path, max_bytes: u64) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut folders = vec![(folder.to_owned(), String::new())];
    let (mut files, mut n_bytes) = (Vec::new(), 0_u64);
    while let Some((path, prefix)) = folders.pop() {
        let entries = std::fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
            let (path, last) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let name = format!("{prefix}{last}");
            // Links to folders are not followed: they may lead in circles.
            let kind = entry.file_type().with_context(|| format!("cannot read {}", path.display()))?;
            if kind.is_dir() && !last.starts_with('.') {
                folders.push((path, format!("{name}/")));
            } else if !kind.is_dir() && is_wanted(&name) && path.is_file() {
                ensure!(files.len() < MAX_FILES, "{} holds more than {MAX_FILES} files", folder.display());
                let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                n_bytes += bytes.len() as u64;
                ensure!(
                    n_bytes <= max_bytes,
                    "{} holds more than the {} GB of memory allowed: allow more with --max-memory",
                    folder.display(),
                    max_bytes / 1_000_000_000
                );
                files.push((name, bytes));
            }
        }
    }
    Ok(files)
}
