//! How much must fail before the engine is no longer asked, and how long it is left alone.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// Counts what fails.
///
/// A success makes up for a failure, so that a call that is lost now and then opens nothing, and an
/// engine that is too slow for every other call does.
#[derive(Debug)]
pub(crate) struct Breaker {
    most: u32,
    failures: AtomicU32,
    relapses: Mutex<Relapses>,
}

/// How often it opened soon after it had been closed.
#[derive(Debug, Default)]
struct Relapses {
    count: u32,
    closed_at: Option<Instant>,
}

/// Who fails again within this time has not recovered.
const RELAPSE: Duration = Duration::from_secs(10);

/// The longest that an engine is left alone.
pub(crate) const LONGEST_REST: Duration = Duration::from_secs(1);

const SHORTEST_REST: Duration = Duration::from_millis(100);

impl Breaker {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, failures: AtomicU32::new(0), relapses: Mutex::default() }
    }

    #[inline]
    pub(crate) fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) > 0 {
            let less = |failures: u32| Some(failures.saturating_sub(1));
            let _ = self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
    }

    /// Whether that was one too many.
    pub(crate) fn failed(&self) -> bool {
        self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= self.most
    }

    pub(crate) fn closed(&self, now: Instant) {
        self.failures.store(0, Ordering::Relaxed);
        self.lock().closed_at = Some(now);
    }

    /// How long the engine is to be left alone, now that it failed; the longer the sooner it failed
    /// again.
    pub(crate) fn rest(&self, now: Instant) -> Duration {
        let mut relapses = self.lock();
        let is_relapse =
            relapses.closed_at.take().is_some_and(|at| now.duration_since(at) < RELAPSE);
        relapses.count = if is_relapse { relapses.count.saturating_add(1) } else { 0 };
        match relapses.count {
            0 => Duration::ZERO,
            count => (SHORTEST_REST * (1 << (count - 1).min(8))).min(LONGEST_REST),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Relapses> {
        self.relapses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_lost_now_and_then_opens_nothing_and_every_other_one_does() {
        let breaker = Breaker::new(3);
        for _ in 0..100 {
            assert!(!breaker.failed());
            breaker.succeeded();
        }
        assert!(!breaker.failed() && !breaker.failed());
        breaker.succeeded();
        assert!(!breaker.failed() && breaker.failed());
    }

    #[test]
    fn who_fails_again_soon_is_left_alone_for_longer_and_never_for_more_than_a_second() {
        let breaker = Breaker::new(1);
        let mut now = Instant::now();
        let rests = [0, 100, 200, 400, 800, 1_000, 1_000].map(Duration::from_millis);
        for rest in rests {
            assert_eq!(breaker.rest(now), rest);
            breaker.closed(now);
            now += Duration::from_secs(1);
        }
        now += RELAPSE;
        assert_eq!(breaker.rest(now), Duration::ZERO);
    }
}
