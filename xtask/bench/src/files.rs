//! Arrays as files: little-endian values without a header, named NAME.SHAPE.TYPE, such as `pred_probs.1000000x10.f64`.
//! There are two types, `f64` and `i32`.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use forge_bench::{Arrays, Shaped, Values};

/// Bytes read at a time; a multiple of every value's size.
const BLOCK: usize = 1 << 16;

/// The arrays of a folder.
pub(crate) fn read(folder: &Path) -> Result<Arrays> {
    let mut arrays = Arrays::default();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let (name, array) = read_array(&path).with_context(|| format!("cannot read {}", path.display()))?;
        arrays.insert(&name, array);
    }
    Ok(arrays)
}

fn read_array(path: &Path) -> Result<(String, Shaped)> {
    let file_name = path.file_name().context("it has no name")?.to_string_lossy();
    let mut parts = file_name.split('.');
    let (Some(name), Some(shape), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
        bail!("its name is not NAME.SHAPE.TYPE");
    };
    let shape: Vec<usize> = shape.split('x').map(str::parse).collect::<Result<_, _>>()?;
    let n = shape.iter().product();
    let file = File::open(path)?;
    let values = match kind {
        "f64" => Values::Floats(read_values(file, n, f64::from_le_bytes)?),
        "i32" => Values::Integers(read_values(file, n, i32::from_le_bytes)?),
        other => bail!("there is no type `{other}`"),
    };
    Ok((name.to_owned(), Shaped { shape, values }))
}

fn read_values<T, const SIZE: usize>(mut file: File, n: usize, value: fn([u8; SIZE]) -> T) -> Result<Vec<T>> {
    let mut values = Vec::with_capacity(n);
    let mut block = vec![0; BLOCK];
    while values.len() < n {
        let bytes = &mut block[..BLOCK.min((n - values.len()) * SIZE)];
        file.read_exact(bytes)?;
        values.extend(bytes.as_chunks::<SIZE>().0.iter().copied().map(value));
    }
    Ok(values)
}

/// Writes arrays into a folder, which holds nothing else afterwards.
pub(crate) fn write(folder: &Path, arrays: &Arrays) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, array) in arrays.iter() {
        let shape = array.shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
        let kind = if matches!(array.values, Values::Floats(_)) { "f64" } else { "i32" };
        let path = folder.join(format!("{name}.{shape}.{kind}"));
        write_values(&path, &array.values).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn write_values(path: &Path, values: &Values) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    match values {
        Values::Floats(values) => values.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))?,
        Values::Integers(values) => values.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))?,
    }
    Ok(file.flush()?)
}
