//! The chains of sectors in a compound file, which old workbooks lie in: none may run in a circle, as a reader would follow
//! it until memory ends. Source: [MS-CFB], Compound File Binary File Format.

use std::collections::BTreeSet;

/// Numbers from here on are no sectors.
const SPECIAL: u32 = 0xffff_fffa;

/// Checks the chains of a file; the error says which is wrong.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let cut = "its header is cut short";
    let shift = bytes.get(30..32).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes).ok_or(cut)?;
    if !(7..=16).contains(&shift) {
        return Err("its sectors have an impossible size");
    }
    let file = Sectors { bytes, size: 1 << shift };
    let header = bytes.get(..512).ok_or(cut)?;
    let mut tables: Vec<u32> = numbers(&header[76..]).collect();
    // The list of tables goes on in sectors of its own, the last number of each naming the next.
    let mut seen = BTreeSet::new();
    let mut next = numbers(&header[68..72]).next().unwrap_or(SPECIAL);
    while next < SPECIAL {
        if !seen.insert(next) {
            return Err("the list of its sector tables runs in a circle");
        }
        let mut list: Vec<u32> = numbers(file.sector(next)).collect();
        next = list.pop().unwrap_or(SPECIAL);
        tables.extend(list);
    }
    let n_tables = tables.iter().filter(|&&table| table < SPECIAL).count();
    if n_tables > bytes.len() / file.size + 1 {
        return Err("it lists more sector tables than it has sectors");
    }
    let fat: Vec<u32> =
        tables.iter().filter(|&&table| table < SPECIAL).flat_map(|&table| numbers(file.sector(table))).collect();
    if !is_acyclic(&fat) {
        return Err("a chain of its sectors runs in a circle");
    }
    let mut mini = Vec::new();
    let mut next = numbers(&header[60..64]).next().unwrap_or(SPECIAL);
    while next < SPECIAL {
        mini.extend(numbers(file.sector(next)));
        next = fat.get(next as usize).copied().unwrap_or(SPECIAL);
    }
    if is_acyclic(&mini) { Ok(()) } else { Err("a chain of its small sectors runs in a circle") }
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl<'a> Sectors<'a> {
    /// A sector, as far as the file has it. The header takes the place of one.
    fn sector(&self, number: u32) -> &'a [u8] {
        let start = (number as usize + 1).saturating_mul(self.size).min(self.bytes.len());
        &self.bytes[start..start.saturating_add(self.size).min(self.bytes.len())]
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four))
}

/// Whether following `next` from any place comes to an end.
fn is_acyclic(next: &[u32]) -> bool {
    // 0: not seen yet; otherwise the walk in which it was seen.
    let mut walk_of = vec![0u32; next.len()];
    for start in 0..next.len() {
        let walk = start as u32 + 1;
        let mut at = start;
        while walk_of.get(at) == Some(&0) {
            walk_of[at] = walk;
            at = next[at] as usize;
            if walk_of.get(at) == Some(&walk) {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found() {
        assert!(is_acyclic(&[1, 2, u32::MAX, 1]));
        assert!(is_acyclic(&[]));
        assert!(!is_acyclic(&[1, 2, 0]));
        assert!(!is_acyclic(&[0xffff_fffe, 1]));
    }
}
