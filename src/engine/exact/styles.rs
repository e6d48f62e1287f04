//! In which ways an ascent may be guided, and which of them serves best.
//!
//! In: which way won at the root. Out: the one to go on with. It guides nothing itself.

/// In how many ways an ascent may be guided: not at all, by the best tree at about its price, by the
/// incumbent.
pub(super) const STYLES: usize = 3;

/// Which way of guiding an ascent has given the best bounds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Styles {
    wins: [u32; STYLES],
}

impl Styles {
    pub fn note(&mut self, style: usize) {
        for wins in &mut self.wins {
            *wins = *wins * 7 / 8;
        }
        self.wins[style] += 64;
    }

    /// The style that won most of late.
    pub fn favourite(self) -> usize {
        (0..STYLES).max_by_key(|&style| (self.wins[style], std::cmp::Reverse(style))).unwrap_or(0)
    }
}
