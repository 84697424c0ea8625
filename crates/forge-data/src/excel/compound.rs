//! The chains of sectors in a compound file, which old workbooks lie in: none may run in a circle, as a reader would follow
//! it until memory ends. Source: [MS-CFB], Compound File Binary File Format.

use std::collections::BTreeSet;

/// Numbers from here on are no sectors.
const SPECIAL: u32 = 0xffff_fffa;

/// Checks the chains of a file; the error says which is wrong.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let cut = "its header is cut short";
    let two = |at: usize| bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes).ok_or(cut);
    let size = match (two(26)?, two(30)?) {
        (3, 9) => 512,
        (4, 12) => 4096,
        _ => return Err("its version and the size of its sectors do not go together"),
    };
    let file = Sectors { bytes, size };
    let header = bytes.get(..512).ok_or(cut)?;
    let mut tables: Vec<u32> = numbers(&header[76..]).collect();
    // The list of tables goes on in sectors of its own, the last number of each naming the next.
    let mut seen = BTreeSet::new();
    let mut next = numbers(&header[68..72]).next().unwrap_or(SPECIAL);
    while next < SPECIAL {
        if !seen.insert(next) {
            return Err("the list of its sector tables runs in a circle");
        }
        let mut list: Vec<u32> = numbers(file.sector(next)?).collect();
        next = list.pop().unwrap_or(SPECIAL);
        tables.extend(list);
    }
    let n_tables = tables.iter().filter(|&&table| table < SPECIAL).count();
    if n_tables > bytes.len() / file.size + 1 {
        return Err("it lists more sector tables than it has sectors");
    }
    let mut fat = Vec::new();
    for &table in tables.iter().filter(|&&table| table < SPECIAL) {
        fat.extend(numbers(file.sector(table)?));
    }
    if !is_acyclic(&fat) {
        return Err("a chain of its sectors runs in a circle");
    }
    let mut mini = Vec::new();
    let mut next = numbers(&header[60..64]).next().unwrap_or(SPECIAL);
    while next < SPECIAL {
        mini.extend(numbers(file.sector(next)?));
        next = fat.get(next as usize).copied().unwrap_or(SPECIAL);
    }
    if !is_acyclic(&mini) {
        return Err("a chain of its small sectors runs in a circle");
    }
    let large = |start: u32| chain(start, &fat, |number| file.sector(number).unwrap_or_default());
    let entries = large(numbers(&header[48..52]).next().unwrap_or(SPECIAL));
    let small = entries.get(..ENTRY).map(|root| large(start_of(root))).unwrap_or_default();
    for entry in entries.chunks_exact(ENTRY).filter(|entry| is_book(entry)) {
        let size = numbers(&entry[120..124]).next().unwrap_or(0);
        let sector = |number: u32| {
            let start = (number as usize).saturating_mul(SMALL).min(small.len());
            &small[start..(start + SMALL).min(small.len())]
        };
        let stream = if size < SMALL_STREAM { chain(start_of(entry), &mini, sector) } else { large(start_of(entry)) };
        check_cells(&stream)?;
    }
    Ok(())
}

/// Bytes of an entry of the directory, of a small sector, and of the streams from which on they lie in large ones.
const ENTRY: usize = 128;
const SMALL: usize = 64;
const SMALL_STREAM: u32 = 4096;

fn start_of(entry: &[u8]) -> u32 {
    numbers(&entry[116..120]).next().unwrap_or(SPECIAL)
}

/// Whether an entry is the stream of a workbook, by its name in UTF-16.
fn is_book(entry: &[u8]) -> bool {
    ["Workbook", "Book"].iter().any(|name| {
        let units: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entry.starts_with(&units)
    })
}

/// The bytes of a chain of sectors, which is known to end.
fn chain<'a>(start: u32, next: &[u32], sector: impl Fn(u32) -> &'a [u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), start);
    while at < SPECIAL {
        bytes.extend_from_slice(sector(at));
        at = next.get(at as usize).copied().unwrap_or(SPECIAL);
    }
    bytes
}

/// Checks that no cell lies right of the 256 columns that an old sheet has. Source: [MS-XLS], records of cells.
fn check_cells(stream: &[u8]) -> Result<(), &'static str> {
    const CELLS: [u16; 9] = [0x0006, 0x00bd, 0x00be, 0x00d6, 0x00fd, 0x0201, 0x0203, 0x0204, 0x0205];
    const MANY: [u16; 2] = [0x00bd, 0x00be];
    const DIMENSIONS: u16 = 0x0200;
    const NUMBER_IN_FOUR_BYTES: u16 = 0x027e;
    let mut rest = stream;
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]])).min(after.len());
        let (record, following) = after.split_at(length);
        let is_cell = CELLS.contains(&kind) || kind == NUMBER_IN_FOUR_BYTES;
        // Records of several cells name their last column at their end.
        let ends = if MANY.contains(&kind) { record.last_chunk::<2>() } else { None };
        if is_cell && (record.get(2..4).is_some_and(|column| column[1] != 0) || ends.is_some_and(|last| last[1] != 0)) {
            return Err("a cell lies right of the last column");
        }
        if kind == DIMENSIONS {
            let rows = record.get(4..8).and_then(|four| numbers(four).next()).unwrap_or(0);
            let columns = record.get(10..12).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
            if rows > 1 << 16 || columns > 256 {
                return Err("a sheet is larger than 65,536 rows and 256 columns");
            }
        }
        rest = following;
    }
    Ok(())
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl<'a> Sectors<'a> {
    /// A sector, which the file must have. The header takes the place of one.
    fn sector(&self, number: u32) -> Result<&'a [u8], &'static str> {
        let start = (number as usize).checked_add(1).and_then(|number| number.checked_mul(self.size));
        let end = start.and_then(|start| start.checked_add(self.size));
        start
            .zip(end)
            .and_then(|(start, end)| self.bytes.get(start..end))
            .ok_or("a table of its sectors lies outside of it")
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
