//! One channel of a picture, and grey from colours, as Pillow makes it.

/// One byte per pixel, row by row.
///
/// *Invariant*: `values` holds `width` bytes for every row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) values: Vec<u8>,
}

impl Plane {
    /// Its rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.values.chunks_exact(self.width)
    }
}

/// The light of a colour. Pillow's conversion of `RGB` to `L`: the weights of ITU-R 601-2 in 16-bit fractions.
pub(super) fn luma(red: u8, green: u8, blue: u8) -> u8 {
    ((u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471 + 0x8000) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_of_grey_is_itself() {
        assert!((0..=255).all(|level| luma(level, level, level) == level));
        assert_eq!([luma(255, 0, 0), luma(0, 255, 0), luma(0, 0, 255)], [76, 150, 29]);
    }
}
