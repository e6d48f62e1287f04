//! A four-ary heap of whole-number keys: the queue of every shortest-path search here.

/// A queue that gives back the item of least key first; equal keys come in order of their items.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    entries: Vec<(i64, u32)>,
}

impl Heap {
    /// Forgets all items.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The least key and its item, left in place.
    #[must_use]
    pub fn peek(&self) -> Option<(i64, u32)> {
        self.entries.first().copied()
    }

    /// Adds an item; the same item may be in the queue several times. O(log n).
    pub fn push(&mut self, key: i64, item: u32) {
        let mut at = self.entries.len();
        self.entries.push((key, item));
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.entries[parent] <= (key, item) {
                break;
            }
            self.entries[at] = self.entries[parent];
            at = parent;
        }
        self.entries[at] = (key, item);
    }

    /// Takes out the least key and its item. O(log n).
    pub fn pop(&mut self) -> Option<(i64, u32)> {
        let least = self.peek()?;
        let moved = self.entries.pop()?;
        let length = self.entries.len();
        if length == 0 {
            return Some(least);
        }
        let mut at = 0;
        loop {
            let child = 4 * at + 1;
            if child >= length {
                break;
            }
            let end = (child + 4).min(length);
            let mut smallest = child;
            for other in child + 1..end {
                if self.entries[other] < self.entries[smallest] {
                    smallest = other;
                }
            }
            if moved <= self.entries[smallest] {
                break;
            }
            self.entries[at] = self.entries[smallest];
            at = smallest;
        }
        self.entries[at] = moved;
        Some(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_out_in_order_of_key_then_item() {
        let mut heap = Heap::default();
        let mut expected: Vec<(i64, u32)> = (0..500_u32)
            .map(|item| (i64::from(item.wrapping_mul(2_654_435_761) % 97), item))
            .collect();
        for &(key, item) in &expected {
            heap.push(key, item);
        }
        expected.sort_unstable();
        let mut found = Vec::new();
        while let Some(entry) = heap.pop() {
            found.push(entry);
        }
        assert_eq!(found, expected);
    }
}
