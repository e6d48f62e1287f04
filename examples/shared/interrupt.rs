//! Ctrl-C and termination. Before long work they end the process; during it they ask for the best answer so
//! far, and the second one ends the process without it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use super::INTERRUPTED;
use super::console::remark;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether the user wants the run to end.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// From now on an interrupt is heard by whoever asks [`is_asked`].
pub fn is_answered_from_now_on() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let listening = ctrlc::set_handler(|| {
            if ASKED.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
            remark("\nstopping with the best answer so far; once more to leave without it\n");
        });
        if let Err(error) = listening {
            remark(&format!("an interrupt will end the run without an answer: {error}\n"));
        }
    });
}
