//! Pictures from the bytes of JPEG, PNG and WebP files, turned the way they are meant to be seen.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::VisionError;

/// How large a picture may be; checked before memory is taken for its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Bytes of the file at most. Default 256 MiB.
    pub max_bytes: u64,
    /// Pixels on a side at most. Default 32,768.
    pub max_side: u64,
    /// Pixels at most. Default 64 million, which take 192 MB.
    pub max_pixels: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self { max_bytes: 256 << 20, max_side: 32_768, max_pixels: 64_000_000 }
    }
}

/// Whether the file of a picture holds colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoColor {
    /// Levels of grey only; red, green and blue are the same.
    Gray,
    /// Red, green and blue.
    Rgb,
}

/// A decoded picture.
///
/// *Invariant*: at least one pixel, and three bytes for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    width: usize,
    height: usize,
    color: PhotoColor,
    rgb: Vec<u8>,
}

impl Photo {
    /// A picture of `width` × `height` pixels with red, green and blue of each, row by row from the top; nothing where there
    /// is no pixel or another number of bytes.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let n_bytes = width.checked_mul(height)?.checked_mul(3)?;
        (n_bytes > 0 && n_bytes == rgb.len()).then_some(Self { width, height, color: PhotoColor::Rgb, rgb })
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether the file held colours.
    pub fn color(&self) -> PhotoColor {
        self.color
    }

    /// Red, green and blue of each pixel, row by row from the top.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The part from column `x` and row `y`, cut at the edges of the picture; nothing where they do not meet.
    pub fn crop(&self, (x, y): (usize, usize), (width, height): (usize, usize)) -> Option<Self> {
        let width = width.min(self.width.saturating_sub(x));
        let height = height.min(self.height.saturating_sub(y));
        let rows = self.rgb.chunks_exact(self.width * 3).skip(y).take(height);
        let rgb = rows.flat_map(|row| &row[x * 3..(x + width) * 3]).copied().collect();
        Self::new(width, height, rgb).map(|cut| Self { color: self.color, ..cut })
    }
}

/// Decodes a JPEG, PNG or WebP file. `file` is what messages call it; its ending does not matter.
///
/// The picture is turned and mirrored as the orientation in its EXIF block asks for. Opacity is dropped, as Pillow's
/// `convert("RGB")` does: what lies beneath transparent pixels counts. Of an animation the first picture is taken.
///
/// # Errors
/// [`VisionError::NotAPicture`], [`VisionError::TooLarge`] before memory is taken for the pixels, [`VisionError::Damaged`].
pub fn decode(file: &str, bytes: &[u8], limits: &DecodeLimits) -> Result<Photo, VisionError> {
    let file = || file.to_owned();
    let too_large = |what, found, limit, option| {
        let error = VisionError::TooLarge { file: file(), what, found, limit, option };
        if found > limit { Err(error) } else { Ok(()) }
    };
    too_large("the number of its bytes", bytes.len() as u64, limits.max_bytes, "max_bytes")?;
    let format = image::guess_format(bytes).ok().and_then(name_of).ok_or(VisionError::NotAPicture { file: file() })?;
    let damaged = |error: image::ImageError| VisionError::Damaged { file: file(), format, reason: error.to_string() };

    let mut reader = ImageReader::new(Cursor::new(bytes));
    reader.no_limits();
    let mut decoder =
        reader.with_guessed_format().map_err(|error| damaged(error.into()))?.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (u64::from(width), u64::from(height));
    too_large("its width", width, limits.max_side, "max_side")?;
    too_large("its height", height, limits.max_side, "max_side")?;
    too_large("the number of its pixels", width * height, limits.max_pixels, "max_pixels")?;
    if width * height == 0 {
        return Err(VisionError::Damaged {
            file: file(), format, reason: format!("it has {width} × {height} pixels")
        });
    }
    let color = match decoder.color_type() {
        ColorType::L8 | ColorType::La8 | ColorType::L16 | ColorType::La16 => PhotoColor::Gray,
        _ => PhotoColor::Rgb,
    };
    // A damaged EXIF block says nothing about the orientation; the picture is still good.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    let rgb = picture.into_rgb8();
    let (width, height) = (rgb.width() as usize, rgb.height() as usize);
    Ok(Photo { width, height, color, rgb: rgb.into_raw() })
}

fn name_of(format: ImageFormat) -> Option<&'static str> {
    match format {
        ImageFormat::Jpeg => Some("JPEG"),
        ImageFormat::Png => Some("PNG"),
        ImageFormat::WebP => Some("WebP"),
        _ => None,
    }
}
