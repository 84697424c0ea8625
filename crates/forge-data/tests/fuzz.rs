//! Damaged files of every format: whatever bytes come in, a result or an error comes out, in bounded time and memory.
//!
//! A few seconds by default; `FORGE_FUZZ_SECONDS=600 cargo test -p forge-data --all-features --test fuzz` runs for ten
//! minutes. `FORGE_FUZZ_ONLY` chooses files by a part of their names, `FORGE_FUZZ_SEED` another sequence,
//! `FORGE_FUZZ_STEP` begins at the step that a failure named, and `FORGE_FUZZ_TRACE` prints every file before it is read.
#![cfg(all(feature = "columnar", feature = "excel"))]
#![expect(clippy::disallowed_methods, reason = "a test reads its files, its environment and the clock")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use forge_data::{Changes, Column, CsvOptions, Values, infer_roles, read_table};

/// Bytes that may be held at once while one small file is read.
const MAX_HELD: usize = 1 << 30;
/// How long reading one small file may take, on a busy machine and without optimisation.
const MAX_TIME: Duration = Duration::from_mins(1);

/// What the last panic said, and where.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Counts the bytes that are held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator that counts is the only way to see what readers hold")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A sequence of numbers that looks random (`SplitMix64`: G. L. Steele, D. Lea, C. H. Flood, 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// A file that was valid, damaged in one to eight places.
fn damaged(files: &[(String, Vec<u8>)], numbers: &mut Numbers) -> (String, Vec<u8>) {
    let (name, whole) = &files[numbers.below(files.len())];
    let mut bytes = whole.clone();
    for _ in 0..=numbers.below(8) {
        let at = numbers.below(bytes.len());
        match numbers.below(9) {
            _ if bytes.is_empty() => bytes.extend(numbers.next().to_le_bytes()),
            0 | 1 => bytes[at] ^= 1 << numbers.below(8),
            2 => bytes[at] = numbers.next() as u8,
            3 => bytes[at] = [0, 0xff, 0x7f, 0x80, b'"', b'\n', b'[', b'<'][numbers.below(8)],
            4 => bytes.truncate(at),
            5 => drop(bytes.drain(at..(at + numbers.below(16)).min(whole.len()).min(bytes.len()).max(at))),
            6 => {
                // A piece of another file, or of this one.
                let other = &files[numbers.below(files.len())].1;
                let from = numbers.below(other.len());
                let piece = &other[from..(from + numbers.below(64)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            7 => {
                let value = [0, 1, u64::MAX, 1 << 31, (1 << 31) - 1, 1 << 40, 0x7fff_ffff_ffff_ffff][numbers.below(7)];
                let width = [2, 4, 8][numbers.below(3)];
                let end = (at + width).min(bytes.len());
                bytes[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
            }
            _ => {
                let n = numbers.below(300);
                bytes = (0..n).map(|_| numbers.next() as u8).collect();
            }
        }
    }
    (name.clone(), bytes)
}

/// Reads and, where that works, writes again.
fn exercise(name: &str, bytes: Vec<u8>) {
    let options = CsvOptions { max_bytes: 64 << 20, ..CsvOptions::default() };
    let Ok(file) = read_table(name, bytes, &options) else { return };
    let n_rows = file.table.n_rows();
    let _roles = infer_roles(&file.table);
    for row in [0, n_rows / 2, n_rows] {
        let _cells = file.cells(row);
        let _line = file.line(row);
    }
    let added = [Column::new("a new column", Values::Number(vec![0.5; n_rows]))];
    for changes in [
        Changes::default(),
        Changes { without: &[0, 2], ..Changes::default() },
        Changes { added: &added, ..Changes::default() },
    ] {
        let _written = file.written(&changes);
    }
}

#[test]
fn damaged_files_neither_panic_nor_hang_nor_fill_memory() {
    let seconds = std::env::var("FORGE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let seed = std::env::var("FORGE_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let only = std::env::var("FORGE_FUZZ_ONLY").unwrap_or_default();
    // An allocation that fails ends the process before it can say which file asked for it.
    let trace = std::env::var("FORGE_FUZZ_TRACE").is_ok();
    let mut step: u64 = std::env::var("FORGE_FUZZ_STEP").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let begun_at = step;
    let folder = format!("{}/tests/files", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .filter(|(name, _)| name.contains(&only))
        .collect();
    files.sort();
    // Panics that a reader contains are errors; those that it lets out are caught and told below.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| *LAST.lock().unwrap() = panic.to_string()));
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        let (name, bytes) = damaged(&files, &mut Numbers(seed << 32 | step));
        let case = format!("FORGE_FUZZ_SEED={seed}, step {step}, {name} of {} bytes", bytes.len());
        if trace {
            println!("{case}");
        }
        MOST.store(HELD.load(Ordering::Relaxed), Ordering::Relaxed);
        let (held, began) = (HELD.load(Ordering::Relaxed), Instant::now());
        let outcome = catch_unwind(AssertUnwindSafe(|| exercise(&name, bytes.clone())));
        let most = MOST.load(Ordering::Relaxed).saturating_sub(held);
        let sound = outcome.is_ok() && began.elapsed() < MAX_TIME && most < MAX_HELD;
        if !sound {
            std::panic::set_hook(hook);
            let panicked = if outcome.is_err() { LAST.lock().unwrap().clone() } else { "no panic".to_owned() };
            let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
            panic!("{case}: {panicked}, {:?}, {most} bytes held; its bytes are {hex}", began.elapsed());
        }
        step += 1;
    }
    println!("{} damaged files in {seconds} s", step - begun_at);
}
