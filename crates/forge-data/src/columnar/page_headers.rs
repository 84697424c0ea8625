//! The headers of a Parquet column's pages, read for what the pages become before room is made for it. Sources: "Data
//! Pages" in the specification at <https://parquet.apache.org/docs/file-format/>, and the compact protocol at
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// Takes what the pages of a column chunk say they become from the bytes that are still allowed. The error says which page
/// is wrong.
pub(super) fn spend(chunk: &[u8], allowed: &mut u64) -> Result<(), String> {
    let mut rest = Compact { rest: chunk };
    let mut number = 0;
    while !rest.rest.is_empty() {
        number += 1;
        let sizes = rest.page_sizes().ok_or_else(|| format!("page {number}: its header is damaged"))?;
        let too_large = || {
            format!(
                "page {number}: it says that it becomes {} bytes, and no more than {allowed} are left of what a file of \
                 this size may become",
                sizes.unpacked
            )
        };
        *allowed = allowed.checked_sub(sizes.unpacked).ok_or_else(too_large)?;
        rest.take(sizes.packed).ok_or_else(|| format!("page {number}: it is cut short"))?;
    }
    Ok(())
}

/// Bytes of a page behind its header.
struct Sizes {
    unpacked: u64,
    packed: u64,
}

/// Values of Thrift's compact protocol one after the other; none where they are damaged or cut short.
struct Compact<'a> {
    rest: &'a [u8],
}

/// What a value is, as the protocol numbers it.
mod kind {
    pub(super) const STOP: u8 = 0;
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const BYTE: u8 = 3;
    pub(super) const I16: u8 = 4;
    pub(super) const I32: u8 = 5;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
}

/// Values within values at most; those of a header are no deeper than four.
const MAX_DEPTH: usize = 16;

impl<'a> Compact<'a> {
    fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(n).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// The number and the kind of the field after this one of a struct; at its end the kind is `STOP`.
    fn field(&mut self, last: i64) -> Option<(i64, u8)> {
        let byte = self.byte()?;
        let (step, kind) = (byte >> 4, byte & 15);
        let number = match step {
            _ if kind == kind::STOP => last,
            0 => self.signed()?,
            _ => last.checked_add(i64::from(step))?,
        };
        Some((number, kind))
    }

    /// The second and third field of a page's header, which ends where the values go on.
    fn page_sizes(&mut self) -> Option<Sizes> {
        let (mut unpacked, mut packed) = (None, None);
        let mut last = 0;
        loop {
            let (number, kind) = self.field(last)?;
            last = number;
            match (number, kind) {
                (_, kind::STOP) => break,
                (2, kind::I32) => unpacked = Some(u64::try_from(self.signed()?).ok()?),
                (3, kind::I32) => packed = Some(u64::try_from(self.signed()?).ok()?),
                _ => self.skip(kind, 0)?,
            }
        }
        Some(Sizes { unpacked: unpacked?, packed: packed? })
    }

    /// Passes over the value of a field.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth == MAX_DEPTH {
            return None;
        }
        match kind {
            kind::TRUE | kind::FALSE => {}
            kind::BYTE => drop(self.byte()?),
            kind::I16 | kind::I32 | kind::I64 => drop(self.unsigned()?),
            kind::DOUBLE => drop(self.take(8)?),
            kind::BINARY => {
                let n = self.unsigned()?;
                self.take(n)?;
            }
            kind::LIST | kind::SET => {
                let head = self.byte()?;
                let n = if head >> 4 == 15 { self.unsigned()? } else { u64::from(head >> 4) };
                for _ in 0..n {
                    self.skip_element(head & 15, depth)?;
                }
            }
            kind::MAP => {
                let n = self.unsigned()?;
                let kinds = if n == 0 { 0 } else { self.byte()? };
                for _ in 0..n {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 15, depth)?;
                }
            }
            kind::STRUCT => {
                let mut last = 0;
                loop {
                    let (number, kind) = self.field(last)?;
                    if kind == kind::STOP {
                        break;
                    }
                    last = number;
                    self.skip(kind, depth + 1)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Passes over a value of a list, where a truth value is a byte.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        let kind = if matches!(kind, kind::TRUE | kind::FALSE) { kind::BYTE } else { kind };
        self.skip(kind, depth + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of three bytes that become 150, its header with a struct, a list and a text in it.
    const PAGE: [u8; 27] = [
        0x15, 0x00, 0x15, 0xac, 0x02, 0x15, 0x06, 0x2c, 0x15, 0x02, 0x11, 0x18, 0x02, b'a', b'b', 0x00, 0x19, 0x28,
        0x01, b'x', 0x01, b'y', 0x00, // The header ends.
        1, 2, 3, 0x15,
    ];

    #[test]
    fn pages_are_counted_by_what_they_become() {
        let two = [&PAGE[..26], &PAGE[..26]].concat();
        let mut allowed = 350;
        spend(&two, &mut allowed).unwrap();
        assert_eq!(allowed, 50);
        let said = spend(&two, &mut 299).unwrap_err();
        assert!(said.starts_with("page 2: it says that it becomes 150 bytes, and no more than 149 are left"), "{said}");
    }

    #[test]
    fn damaged_headers_name_their_page() {
        let second = [&PAGE[..26], &PAGE[..10]].concat();
        assert_eq!(spend(&second, &mut 1000).unwrap_err(), "page 2: its header is damaged");
        assert_eq!(spend(&PAGE[..25], &mut 1000).unwrap_err(), "page 1: it is cut short");
        assert_eq!(spend(&PAGE, &mut 1000).unwrap_err(), "page 2: its header is damaged");
        // A struct within a struct without end, and a number that never ends.
        assert_eq!(spend(&[0x1c; 1000], &mut 1000).unwrap_err(), "page 1: its header is damaged");
        assert_eq!(spend(&[0x95; 100], &mut 1000).unwrap_err(), "page 1: its header is damaged");
        assert_eq!(spend(&[0x15, 0xff, 0xff], &mut 1000).unwrap_err(), "page 1: its header is damaged");
    }
}
