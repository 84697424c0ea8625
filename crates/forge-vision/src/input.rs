//! A picture as the input of a model, and the way back from places in the input to places in the picture.

use crate::description::{Channels, Fit, InputDescription, Layout, Place};
use crate::photo::Photo;
use crate::resize::{Pixels, resize};

/// Where a picture lies in an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    /// Width of the input in pixels.
    pub(crate) width: usize,
    /// Height of the input in pixels.
    pub(crate) height: usize,
    /// Size of the resized picture.
    picture: (usize, usize),
    /// Its upper left corner.
    offset: (usize, usize),
    /// Pixels of the input for one of the picture, across and down.
    scale: (f64, f64),
    fill: f32,
}

impl Placed {
    /// A picture of `width` × `height` pixels in an input.
    pub(crate) fn new(fit: Fit, width: usize, height: usize) -> Self {
        let (w, h) = (width as f64, height as f64);
        match fit {
            Fit::Letterbox { width: to_width, height: to_height, place, fill } => {
                let scale = (to_width as f64 / w).min(to_height as f64 / h);
                // YOLOX and PicoDet drop the fraction of a pixel; a picture thinner than one keeps one.
                let side = |side: f64, most: usize| ((side * scale) as usize).clamp(1, most);
                let picture = (side(w, to_width), side(h, to_height));
                let offset = match place {
                    Place::TopLeft => (0, 0),
                    Place::Center => ((to_width - picture.0) / 2, (to_height - picture.1) / 2),
                };
                Self { width: to_width, height: to_height, picture, offset, scale: (scale, scale), fill }
            }
            Fit::Stretch { width, height } => Self::stretched(width, height, (w, h)),
            Fit::LongSide { long_side, multiple } => {
                let scale = long_side as f64 / w.max(h);
                let side = |side: f64| {
                    let steps = ((side * scale - 1.0) / multiple as f64).round().max(1.0);
                    steps as usize * multiple + 1
                };
                Self::stretched(side(w), side(h), (w, h))
            }
        }
    }

    fn stretched(width: usize, height: usize, (w, h): (f64, f64)) -> Self {
        let scale = (width as f64 / w, height as f64 / h);
        Self { width, height, picture: (width, height), offset: (0, 0), scale, fill: 0.0 }
    }

    /// A place in the input as a place in the picture.
    pub(crate) fn back(&self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.offset.0 as f64) / self.scale.0, (y - self.offset.1 as f64) / self.scale.1)
    }

    /// The input, in the order of its layout.
    pub(crate) fn fill_with(&self, photo: &Photo, input: &InputDescription) -> Vec<f32> {
        let source = Pixels { rgb: photo.rgb(), width: photo.width(), height: photo.height() };
        let resized = resize(source, self.picture.0, self.picture.1);
        let order = match input.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let levels: [[f32; 256]; 3] = std::array::from_fn(|channel| {
            std::array::from_fn(|level| (level as f32 - input.mean[channel]) / input.std[channel])
        });
        let n = self.width * self.height;
        let mut values = vec![0.0; n * 3];
        let rest: [f32; 3] = std::array::from_fn(|channel| (self.fill - input.mean[channel]) / input.std[channel]);
        let covered = self.picture == (self.width, self.height);
        let rows = resized.chunks_exact(self.picture.0 * 3).enumerate();
        match input.layout {
            Layout::Nchw => {
                for (channel, plane) in values.chunks_exact_mut(n).enumerate() {
                    if !covered {
                        plane.fill(rest[channel]);
                    }
                    for (row, pixels) in rows.clone() {
                        let line = &mut plane[(row + self.offset.1) * self.width + self.offset.0..][..self.picture.0];
                        for (value, pixel) in line.iter_mut().zip(pixels.as_chunks::<3>().0) {
                            *value = levels[channel][usize::from(pixel[order[channel]])];
                        }
                    }
                }
            }
            Layout::Nhwc => {
                let cells = values.as_chunks_mut::<3>().0;
                if !covered {
                    cells.fill(rest);
                }
                for (row, pixels) in rows {
                    let line = &mut cells[(row + self.offset.1) * self.width + self.offset.0..][..self.picture.0];
                    for (cell, pixel) in line.iter_mut().zip(pixels.as_chunks::<3>().0) {
                        *cell = std::array::from_fn(|channel| levels[channel][usize::from(pixel[order[channel]])]);
                    }
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModelDescription;

    fn placed(description: &ModelDescription, width: usize, height: usize) -> Placed {
        Placed::new(description.input.fit, width, height)
    }

    #[test]
    fn a_letterbox_keeps_the_shape_and_the_way_back_ends_where_it_began() {
        let yolox = placed(&ModelDescription::yolox_nano(), 1000, 500);
        assert_eq!((yolox.picture, yolox.offset, yolox.back(416.0, 208.0)), ((416, 208), (0, 0), (1000.0, 500.0)));
        let picodet = placed(&ModelDescription::picodet_s_320(), 100, 200);
        assert_eq!((picodet.picture, picodet.offset, picodet.back(80.0, 320.0)), ((160, 320), (80, 0), (0.0, 200.0)));
    }

    #[test]
    fn sides_are_one_more_than_a_multiple_of_16() {
        let bodypix = ModelDescription::bodypix_s16();
        let size = |width, height| {
            let placed = placed(&bodypix, width, height);
            (placed.width, placed.height)
        };
        assert_eq!([size(640, 480), size(480, 640), size(1920, 1080)], [(513, 385), (385, 513), (513, 289)]);
        assert_eq!(size(32_768, 1), (513, 17));
    }

    #[test]
    fn channels_layout_and_fill_are_those_of_the_description() {
        let photo = Photo::new(2, 1, vec![10, 20, 30, 40, 50, 60]).unwrap();
        let mut description = ModelDescription::yolox_nano();
        description.input.fit = Fit::Letterbox { width: 2, height: 2, place: Place::TopLeft, fill: 114.0 };
        let values = |description: &ModelDescription| placed(description, 2, 1).fill_with(&photo, &description.input);
        let planes = [[30.0, 60.0, 114.0, 114.0], [20.0, 50.0, 114.0, 114.0], [10.0, 40.0, 114.0, 114.0]];
        assert_eq!(values(&description), planes.concat());
        description.input.layout = Layout::Nhwc;
        description.input.channels = Channels::Rgb;
        description.input.mean = [10.0, 0.0, 0.0];
        description.input.std = [1.0, 10.0, 1.0];
        let cells = [[0.0, 2.0, 30.0], [30.0, 5.0, 60.0], [104.0, 11.4, 114.0], [104.0, 11.4, 114.0]];
        assert_eq!(values(&description), cells.concat());
    }
}
