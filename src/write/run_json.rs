//! `run.json`: when and how long, apart from the results so that these keep the same bytes.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::error::Fault;
use crate::files::sealed;
use crate::plan::{NetworkSize, Outcome};
use crate::text;

/// Facts of one run that are not part of its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// When it began.
    pub started: SystemTime,
    /// Threads it could use.
    pub threads: usize,
    /// Seconds of phases outside the solve, such as `read`; they come first.
    pub seconds: Vec<(&'static str, f64)>,
}

impl RunFacts {
    /// A run that begins now, on one thread.
    #[must_use]
    pub fn now() -> Self {
        Self { started: SystemTime::now(), threads: 1, seconds: Vec::new() }
    }
}

#[derive(Serialize)]
struct RunFile<'a> {
    format: u32,
    kind: &'static str,
    started_utc: String,
    threads: usize,
    seconds: Vec<PhaseSeconds>,
    seconds_total: f64,
    peak_memory_bytes: Option<u64>,
    network_nodes: usize,
    network_edges: usize,
    notices: Vec<Notice<'a>>,
}

/// A remark on the input or the network; what is empty does not apply.
#[derive(Serialize)]
struct Notice<'a> {
    code: &'a str,
    file: &'a str,
    row: Option<usize>,
    field: &'a str,
    value: &'a str,
    cause: &'a str,
    remedy: &'a str,
}

impl<'a> Notice<'a> {
    fn of(notice: &'a Fault) -> Self {
        let place = &notice.place;
        Self {
            code: notice.code.0,
            file: &place.file,
            row: place.row,
            field: &place.field,
            value: &notice.value,
            cause: &notice.cause,
            remedy: &notice.remedy,
        }
    }
}

#[derive(Serialize)]
struct PhaseSeconds {
    phase: &'static str,
    seconds: f64,
}

/// The text of `run.json`, with the notices of reading and of the network; it names no host, user or path, and
/// ends with its own hash.
#[must_use]
pub fn run_json(outcome: &Outcome, notices: &[Fault], facts: &RunFacts) -> String {
    run_file(&outcome.seconds, outcome.network_size, notices, facts)
}

/// The same for a run with these further seconds by phase, over a network of that size.
pub(super) fn run_file(
    seconds: &[(&'static str, f64)],
    network: NetworkSize,
    notices: &[Fault],
    facts: &RunFacts,
) -> String {
    let phases = facts.seconds.iter().chain(seconds);
    let file = RunFile {
        format: 1,
        kind: "fibreplan-run",
        started_utc: utc(facts.started),
        threads: facts.threads,
        seconds_total: to_millis(phases.clone().map(|(_, seconds)| seconds).sum()),
        seconds: phases
            .map(|&(phase, seconds)| PhaseSeconds { phase, seconds: to_millis(seconds) })
            .collect(),
        peak_memory_bytes: peak_memory(),
        network_nodes: network.junctions,
        network_edges: network.spans,
        notices: notices.iter().map(Notice::of).collect(),
    };
    // The struct has text keys only, so serialising cannot fail.
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    sealed(&text::json(&text))
}

fn to_millis(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// The most memory this process has held, in bytes, where the system tells.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// A time as `2026-11-23T08:30:00Z`; times before 1970 count as 1970.
fn utc(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, second) = (since / 86_400, since % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of the Gregorian calendar, counted from 1 January 1970.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let at = |seconds| utc(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_796_083_200 - 1), "2026-11-30T23:59:59Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
