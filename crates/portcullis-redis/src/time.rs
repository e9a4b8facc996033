//! What time it is here, and at the server.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Where this process takes the time from, in microseconds.
#[derive(Clone, Debug)]
pub(crate) enum Time {
    /// The machine's monotonic clock, since some moment.
    Machine { epoch: Instant },
    /// A test's, since the Unix epoch; the server is told it too.
    Told(Arc<AtomicU64>),
}

impl Time {
    pub(crate) fn machine() -> Self {
        Self::Machine { epoch: Instant::now() }
    }

    pub(crate) fn now(&self) -> u64 {
        match self {
            Self::Machine { epoch } => micros(epoch.elapsed()),
            Self::Told(now) => now.load(Ordering::Acquire),
        }
    }

    pub(crate) fn since_unix_epoch(&self) -> Duration {
        match self {
            Self::Machine { .. } => {
                SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
            }
            Self::Told(now) => Duration::from_micros(now.load(Ordering::Acquire)),
        }
    }
}

/// Whole microseconds; 584,000 years of them fit.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// How far the server's clock is ahead of ours, by the replies that said what time it was.
///
/// A reply was on its way for a while, so each makes the server's clock a little slower than it is,
/// and the one that makes it fastest is the best. What is told to the server in its time is thus
/// never later than it was meant.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<Reading>>);

#[derive(Clone, Copy, Debug)]
struct Reading {
    ahead: i64,
    /// When the server's clock was last asked, by ours.
    at: u64,
}

/// How much two clocks may drift apart, as a part: 200 microseconds a second.
const DRIFT: u64 = 5_000;

/// After this many microseconds the server is asked again.
const STALE: u64 = 100_000;

impl ServerClock {
    /// Takes in a reply. Where it makes the clock slower by more than `most`, which no reply was on
    /// its way for, the clock was set back, or it is another server's.
    pub(crate) fn learn(&self, server: u64, here: u64, most: u64) {
        let ahead = server as i64 - here as i64;
        let mut reading = self.lock();
        let best = match *reading {
            Some(known) => {
                let drifted = known.ahead - (here.saturating_sub(known.at) / DRIFT) as i64;
                if drifted - ahead > most as i64 { ahead } else { ahead.max(drifted) }
            }
            None => ahead,
        };
        *reading = Some(Reading { ahead: best, at: here });
    }

    /// Believes this reply alone.
    pub(crate) fn start(&self, server: u64, here: u64) {
        *self.lock() = Some(Reading { ahead: server as i64 - here as i64, at: here });
    }

    /// What the server's clock shows when ours shows `here`, if it was ever asked.
    pub(crate) fn at(&self, here: u64) -> Option<u64> {
        let Reading { ahead, .. } = (*self.lock())?;
        here.checked_add_signed(ahead)
    }

    pub(crate) fn is_stale(&self, here: u64) -> bool {
        self.lock().is_none_or(|reading| here.saturating_sub(reading.at) > STALE)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Reading>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 50_000;

    #[test]
    fn the_reply_that_was_on_its_way_the_shortest_is_believed() {
        let clock = ServerClock::default();
        assert_eq!(clock.at(0), None);
        clock.learn(1_000_000, 30_000, MOST);
        clock.learn(1_010_000, 11_000, MOST);
        clock.learn(1_020_000, 45_000, MOST);
        assert_eq!(clock.at(50_000), Some(1_048_994), "6 microseconds of drift");
    }

    #[test]
    fn a_clock_that_was_set_is_believed_at_once() {
        let clock = ServerClock::default();
        clock.learn(9_000_000, 1_000, MOST);
        clock.learn(1_000_000, 2_000, MOST);
        assert_eq!(clock.at(2_000), Some(1_000_000));
        clock.learn(9_000_000, 3_000, MOST);
        assert_eq!(clock.at(3_000), Some(9_000_000));
        assert!(!clock.is_stale(3_000) && clock.is_stale(200_000));
    }
}
