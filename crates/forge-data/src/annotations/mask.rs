//! Masks: images whose pixels are numbers of classes or objects, as palette or grey PNGs.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};

use crate::DataError;

/// Pixels of a mask at most.
const MAX_PIXELS: usize = 1 << 28;

/// The numbers of a mask's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaskValues {
    /// From 0 to 255.
    U8(Vec<u8>),
    /// From 0 to 65,535.
    U16(Vec<u16>),
}

/// An image of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `height × width` numbers, row after row from the top.
    pub values: MaskValues,
    /// The colours that the numbers are shown with, red, green and blue; none in a grey image.
    pub palette: Option<Vec<[u8; 3]>>,
}

impl MaskImage {
    /// The number of pixel `index`, counted row after row; 0 beyond the end.
    pub fn value(&self, index: usize) -> u16 {
        match &self.values {
            MaskValues::U8(values) => values.get(index).copied().map_or(0, u16::from),
            MaskValues::U16(values) => values.get(index).copied().unwrap_or(0),
        }
    }

    /// The distinct numbers, ascending.
    pub fn distinct(&self) -> Vec<u16> {
        let mut seen = vec![false; 1 << 16];
        match &self.values {
            MaskValues::U8(values) => values.iter().for_each(|&value| seen[usize::from(value)] = true),
            MaskValues::U16(values) => values.iter().for_each(|&value| seen[usize::from(value)] = true),
        }
        (0..=u16::MAX).filter(|&value| seen[usize::from(value)]).collect()
    }
}

fn malformed(file: &str, reason: impl Into<String>) -> DataError {
    DataError::Malformed { file: file.to_owned(), format: "mask PNG", reason: reason.into() }
}

/// Reads a PNG whose pixels are numbers: places in a palette, or grey of 1 to 16 bits as it is stored. Colours are numbers
/// too where red, green and blue are the same everywhere; transparency is passed over.
///
/// # Errors
/// [`DataError::Malformed`] for anything else, a damaged file, and more than 2²⁸ pixels.
pub fn read_mask(file: &str, bytes: &[u8]) -> Result<MaskImage, DataError> {
    let failed = |error: png::DecodingError| malformed(file, error.to_string());
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_PIXELS });
    decoder.set_transformations(Transformations::IDENTITY);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(failed)?;
    let (width, height) = reader.info().size();
    let n_pixels = (width as usize).saturating_mul(height as usize);
    if n_pixels > MAX_PIXELS {
        return Err(malformed(file, format!("{width} × {height} pixels are more than {MAX_PIXELS}")));
    }
    let size = reader.output_buffer_size().ok_or_else(|| malformed(file, "it is too large"))?;
    let palette = reader.info().palette.as_ref().map(|palette| palette.as_chunks::<3>().0.to_vec());
    let mut buffer = vec![0; size];
    let info = reader.next_frame(&mut buffer).map_err(failed)?;
    let rows = buffer.chunks(info.line_size.max(1)).take(height as usize);
    let samples = info.color_type.samples();
    let colours = matches!(info.color_type, ColorType::Rgb | ColorType::Rgba);
    let values = match info.bit_depth {
        BitDepth::Sixteen => {
            let all: Vec<u16> =
                rows.flat_map(|row| row.as_chunks::<2>().0).map(|&pair| u16::from_be_bytes(pair)).collect();
            MaskValues::U16(numbers(file, &all, samples, colours)?)
        }
        BitDepth::Eight => {
            let all: Vec<u8> = rows.flatten().copied().collect();
            MaskValues::U8(numbers(file, &all, samples, colours)?)
        }
        depth => {
            let bits = depth as usize;
            let number = |row: &[u8], x: usize| {
                let byte = row.get(x * bits / 8).copied().unwrap_or_default();
                (byte >> (8 - bits - x * bits % 8)) & ((1 << bits) - 1)
            };
            MaskValues::U8(rows.flat_map(|row| (0..width as usize).map(move |x| number(row, x))).collect())
        }
    };
    let palette = palette.filter(|_| info.color_type == ColorType::Indexed);
    Ok(MaskImage { width, height, values, palette })
}

/// One number per pixel.
fn numbers<T: Copy + PartialEq>(file: &str, all: &[T], samples: usize, colours: bool) -> Result<Vec<T>, DataError> {
    if colours && all.chunks_exact(samples).any(|pixel| pixel[0] != pixel[1] || pixel[1] != pixel[2]) {
        return Err(malformed(file, "its pixels are colours, not numbers; store it with a palette or in grey"));
    }
    Ok(all.iter().step_by(samples).copied().collect())
}

/// Writes a PNG of 8 or 16 bits, with the palette where there is one.
///
/// # Errors
/// [`DataError::NotWritable`] for a mask without pixels or with another number of values than pixels, and a palette of more
/// than 256 colours, fewer than the numbers need, or beside 16 bits.
pub fn write_mask(mask: &MaskImage) -> Result<Vec<u8>, DataError> {
    let refused = |reason: String| DataError::NotWritable { format: "mask PNG", reason };
    let n_pixels = mask.width as usize * mask.height as usize;
    let n_values = match &mask.values {
        MaskValues::U8(values) => values.len(),
        MaskValues::U16(values) => values.len(),
    };
    if n_values != n_pixels || n_pixels == 0 {
        return Err(refused(format!("{n_values} values for {} × {} pixels", mask.width, mask.height)));
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, mask.width, mask.height);
    encoder.set_color(if mask.palette.is_some() { ColorType::Indexed } else { ColorType::Grayscale });
    if let Some(palette) = &mask.palette {
        let highest = mask.distinct().last().copied().map_or(0, usize::from);
        if matches!(mask.values, MaskValues::U16(_)) || palette.len() > 256 || palette.len() <= highest {
            return Err(refused(format!("a palette of {} colours for numbers up to {highest}", palette.len())));
        }
        encoder.set_palette(palette.as_flattened().to_vec());
    }
    let data = match &mask.values {
        MaskValues::U8(values) => {
            encoder.set_depth(BitDepth::Eight);
            values.clone()
        }
        MaskValues::U16(values) => {
            encoder.set_depth(BitDepth::Sixteen);
            values.iter().flat_map(|value| value.to_be_bytes()).collect()
        }
    };
    let failed = |error: png::EncodingError| refused(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
