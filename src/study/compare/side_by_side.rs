//! Solves side by side on several threads, with one observer that hears one story.
//!
//! In: names, and work for each. Out: what each came to, in order. The observer stays on the caller's thread:
//! it hears of the first work that has begun and not ended, and its request to stop reaches all of them.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rayon::prelude::*;

use crate::error::{Error, ErrorKind};
use crate::observe::{Event, Observer, Stop};

/// Room for the stack of a solve: as much as the main thread has.
const STACK_BYTES: usize = 8 << 20;
/// The observer is asked at least this often, even when nothing happens.
const EVERY: Duration = Duration::from_millis(200);

/// What a thread tells of its work.
enum Told {
    Phase(String),
    Progress { objective: Option<f64>, bound: f64, work: u64 },
    Ended,
}

/// The observer of one work: it tells the caller's thread, and hears from it.
struct Teller<'a> {
    place: usize,
    sender: Sender<(usize, Told)>,
    halted: &'a AtomicBool,
}

impl Teller<'_> {
    fn tell(&self, told: Told) {
        // The caller's thread listens until every sender is gone.
        let _ = self.sender.send((self.place, told));
    }
}

impl Observer for Teller<'_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        match *event {
            Event::Phase { name } => self.tell(Told::Phase(name.to_owned())),
            Event::Progress { objective, bound, work } => {
                self.tell(Told::Progress { objective, bound, work });
            }
            _ => {}
        }
        if self.halted.load(Ordering::Relaxed) {
            ControlFlow::Break(Stop)
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Does the work of each name, a given number at a time.
///
/// # Errors
///
/// An internal error when there are no threads to be had.
pub fn side_by_side<T: Send>(
    names: &[&str],
    threads: usize,
    observer: &mut dyn Observer,
    work: impl Fn(usize, &mut dyn Observer) -> T + Sync,
) -> Result<Vec<T>, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .stack_size(STACK_BYTES)
        .build()
        .map_err(|error| Error::new(ErrorKind::Internal, format!("no threads: {error}")))?;
    let halted = AtomicBool::new(false);
    let (sender, receiver) = channel();
    let one = |place: usize, sender: Sender<(usize, Told)>| {
        let mut teller = Teller { place, sender, halted: &halted };
        let done = work(place, &mut teller);
        teller.tell(Told::Ended);
        done
    };
    let all = move || -> Vec<T> {
        let places: Vec<(usize, Sender<_>)> =
            (0..names.len()).map(|place| (place, sender.clone())).collect();
        drop(sender);
        let each = places.into_par_iter().with_max_len(1);
        pool.install(|| each.map(|(place, sender)| one(place, sender)).collect())
    };
    std::thread::scope(|scope| {
        let working = scope.spawn(all);
        listen(names, &receiver, observer, &halted);
        working.join().map_err(|_| Error::new(ErrorKind::Internal, "a thread came to no end"))
    })
}

/// Passes on what is told, until all work has ended.
fn listen(
    names: &[&str],
    receiver: &Receiver<(usize, Told)>,
    observer: &mut dyn Observer,
    halted: &AtomicBool,
) {
    let mut story = Story { names, shown: None, ended: vec![false; names.len()] };
    loop {
        let flow = match receiver.recv_timeout(EVERY) {
            Ok((place, told)) => story.passes_on(place, &told, observer),
            Err(RecvTimeoutError::Timeout) => observer.on(&Event::Tick),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if flow.is_break() {
            halted.store(true, Ordering::Relaxed);
        }
    }
}

/// What the observer is told: the first work that has begun and not ended.
struct Story<'a> {
    names: &'a [&'a str],
    shown: Option<usize>,
    ended: Vec<bool>,
}

impl Story<'_> {
    fn passes_on(
        &mut self,
        place: usize,
        told: &Told,
        observer: &mut dyn Observer,
    ) -> ControlFlow<Stop> {
        if let Told::Ended = told {
            self.ended[place] = true;
            self.shown = self.shown.filter(|&shown| shown != place);
            return ControlFlow::Continue(());
        }
        if self.shown.is_none_or(|shown| place < shown) {
            self.shown = Some(place);
            self.begins(place, observer)?;
        }
        if self.shown != Some(place) {
            return ControlFlow::Continue(());
        }
        match told {
            Told::Phase(name) => observer.on(&Event::Phase { name }),
            &Told::Progress { objective, bound, work } => {
                observer.on(&Event::Progress { objective, bound, work })
            }
            Told::Ended => ControlFlow::Continue(()),
        }
    }

    /// Says which work is shown from now on.
    fn begins(&self, place: usize, observer: &mut dyn Observer) -> ControlFlow<Stop> {
        let ended = self.ended.iter().filter(|&&ended| ended).count();
        let (name, of) = (self.names[place], self.names.len());
        observer.on(&Event::Part { name, number: (ended + 1).min(of), of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_to_stop_reaches_every_thread() {
        let mut heard = 0;
        let mut observer = |event: &Event<'_>| {
            heard += usize::from(matches!(event, Event::Progress { .. }));
            if heard > 3 { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
        };
        let names = ["a", "b", "c"];
        let done = side_by_side(&names, 2, &mut observer, |place, observer| {
            let mut steps = 0_u64;
            let event = Event::Progress { objective: None, bound: 1.0, work: 1 };
            while observer.on(&event).is_continue() {
                steps += 1;
                std::thread::sleep(Duration::from_millis(1));
            }
            (place, steps > 0 || place == 2)
        });
        assert_eq!(done.unwrap(), [(0, true), (1, true), (2, true)]);
    }
}
