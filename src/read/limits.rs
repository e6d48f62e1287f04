//! How much is read: limits that no real file meets, and their faults.
//!
//! What for: a file that is damaged, or made to do harm, is refused early with the limit it exceeds, and takes
//! neither memory nor time without end. In: sizes and counts while something is read. Out: a fault (F115).

use std::io::{self, ErrorKind, Read};

use crate::error::{Fault, Subject};
use crate::files::size;
pub(crate) use crate::files::too_large;
use crate::units::Amount;

/// Most bytes of a text, unpacked.
pub(crate) const MOST_TEXT: u64 = 2 << 30;
/// Most bytes of a published table, which is read row by row.
const MOST_STREAMED: u64 = 8 << 30;
/// Most bytes of a scenario or a file of variants.
pub(crate) const MOST_SETTINGS: u64 = 64 << 20;
/// Most bytes of a cell, or of a property.
pub(crate) const MOST_CELL: usize = 1 << 20;
/// Most bytes of a row.
pub(crate) const MOST_ROW: usize = 16 << 20;
/// Most columns of a table, as many as spreadsheets have, and properties of features.
pub(crate) const MOST_COLUMNS: usize = 16_384;
/// Most rows of a table.
pub(crate) const MOST_ROWS: usize = 50_000_000;
/// Most tables in tables, lists in lists and parts of a key in a document.
pub(crate) const MOST_DEPTH: usize = 64;
/// Most tables in a list of a document.
pub(crate) const MOST_TABLES: usize = 100_000;

/// Most nodes of the ways of an extract, counted at each way; those of the roads of a continent are fewer.
#[cfg(feature = "osm")]
const MOST_NODES: u64 = 1_000_000_000;

/// How many nodes the ways hold that were read so far, by all threads.
#[cfg(feature = "osm")]
#[derive(Default)]
pub(crate) struct HeldNodes(std::sync::atomic::AtomicU64);

#[cfg(feature = "osm")]
impl HeldNodes {
    /// Whether a way with so many nodes more can be held.
    pub(crate) fn take(&self, nodes: usize) -> bool {
        let nodes = nodes as u64;
        let before = self.0.fetch_add(nodes, std::sync::atomic::Ordering::Relaxed);
        before + nodes <= MOST_NODES
    }

    /// The fault of ways that hold more than is read.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let held = self.0.load(std::sync::atomic::Ordering::Relaxed);
        (held > MOST_NODES).then(|| {
            let cause =
                format!("its ways have more than {MOST_NODES} nodes, the most that is read");
            Fault::new("F115", cause, "cut the area out that is planned for: osmium extract")
        })
    }
}

/// Up to so many bytes a packed file may hold whatever it likes.
const BOMB_FROM: u64 = 64 << 20;
/// Beyond, what unpacks to so many times its size holds no table.
const BOMB_RATIO: u64 = 200;

/// Whether a file that unpacked to so many bytes, of so many packed ones, is made to fill memory.
pub(crate) fn is_bomb(packed: u64, plain: u64) -> bool {
    plain > BOMB_FROM && plain / BOMB_RATIO > packed
}

pub(crate) fn bomb() -> Fault {
    let cause =
        format!("this unpacks to more than {BOMB_RATIO} times its size, the most that is read");
    Fault::new("F115", cause, "look what the file is; unpack it first if it is meant")
}

/// The fault of a cell, a row or a value that is too long.
pub(crate) fn too_long(what: &str, bytes: usize, most: usize) -> Fault {
    let most = size(most as u64);
    let bytes = Amount::count(bytes);
    let cause = format!("the {what} has {bytes} bytes, more than the {most} that are read");
    Fault::new("F115", cause, "shorten it, or leave the column out").about(Subject::Unread)
}

/// The fault of too many of something.
pub(crate) fn too_many(what: &str, count: usize, most: usize) -> Fault {
    let [count, most] = [count, most].map(Amount::count);
    let cause = format!("there are {count} {what}, more than the {most} that are read");
    Fault::new("F115", cause, "leave out what is not needed")
}

/// The fault of a document that is nested too deeply.
pub(crate) fn too_deep(most: usize) -> Fault {
    let cause = format!("this is nested more than {most} deep, the most that is read");
    Fault::new("F115", cause, "write it flatter")
}

/// The fault of JSON that exceeds the depth that its reader allows.
pub(crate) fn json_limit(error: &serde_json::Error) -> Option<Fault> {
    // The reader has no kind for it.
    error.to_string().starts_with("recursion limit").then(|| too_deep(127))
}

/// A reader that ends with an error at the limits of a streamed table.
pub(crate) struct Bounded<R> {
    inner: R,
    total: u64,
    line: usize,
}

impl<R: Read> Bounded<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, total: 0, line: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.total += count as u64;
        let read = &buffer[..count];
        self.line = match read.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) => count - end,
            None => self.line + count,
        };
        if self.line > MOST_ROW {
            return Err(io::Error::new(ErrorKind::FileTooLarge, Limit(MOST_ROW as u64)));
        }
        if self.total > MOST_STREAMED {
            return Err(io::Error::new(ErrorKind::FileTooLarge, Limit(MOST_STREAMED)));
        }
        Ok(count)
    }
}

/// The limit that a streamed table exceeded.
#[derive(Debug, thiserror::Error)]
#[error("larger than {0} bytes")]
struct Limit(u64);

/// The limit that an error of reading stands for.
pub(crate) fn is_limit(error: &io::Error) -> Option<Fault> {
    let limit = error.get_ref()?.downcast_ref::<Limit>()?.0;
    if limit == MOST_ROW as u64 {
        let most = size(limit);
        let cause = format!("a row has more than {most}, the most that is read");
        let fault = Fault::new("F115", cause, "check whether this is a table of rows at all");
        return Some(fault.about(Subject::Unread));
    }
    Some(too_large(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_far_more_than_it_is_is_a_bomb() {
        assert!(is_bomb(9 << 16, 128 << 20) && !is_bomb(1, 1 << 20) && !is_bomb(10 << 20, 1 << 30));
    }

    #[test]
    fn a_streamed_row_without_end_is_stopped() {
        let mut reader = Bounded::new(io::repeat(b'x'));
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert!(is_limit(&error).unwrap().to_string().contains("a row has more than 16 MiB"));
        let lines = io::Cursor::new(b"row\n".repeat(1 << 20));
        assert_eq!(io::copy(&mut Bounded::new(lines), &mut io::sink()).unwrap(), 4 << 20);
    }
}
