//! What it costs that two threads ask about the same address.

use std::{
    hint::spin_loop,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use portcullis::Memory;

use super::{
    DROUGHT,
    contenders::{Governors, Limiter, Ours},
    keys::address,
};
use crate::metric::Metric;

const ROUNDS: usize = 401;

/// How many checks each thread makes in a round: so few that a busy machine runs both at once in some.
const CHECKS: usize = 5_000;

/// One address that is refused: how long two threads take for as many checks each as one thread makes
/// alone.
///
/// Of the fastest rounds: one in which the machine did not run both at once shows twice the time, so
/// luck can only be bad. With fewer than two processors there is nothing to see.
pub(super) fn two_threads_hot_refused() -> Vec<Metric> {
    let (ours, governors) = (Ours::new(Memory::new(), DROUGHT), Governors::new(DROUGHT));
    while ours.admits(address(7)) || governors.admits(address(7)) {}
    vec![ratio("limiter", &ours), ratio("governor", &governors)]
}

fn ratio(who: &str, limiter: &dyn Limiter) -> Metric {
    let (mut one, mut two) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        one = one.min(round(limiter, 1));
        two = two.min(round(limiter, 2));
    }
    let ratio = two.as_secs_f64() / one.as_secs_f64();
    Metric::ratio(format!("{who}.two_threads_hot_refused.ratio_to_one"), ratio)
}

/// From when all threads are there until the last one is done.
fn round(limiter: &dyn Limiter, threads: usize) -> Duration {
    let here = AtomicUsize::new(0);
    let work = || {
        here.fetch_add(1, Ordering::AcqRel);
        while here.load(Ordering::Acquire) < threads {
            spin_loop();
        }
        let start = Instant::now();
        for _ in 0..CHECKS {
            assert!(!limiter.admits(address(7)), "an address that has spent all");
        }
        (start, Instant::now())
    };
    let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(span) => span,
                Err(payload) => std::panic::resume_unwind(payload),
            })
            .collect()
    });
    let start = spans.iter().map(|span| span.0).min();
    let end = spans.iter().map(|span| span.1).max();
    start.zip(end).map(|(start, end)| end - start).unwrap_or_default()
}
