//! Columns of whole numbers as short text, and JSON that can stand inside a page.
//!
//! A number is written in groups of seven bits, the lowest first, each but the last with the eighth bit set;
//! one that may be negative as twice itself, or twice its distance below nought less one. The bytes are then
//! base64. `page/codec.js` reads them back.

use serde::Serialize;

/// Numbers under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed(Vec<u8>);

impl Packed {
    /// Adds a number of nought or more.
    pub(super) fn unsigned(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.0.push(low & 0x7f);
                return;
            }
            self.0.push(low | 0x80);
        }
    }

    /// Adds a place or count.
    pub(super) fn count(&mut self, number: usize) {
        self.unsigned(number as u64);
    }

    /// Adds any number.
    pub(super) fn signed(&mut self, number: i64) {
        self.unsigned(zigzag(number));
    }

    /// Adds a number that may be missing.
    pub(super) fn maybe(&mut self, number: Option<i64>) {
        self.unsigned(number.map_or(0, |number| zigzag(number).saturating_add(1)));
    }

    /// The text that stands for all of them.
    pub(super) fn text(&self) -> String {
        base64(&self.0)
    }
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// Bytes in base64 with padding (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 0x3f) as usize];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// JSON of a value that can stand in a script element: it holds no `<`, `>` or `&`, and no break of lines or mark
/// of direction but as an escape.
pub(super) fn json_in_page<T: Serialize>(value: &T) -> String {
    // Serialising fails only for maps with keys that are no texts, and there are none.
    let text = serde_json::to_string(value).unwrap_or_default();
    let text = crate::text::json(&text);
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let cases = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let texts = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (bytes, text) in cases.iter().zip(texts) {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn numbers_take_as_few_bytes_as_they_need() {
        let mut packed = Packed::default();
        packed.unsigned(127);
        packed.unsigned(128);
        packed.signed(-1);
        packed.signed(1);
        packed.maybe(None);
        packed.maybe(Some(0));
        assert_eq!(packed.0, [127, 128, 1, 1, 2, 0, 1]);
        let mut large = Packed::default();
        large.unsigned(u64::MAX);
        assert_eq!(large.0.len(), 10);
    }

    #[test]
    fn json_in_a_page_ends_no_script_and_reads_back() {
        let value = ["</script><!--", "a & b", "\u{2028}\u{2029}\u{202e}", "é"];
        let text = json_in_page(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\u{202e}']), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, value);
    }
}
