//! Pictures from the bytes of JPEG, PNG and WebP files, turned the way they are meant to be seen.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

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

/// Bytes that a decoder may take for a pixel: four channels of two bytes, before and after a turn.
const MAX_BYTES_PER_PIXEL: u64 = 16;
/// Bytes that a decoder may take for everything else.
const BESIDE_PIXELS: u64 = 64 << 20;

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
        let x = x.min(self.width);
        let width = width.min(self.width - x);
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
    // What a decoder takes beside the pixels, such as colour profiles that unpack without end.
    let mut memory = Limits::no_limits();
    memory.max_alloc = Some(limits.max_pixels.saturating_mul(MAX_BYTES_PER_PIXEL).saturating_add(BESIDE_PIXELS));
    reader.limits(memory);
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
    if format == "JPEG" && is_cut_short(bytes) {
        let reason = "it is cut short: the mark of its end is missing".to_owned();
        return Err(VisionError::Damaged { file: file(), format, reason });
    }
    // A damaged EXIF block says nothing about the orientation; the picture is still good.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    let rgb = picture.into_rgb8();
    let (width, height) = (rgb.width() as usize, rgb.height() as usize);
    Ok(Photo { width, height, color, rgb: rgb.into_raw() })
}

/// Whether a JPEG file ends within its picture, which its decoder would fill up with grey.
///
/// In the coded picture a byte 0xFF is never followed by 0xD9 but at its end; before it there may be a small picture in an EXIF
/// block, which has an end of its own.
fn is_cut_short(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((&[0xFF, marker], after)) = rest.split_first_chunk() {
        rest = match (marker, after) {
            (0xDA, coded) => return !coded.windows(2).any(|pair| pair == [0xFF, 0xD9]),
            (0xFF, _) => &rest[1..],
            (0x01 | 0xD0..=0xD8, after) => after,
            (_, &[high, low, ..]) => after.get(usize::from(u16::from_be_bytes([high, low]))..).unwrap_or_default(),
            _ => return true,
        };
    }
    // No picture begins in it: the decoder says what is wrong.
    false
}

fn name_of(format: ImageFormat) -> Option<&'static str> {
    match format {
        ImageFormat::Jpeg => Some("JPEG"),
        ImageFormat::Png => Some("PNG"),
        ImageFormat::WebP => Some("WebP"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILES: [&[u8]; 5] = [
        include_bytes!("../../../tests/data/vision/astronaut.png"),
        include_bytes!("../../../tests/data/vision/desk.webp"),
        include_bytes!("../../../tests/data/vision/meeting.webp"),
        include_bytes!("../../../tests/data/vision/turned.jpg"),
        include_bytes!("../../../tests/data/vision/walker.jpg"),
    ];

    /// A PNG that says it is this large and ends there.
    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0]);
        let crc = crc32(&bytes[12..]);
        bytes.extend(crc.to_be_bytes());
        bytes.extend(b"\0\0\0\x01IDAT\0");
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
        })
    }

    fn message(bytes: &[u8], limits: &DecodeLimits) -> String {
        decode("shelf/a.jpg", bytes, limits).unwrap_err().to_string()
    }

    #[test]
    fn pictures_beyond_a_limit_are_refused_before_they_are_decoded() {
        let limits = DecodeLimits::default();
        for (bytes, limits, parts) in [
            (png_header(40_000, 2), limits, ["its width is 40000", "32768 (max_side)"]),
            (png_header(2, 40_000), limits, ["its height is 40000", "32768 (max_side)"]),
            (png_header(30_000, 30_000), limits, ["pixels is 900000000", "64000000 (max_pixels)"]),
            (FILES[4].to_vec(), DecodeLimits { max_pixels: 999, ..limits }, ["pixels is 172800", "999 (max_pixels)"]),
            (FILES[0].to_vec(), DecodeLimits { max_bytes: 99, ..limits }, ["bytes is 74433", "99 (max_bytes)"]),
        ] {
            let message = message(&bytes, &limits);
            assert!(
                message.starts_with("shelf/a.jpg: ") && parts.iter().all(|part| message.contains(part)),
                "{message}"
            );
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_by_name() {
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
        for bytes in [&b""[..], b"hello", gif, &[0xFF; 40]] {
            assert!(message(bytes, &DecodeLimits::default()).contains("no picture in JPEG, PNG or WebP"));
        }
        for (bytes, format) in [(FILES[0], "PNG"), (FILES[1], "WebP"), (FILES[3], "JPEG"), (&png_header(3, 3), "PNG")] {
            let message = message(&bytes[..bytes.len().min(60)], &DecodeLimits::default());
            assert!(message.contains(&format!("shelf/a.jpg: cannot be decoded as {format}")), "{message}");
        }
    }

    #[test]
    fn a_jpeg_that_is_cut_short_is_refused_and_one_with_more_behind_it_is_not() {
        let whole = FILES[4];
        for share in [2, 10, 50, 99] {
            let message = message(&whole[..whole.len() * share / 100], &DecodeLimits::default());
            assert!(message.contains("cannot be decoded as JPEG"), "{message}");
        }
        let more = [whole, b"motion"].concat();
        assert!(decode("more.jpg", &more, &DecodeLimits::default()).is_ok());
    }

    #[test]
    fn grey_files_are_known_as_such() {
        let mut png = Vec::new();
        let gray = image::GrayImage::from_fn(3, 2, |x, y| image::Luma([(40 * x + y) as u8]));
        gray.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let photo = decode("g.png", &png, &DecodeLimits::default()).unwrap();
        assert_eq!((photo.color(), &photo.rgb()[3..9]), (PhotoColor::Gray, &[40, 40, 40, 80, 80, 80][..]));
        assert_eq!(decode("a.png", FILES[0], &DecodeLimits::default()).unwrap().color(), PhotoColor::Rgb);
    }

    #[test]
    fn a_crop_ends_at_the_edges() {
        let photo = Photo::new(3, 2, (0..18).collect()).unwrap();
        let cut = photo.crop((1, 1), (9, 9)).unwrap();
        assert_eq!((cut.width(), cut.height(), cut.rgb()), (2, 1, &[12, 13, 14, 15, 16, 17][..]));
        assert_eq!([photo.crop((3, 0), (1, 1)), photo.crop((9, 9), (1, 1))], [None, None]);
        assert_eq!(Photo::new(usize::MAX, 2, vec![]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn damaged_pictures_give_a_picture_or_an_error(
            file in 0..FILES.len(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            head in prop::collection::vec((0..64_usize, any::<u8>()), 0..2),
            end in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut bytes = FILES[file].to_vec();
            changes.iter().for_each(|(at, byte)| bytes[at.index(FILES[file].len())] = *byte);
            head.iter().for_each(|&(at, byte)| bytes[at] = byte);
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len()));
            }
            // Small limits keep damaged sizes from costing time.
            let limits = DecodeLimits { max_pixels: 1_000_000, ..DecodeLimits::default() };
            if let Ok(photo) = decode("damaged", &bytes, &limits) {
                prop_assert_eq!(photo.rgb().len(), photo.width() * photo.height() * 3);
            }
        }
    }
}
