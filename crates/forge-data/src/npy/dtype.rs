//! The number types of NumPy (`dtype.str`, such as `<f8`) and their bytes as `f64`.

/// What kind of number an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NpyKind {
    /// `b1`: true or false.
    Bool,
    /// `i1` to `i8`: whole numbers.
    Signed,
    /// `u1` to `u8`: whole numbers from 0.
    Unsigned,
    /// `f2`, `f4` and `f8`.
    Float,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteOrder {
    Little,
    Big,
}

/// The type of an array's numbers.
///
/// *Invariant*: a kind with one of its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NpyType {
    kind: NpyKind,
    size: usize,
    order: ByteOrder,
}

impl NpyType {
    /// Reads a type such as `<f8`, `>i4` or `|u1`; none where it is not one of numbers or booleans.
    pub(super) fn parse(descr: &str) -> Option<Self> {
        let (mark, rest) = descr.split_at_checked(1)?;
        let order = match mark {
            "<" | "|" | "=" => ByteOrder::Little,
            ">" => ByteOrder::Big,
            _ => return None,
        };
        let (kind, size) = match rest {
            "b1" => (NpyKind::Bool, 1),
            "i1" => (NpyKind::Signed, 1),
            "i2" => (NpyKind::Signed, 2),
            "i4" => (NpyKind::Signed, 4),
            "i8" => (NpyKind::Signed, 8),
            "u1" => (NpyKind::Unsigned, 1),
            "u2" => (NpyKind::Unsigned, 2),
            "u4" => (NpyKind::Unsigned, 4),
            "u8" => (NpyKind::Unsigned, 8),
            "f2" => (NpyKind::Float, 2),
            "f4" => (NpyKind::Float, 4),
            "f8" => (NpyKind::Float, 8),
            _ => return None,
        };
        Some(Self { kind, size, order })
    }

    /// Boolean, whole or floating-point.
    pub fn kind(self) -> NpyKind {
        self.kind
    }

    /// Bytes of one number.
    pub fn size(self) -> usize {
        self.size
    }

    /// Appends the numbers in `bytes`; a rest shorter than one number is left.
    pub(crate) fn decode(self, bytes: &[u8], values: &mut Vec<f64>) {
        match (self.kind, self.size) {
            (NpyKind::Bool, _) => values.extend(bytes.iter().map(|&byte| f64::from(u8::from(byte != 0)))),
            (NpyKind::Signed, 1) => self.each(bytes, values, |[byte]| f64::from(i8::from_le_bytes([byte]))),
            (NpyKind::Signed, 2) => self.each(bytes, values, |bytes| f64::from(i16::from_le_bytes(bytes))),
            (NpyKind::Signed, 4) => self.each(bytes, values, |bytes| f64::from(i32::from_le_bytes(bytes))),
            (NpyKind::Signed, _) => self.each(bytes, values, |bytes| i64::from_le_bytes(bytes) as f64),
            (NpyKind::Unsigned, 1) => values.extend(bytes.iter().map(|&byte| f64::from(byte))),
            (NpyKind::Unsigned, 2) => self.each(bytes, values, |bytes| f64::from(u16::from_le_bytes(bytes))),
            (NpyKind::Unsigned, 4) => self.each(bytes, values, |bytes| f64::from(u32::from_le_bytes(bytes))),
            (NpyKind::Unsigned, _) => self.each(bytes, values, |bytes| u64::from_le_bytes(bytes) as f64),
            (NpyKind::Float, 2) => self.each(bytes, values, |bytes| half(u16::from_le_bytes(bytes))),
            (NpyKind::Float, 4) => self.each(bytes, values, |bytes| f64::from(f32::from_le_bytes(bytes))),
            (NpyKind::Float, _) => self.each(bytes, values, f64::from_le_bytes),
        }
    }

    /// The bytes of a number; the error is the rule it breaks.
    pub(super) fn encode(self, value: f64) -> Result<Vec<u8>, String> {
        let bits = 8 * self.size;
        let power = |exponent: usize| (1u128 << exponent) as f64;
        let (least, limit) = match self.kind {
            NpyKind::Bool => (0.0, 2.0),
            NpyKind::Unsigned => (0.0, power(bits)),
            NpyKind::Signed => (-power(bits - 1), power(bits - 1)),
            NpyKind::Float => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let mut bytes = match (self.kind, self.size) {
            (NpyKind::Float, 8) => value.to_le_bytes().to_vec(),
            (NpyKind::Float, 4) => (value as f32).to_le_bytes().to_vec(),
            (NpyKind::Float, _) => return Err("numbers of half precision are not written".to_owned()),
            _ if value.is_nan() => return Err("the array has whole numbers only, which cannot be missing".to_owned()),
            _ if value.fract() != 0.0 || value < least || value >= limit => {
                return Err(format!("the array has whole numbers of {bits} bits only"));
            }
            (NpyKind::Signed, size) => (value as i64).to_le_bytes()[..size].to_vec(),
            (NpyKind::Unsigned | NpyKind::Bool, size) => (value as u64).to_le_bytes()[..size].to_vec(),
        };
        if self.order == ByteOrder::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn each<const N: usize>(self, bytes: &[u8], values: &mut Vec<f64>, number: impl Fn([u8; N]) -> f64) {
        let items = bytes.as_chunks::<N>().0;
        match self.order {
            ByteOrder::Little => values.extend(items.iter().map(|&item| number(item))),
            ByteOrder::Big => values.extend(items.iter().map(|&item| {
                let mut item = item;
                item.reverse();
                number(item)
            })),
        }
    }
}

/// A number of IEEE 754 half precision: 1 bit sign, 5 bits exponent, 10 bits fraction.
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match (bits >> 10) & 0x1f {
        0 => fraction / f64::from(1_u32 << 24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        exponent => (1024.0 + fraction) * f64::from(1_u32 << exponent) / (f64::from(1_u32 << 25)),
    };
    if bits >> 15 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_exact() {
        let known = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x0400, 6.103_515_625e-5),
            (0x3555, 0.333_251_953_125),
            (0x7c00, f64::INFINITY),
        ];
        for (bits, value) in known {
            assert_eq!(half(bits), value, "{bits:#x}");
        }
        assert!(half(0x7e00).is_nan());
        assert!(half(0x8000).is_sign_negative());
    }

    #[test]
    fn texts_and_records_are_no_numbers() {
        for descr in ["<U4", "|S8", "|O", "<c16", "<f16", "f8", "", "é8", "<i3"] {
            assert_eq!(NpyType::parse(descr), None, "{descr}");
        }
    }
}
