//! Measures the models natively, on one thread, for `cargo xtask bench vision`.
//!
//! `measure large IN OUT` writes the picture IN as a JPEG of 1920 × 1080. `measure run YOLOX BODYPIX PICTURE LARGE` prints one
//! JSON object: milliseconds of processor time, the least of several, and what was found.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program to be run by hand or by the automation works on files and the console"
)]

use std::error::Error;
use std::fs;

use cpu_time::ProcessTime;
use forge_vision::{DecodeLimits, Detector, ModelDescription, Segmenter, decode};
use image::{ExtendedColorType, RgbImage, imageops};

const RUNS: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["large", from, to] => large(from, to),
        ["run", yolox, bodypix, picture, large] => run(&fs::read(yolox)?, &fs::read(bodypix)?, [picture, large]),
        _ => Err("measure large IN OUT, or measure run YOLOX BODYPIX PICTURE LARGE".into()),
    }
}

fn large(from: &str, to: &str) -> Result<(), Box<dyn Error>> {
    let photo = decode(from, &fs::read(from)?, &DecodeLimits::default())?;
    let picture = RgbImage::from_raw(photo.width() as u32, photo.height() as u32, photo.rgb().to_vec());
    let picture = imageops::resize(&picture.ok_or("no picture")?, 1920, 1080, imageops::FilterType::CatmullRom);
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90).encode(
        &picture,
        1920,
        1080,
        ExtendedColorType::Rgb8,
    )?;
    Ok(fs::write(to, bytes)?)
}

fn run(yolox: &[u8], bodypix: &[u8], [picture, large]: [&str; 2]) -> Result<(), Box<dyn Error>> {
    let limits = DecodeLimits::default();
    let (detector, load_yolox) = timed(|| Detector::load(yolox, &ModelDescription::yolox_nano()))?;
    let (segmenter, load_bodypix) = timed(|| Segmenter::load(bodypix, &ModelDescription::bodypix_s16()))?;
    let photo = decode(picture, &fs::read(picture)?, &limits)?;
    let bytes = fs::read(large)?;
    let (boxes, detect) = least(|| detector.detect(&photo, 0.3))?;
    let (grid, segment) = least(|| segmenter.segment(&photo))?;
    let (big, decode_large) = least(|| decode(large, &bytes, &limits))?;
    let (_, detect_large) = least(|| detector.detect(&big, 0.3))?;
    println!(
        "{}",
        serde_json::json!({
            "load_yolox": load_yolox, "load_bodypix": load_bodypix, "yolox": detect, "bodypix": segment,
            "decode_1080p": decode_large, "yolox_1080p": detect_large,
            "boxes": boxes.len(), "grid": [grid.cols(), grid.rows()],
        })
    );
    Ok(())
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, f64), E> {
    let start = ProcessTime::now();
    let value = work()?;
    Ok((value, start.elapsed().as_secs_f64() * 1e3))
}

fn least<T, E>(work: impl Fn() -> Result<T, E>) -> Result<(T, f64), E> {
    let (mut value, mut least) = timed(&work)?;
    for _ in 1..RUNS {
        let (again, milliseconds) = timed(&work)?;
        if milliseconds < least {
            (value, least) = (again, milliseconds);
        }
    }
    Ok((value, least))
}
