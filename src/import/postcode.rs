//! Unit postcodes: read in any spacing, told from what is none.

use std::fmt;

/// A unit postcode in the form of seven characters: outward code to the left, inward code to the right.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub(super) struct Postcode([u8; 7]);

/// Letters that no inward code has.
const NEVER_INWARD: &[u8] = b"CIKMOV";

impl Postcode {
    /// Reads a postcode written with or without spaces, in either case; `None` when it has not the form
    /// of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut letters = [0_u8; 7];
        let mut count = 0;
        for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
            let letter = u8::try_from(letter).ok().filter(u8::is_ascii_alphanumeric)?;
            *letters.get_mut(count)? = letter.to_ascii_uppercase();
            count += 1;
        }
        let (outward, inward) = letters[..count].split_at_checked(count.checked_sub(3)?)?;
        if !outward_form(outward) || !inward_form(inward) {
            return None;
        }
        let mut seven = [b' '; 7];
        seven[..outward.len()].copy_from_slice(outward);
        seven[4..].copy_from_slice(inward);
        Some(Self(seven))
    }

    /// The letters before the first digit: `TR`.
    pub(super) fn area(self) -> String {
        self.outward().chars().take_while(char::is_ascii_alphabetic).collect()
    }

    /// The outward code and the first digit of the inward code: `TR1 2`.
    pub(super) fn sector(self) -> String {
        format!("{} {}", self.outward(), char::from(self.0[4]))
    }

    fn outward(self) -> String {
        self.0[..4]
            .iter()
            .map(|&letter| char::from(letter))
            .filter(|&letter| letter != ' ')
            .collect()
    }

    /// Postcodes that differ from a text in one character, at most, in the order of the text; none where the
    /// text is far too long for one.
    pub(super) fn alike(text: &str) -> impl Iterator<Item = Self> {
        let letters: Vec<char> =
            text.chars().filter(|letter| !letter.is_whitespace()).take(8).collect();
        let places = if letters.len() > 7 { 0 } else { letters.len() };
        let others = ('0'..='9').chain('A'..='Z');
        (0..places).flat_map(move |place| {
            let letters = letters.clone();
            others.clone().filter_map(move |other| {
                let mut letters = letters.clone();
                letters[place] = other;
                Self::parse(&letters.iter().collect::<String>())
            })
        })
    }
}

/// With a space before the inward code: `TR1 2JA`.
impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inward: String = self.0[4..].iter().map(|&letter| char::from(letter)).collect();
        write!(f, "{} {inward}", self.outward())
    }
}

/// A9, A99, A9A, AA9, AA99 or AA9A.
fn outward_form(outward: &[u8]) -> bool {
    let letters = outward.iter().take_while(|letter| letter.is_ascii_alphabetic()).count();
    let rest = &outward[letters..];
    (1..=2).contains(&letters) && (1..=2).contains(&rest.len()) && rest[0].is_ascii_digit()
}

fn inward_form(inward: &[u8]) -> bool {
    let letter = |letter: &u8| letter.is_ascii_uppercase() && !NEVER_INWARD.contains(letter);
    inward[0].is_ascii_digit() && inward[1..].iter().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spacing_of_a_postcode_is_one_postcode() {
        for (texts, shown, sector, area) in [
            (["TR1 2JA", "tr12ja", "TR1  2JA", " TR1\u{a0}2JA "], "TR1 2JA", "TR1 2", "TR"),
            (["EC1A 1BB", "EC1A1BB", "ec1a1bb", "E C1A 1BB"], "EC1A 1BB", "EC1A 1", "EC"),
            (["M1 1AE", "M11AE", "M1  1AE", "m1 1ae"], "M1 1AE", "M1 1", "M"),
            (["LA14 2LB", "LA142LB", "la14 2lb", "LA 142LB"], "LA14 2LB", "LA14 2", "LA"),
        ] {
            for text in texts {
                let postcode = Postcode::parse(text).expect(text);
                assert_eq!(postcode.to_string(), shown);
                assert_eq!((postcode.sector(), postcode.area()), (sector.into(), area.into()));
            }
        }
    }

    #[test]
    fn what_is_no_postcode_is_none() {
        for text in [
            "",
            " ",
            "LA14 2IB",
            "TR1",
            "2JA",
            "TR1 2J",
            "TR1 22A",
            "TRR1 2JA",
            "T 2JA",
            "TR111 2JA",
            "TR1 2JAA",
            "ZZ99 3CZ",
            "TR1-2JA",
            "n/a",
            "É1 2JA",
            "1TR 2JA",
            "A1A1 2JA",
        ] {
            assert_eq!(Postcode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn postcodes_one_character_away_are_found() {
        let alike: Vec<String> = Postcode::alike("la14 2ib").map(|p| p.to_string()).collect();
        assert!(alike.contains(&"LA14 2LB".to_owned()) && alike.contains(&"LA14 2AB".to_owned()));
        assert!(!alike.contains(&"LA14 2LL".to_owned()));
        assert_eq!(Postcode::alike("").count() + Postcode::alike("LA14 2LBX").count(), 0);
    }
}
