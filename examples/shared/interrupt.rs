//! Ctrl-C and termination. Before long work, and whenever there is no answer yet to lose, they end the process at
//! once; during it they ask for the best answer so far, and the second one ends the process without it. So does a
//! time limit that is up before long work has begun.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::console::remark;
use super::{INTERRUPTED, TIME_WAS_UP};

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

/// Time beyond its limit that reading and preparing may take.
const GRACE: Duration = Duration::from_millis(500);

/// Ends the process where the limit in seconds is passed, by a tenth of it and a moment, while there is still
/// nothing to answer with.
pub fn limit_preparation(begun: Instant, seconds: f64) {
    let Ok(limit) = Duration::try_from_secs_f64(1.1 * seconds) else { return };
    let Some(end) = begun.checked_add(limit + GRACE) else { return };
    thread::spawn(move || {
        thread::sleep(end.saturating_duration_since(Instant::now()));
        if !ANSWERED.load(Ordering::Relaxed) {
            remark(&format!(
                "\nI404: time was up before a plan was looked for: reading and preparing the network took \
                 all of {seconds} s; allow more seconds\n"
            ));
            std::process::exit(i32::from(TIME_WAS_UP));
        }
    });
}
