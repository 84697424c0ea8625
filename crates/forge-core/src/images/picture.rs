//! A decoded picture.

use std::borrow::Cow;

use crate::CoreError;

/// What a pixel is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ColorSpace {
    /// One byte of light. Pillow's mode `L`.
    #[serde(rename = "L")]
    Gray,
    /// Red, green and blue, one byte each. Pillow's mode `RGB`.
    #[serde(rename = "RGB")]
    Rgb,
}

impl ColorSpace {
    /// Pillow's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gray => "L",
            Self::Rgb => "RGB",
        }
    }

    /// Bytes of a pixel.
    pub fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
        }
    }
}

/// Decoded pixels, row by row from the top, the channels of a pixel side by side.
///
/// *Invariant*: at least one pixel, at most `u32::MAX` of them, and as many bytes as they take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture<'a> {
    width: u32,
    height: u32,
    color: ColorSpace,
    pixels: Cow<'a, [u8]>,
}

impl<'a> Picture<'a> {
    /// A picture of one byte per pixel.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for a picture without pixels or a number of bytes that is not width × height.
    pub fn gray(width: u32, height: u32, pixels: impl Into<Cow<'a, [u8]>>) -> Result<Self, CoreError> {
        Self::checked(width, height, ColorSpace::Gray, pixels.into())
    }

    /// A picture of red, green and blue.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for a picture without pixels or a number of bytes that is not width × height × 3.
    pub fn rgb(width: u32, height: u32, pixels: impl Into<Cow<'a, [u8]>>) -> Result<Self, CoreError> {
        Self::checked(width, height, ColorSpace::Rgb, pixels.into())
    }

    /// A picture of red, green, blue and opacity, of which opacity is dropped, as Pillow's `convert("RGB")` does: what
    /// lies beneath transparent pixels counts.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for a picture without pixels or a number of bytes that is not width × height × 4.
    pub fn rgba(width: u32, height: u32, pixels: &[u8]) -> Result<Picture<'static>, CoreError> {
        let (whole, rest) = pixels.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(refused(width, height, 4, pixels.len()));
        }
        let rgb: Vec<u8> = whole.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        Picture::rgb(width, height, rgb).map_err(|_| refused(width, height, 4, pixels.len()))
    }

    fn checked(width: u32, height: u32, color: ColorSpace, pixels: Cow<'a, [u8]>) -> Result<Self, CoreError> {
        let n_pixels = width.checked_mul(height).filter(|&n| n > 0);
        let n_bytes = n_pixels.and_then(|n| (n as usize).checked_mul(color.channels()));
        if n_bytes != Some(pixels.len()) {
            return Err(refused(width, height, color.channels(), pixels.len()));
        }
        Ok(Self { width, height, color, pixels })
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What a pixel is made of.
    pub fn color(&self) -> ColorSpace {
        self.color
    }

    /// The bytes.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes of each row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width as usize * self.color.channels())
    }
}

fn refused(width: u32, height: u32, channels: usize, n_bytes: usize) -> CoreError {
    CoreError::Shape {
        argument: "pixels",
        shape: format!("{n_bytes} bytes for {width} × {height} pixels"),
        expected: format!("{channels} bytes for each of 1 to {} pixels", u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_without_pixels_or_with_too_few_bytes_is_refused() {
        assert!(Picture::gray(0, 4, vec![]).is_err());
        assert!(Picture::rgb(2, 2, vec![0; 11]).is_err());
        assert!(Picture::gray(65_536, 65_536, vec![]).is_err());
        let error = Picture::rgba(2, 1, &[0; 7]).unwrap_err().to_string();
        assert!(error.contains("7 bytes for 2 × 1 pixels"), "{error}");
    }

    #[test]
    fn opacity_is_dropped() {
        let picture = Picture::rgba(2, 1, &[1, 2, 3, 0, 4, 5, 6, 255]).unwrap();
        assert_eq!(picture, Picture::rgb(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap());
    }
}
