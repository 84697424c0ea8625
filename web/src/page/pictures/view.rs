//! Which part of a picture is seen, and how places on the screen are places in the picture.

/// How much a step of the keys or the wheel enlarges.
pub(crate) const STEP: f64 = 1.25;
const MOST: f64 = 40.0;

/// The part that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// How much larger than fitting; at least 1.
    pub(crate) zoom: f64,
    /// Its middle, as shares of width and height.
    pub(crate) middle: (f64, f64),
}

impl Default for View {
    fn default() -> Self {
        Self { zoom: 1.0, middle: (0.5, 0.5) }
    }
}

/// A picture on the screen: its size in its own pixels, and that of the stage in those of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Frame {
    /// Width and height of the picture.
    pub(crate) picture: (f64, f64),
    /// Width and height of the stage.
    pub(crate) stage: (f64, f64),
}

impl Frame {
    /// Pixels of the page per pixel of the picture.
    pub(crate) fn scale(&self, view: View) -> f64 {
        let (width, height) = (self.picture.0.max(1.0), self.picture.1.max(1.0));
        ((self.stage.0 / width).min(self.stage.1 / height) * view.zoom).max(1e-6)
    }

    /// Left, top, width and height of what is seen.
    pub(crate) fn view_box(&self, view: View) -> [f64; 4] {
        let (width, height) = (self.picture.0 / view.zoom, self.picture.1 / view.zoom);
        let (x, y) = (self.picture.0 * view.middle.0, self.picture.1 * view.middle.1);
        [x - width / 2.0, y - height / 2.0, width, height]
    }

    /// The place in the picture at a place on the stage.
    pub(crate) fn place(&self, view: View, (x, y): (f64, f64)) -> (f64, f64) {
        let scale = self.scale(view);
        let from_middle = ((x - self.stage.0 / 2.0) / scale, (y - self.stage.1 / 2.0) / scale);
        (self.picture.0 * view.middle.0 + from_middle.0, self.picture.1 * view.middle.1 + from_middle.1)
    }

    /// Enlarges by `factor` so that what is at a place on the stage stays there.
    pub(crate) fn zoomed(&self, view: View, factor: f64, at: (f64, f64)) -> View {
        let zoom = (view.zoom * factor).clamp(1.0, MOST);
        let before = self.place(view, at);
        let after = self.place(View { zoom, ..view }, at);
        self.moved(View { zoom, ..view }, (before.0 - after.0, before.1 - after.1))
    }

    /// Moves the middle by pixels of the picture; what is seen stays within it.
    pub(crate) fn moved(&self, view: View, (dx, dy): (f64, f64)) -> View {
        let half = 0.5 / view.zoom;
        let along = |middle: f64, by: f64, side: f64| (middle + by / side.max(1.0)).clamp(half, 1.0 - half);
        View { middle: (along(view.middle.0, dx, self.picture.0), along(view.middle.1, dy, self.picture.1)), ..view }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { picture: (200.0, 100.0), stage: (400.0, 400.0) };

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let at = (100.0, 180.0);
        let view = FRAME.zoomed(View::default(), 2.0, at);
        let (before, after) = (FRAME.place(View::default(), at), FRAME.place(view, at));
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9, "{before:?} {after:?}");
        assert_eq!(FRAME.zoomed(view, 0.1, at), View::default());
    }

    #[test]
    fn what_is_seen_stays_within_the_picture() {
        let view = FRAME.moved(View { zoom: 2.0, ..View::default() }, (1e6, -1e6));
        assert_eq!(FRAME.view_box(view), [100.0, 0.0, 100.0, 50.0]);
        assert_eq!(FRAME.place(View::default(), (0.0, 100.0)), (0.0, 0.0));
    }
}
