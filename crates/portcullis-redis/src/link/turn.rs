//! Whose turn it is to bring the engine back.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// One prober's turn after the other's.
///
/// A runtime may stand still with a prober on it, as one does that only started the service: whoever
/// is not heard of for too long has lost its turn, and finds that out should it ever go on.
#[derive(Debug)]
pub(super) struct Turn {
    longest_silence: Duration,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// Whose it is, or was last.
    number: u64,
    heard_at: Option<Instant>,
}

impl Turn {
    pub(super) fn new(longest_silence: Duration) -> Self {
        Self { longest_silence, held: Mutex::default() }
    }

    /// Takes the turn, unless somebody has it who was heard of lately.
    pub(super) fn take(&self, now: Instant) -> Option<u64> {
        let mut held = self.lock();
        let silence = held.heard_at.map(|at| now.saturating_duration_since(at));
        if silence.is_some_and(|silence| silence <= self.longest_silence) {
            return None;
        }
        *held = Held { number: held.number + 1, heard_at: Some(now) };
        Some(held.number)
    }

    /// Lets hear of itself; says whether it still has its turn.
    pub(super) fn keep(&self, number: u64, now: Instant) -> bool {
        let mut held = self.lock();
        let is_mine = held.is_of(number);
        if is_mine {
            held.heard_at = Some(now);
        }
        is_mine
    }

    pub(super) fn is_of(&self, number: u64) -> bool {
        self.lock().is_of(number)
    }

    /// Says whether it still had its turn.
    pub(super) fn end(&self, number: u64) -> bool {
        let mut held = self.lock();
        let was_mine = held.is_of(number);
        if was_mine {
            held.heard_at = None;
        }
        was_mine
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn is_of(&self, number: u64) -> bool {
        self.number == number && self.heard_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(2);

    #[test]
    fn nobody_takes_the_turn_of_one_that_is_heard_of() {
        let (turn, mut now) = (Turn::new(LONGEST), Instant::now());
        let first = turn.take(now).unwrap();
        for _ in 0..10 {
            now += LONGEST;
            assert_eq!(turn.take(now), None);
            assert!(turn.keep(first, now));
        }
        assert!(turn.end(first) && !turn.end(first));
        assert!(turn.take(now).is_some());
    }

    #[test]
    fn one_that_stood_still_has_lost_its_turn_and_cannot_end_anothers() {
        let (turn, start) = (Turn::new(LONGEST), Instant::now());
        let first = turn.take(start).unwrap();
        let later = start + LONGEST + Duration::from_millis(1);
        let second = turn.take(later).unwrap();
        assert!(!turn.keep(first, later) && !turn.is_of(first) && !turn.end(first));
        assert!(turn.is_of(second) && turn.end(second));
    }
}
