//! Ctrl-C and termination. Before long work, and whenever there is no answer yet to lose, they end the process at
//! once; during it they ask for the best answer so far, and the second one ends the process without it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use super::INTERRUPTED;
use super::console::remark;

static ASKED: AtomicBool = AtomicBool::new(false);
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// Whether the user wants the run to end.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Whether from now on an interrupt is heard by whoever asks [`is_asked`]; else it ends the process.
pub fn is_answered(answered: bool) {
    ANSWERED.store(answered, Ordering::Relaxed);
}

/// Begins to listen.
pub fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let listening = ctrlc::set_handler(|| {
            if ASKED.swap(true, Ordering::Relaxed) || !ANSWERED.load(Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
            remark("\nstopping with the best answer so far; once more to leave without it\n");
        });
        if let Err(error) = listening {
            remark(&format!("an interrupt will end the run without an answer: {error}\n"));
        }
    });
}
