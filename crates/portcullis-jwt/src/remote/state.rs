use std::{error::Error, fmt, sync::Arc};

use portcullis_core::BoxError;
use tokio::time::{Duration, Instant};

use super::Decided;
use crate::{jwks::Schedule, key_set::KeySet};

/// How long after its time-out a fetch that is not over is given up: whoever should end it is not
/// driven, or is held up.
const LATE: Duration = Duration::from_secs(1);

/// How many fetches there may be, with those that were given up: each of these may hold a thread, and
/// a runtime has few.
const MOST_ALOFT: usize = 2;

/// What is known of an issuer's keys.
#[derive(Default)]
pub(super) struct State {
    pub(super) keys: Option<Arc<KeySet>>,
    /// The number of the fetch that is under way. What another brings comes too late.
    pub(super) under_way: Option<u64>,
    /// How many fetches have begun.
    flights: u64,
    /// How many of them are not over, those that were given up among them.
    aloft: usize,
    /// When the last fetch began.
    begun: Option<Instant>,
    /// When the last that brought keys began.
    fetched: Option<Instant>,
    /// Why the last brought none.
    failure: Option<Arc<Failure>>,
}

/// Why a fetch brought no keys.
#[derive(Debug)]
pub(crate) enum Failure {
    Failed(BoxError),
    NoKeySet(BoxError),
    TooLong(usize),
    TimedOut(Duration),
    /// It was not over long after this time-out.
    Lost(Duration),
    /// It panicked, or the runtime that it ran on was shut down.
    Dropped,
    NoRuntime,
    NoTimer,
}

impl State {
    pub(super) fn may_begin(&self, cool_down: Duration) -> bool {
        self.under_way.is_none()
            && self.aloft < MOST_ALOFT
            && self.until(self.begun, cool_down).is_zero()
    }

    /// Begins a fetch, and gives its number.
    pub(super) fn begin(&mut self) -> u64 {
        self.flights += 1;
        self.aloft += 1;
        self.under_way = Some(self.flights);
        self.begun = Some(Instant::now());
        self.flights
    }

    /// How long until there is something to do that nobody has asked for.
    pub(super) fn until_look(&self, schedule: Schedule) -> Duration {
        let due = self.until_due(schedule);
        match self.keys {
            Some(_) => due.min(self.until(self.fetched, schedule.max_stale)),
            None => due,
        }
    }

    /// How long until the keys are to be fetched, or a fetch to be given up.
    fn until_due(&self, Schedule { refresh, cool_down, timeout, .. }: Schedule) -> Duration {
        if self.under_way.is_some() {
            return self.until_late(timeout);
        }
        let due = match self.failure {
            None => self.until(self.fetched, refresh),
            Some(_) => self.until(self.begun, cool_down),
        };
        if self.aloft < MOST_ALOFT { due } else { due.max(cool_down) }
    }

    /// How long until the fetch that is under way is given up.
    pub(super) fn until_late(&self, timeout: Duration) -> Duration {
        self.until(self.begun, timeout.saturating_add(LATE))
    }

    /// Whether a fetch is to be given up, or the keys are.
    pub(super) fn is_amiss(&self, schedule: Schedule) -> bool {
        self.is_late(schedule.timeout) || self.is_stale(schedule.max_stale)
    }

    fn is_late(&self, timeout: Duration) -> bool {
        self.under_way.is_some() && self.until_late(timeout).is_zero()
    }

    fn is_stale(&self, max_stale: Duration) -> bool {
        self.keys.is_some() && self.until(self.fetched, max_stale).is_zero()
    }

    /// What to say of a token whose key is not among these, when no fetch is under way.
    pub(super) fn decided(&self, cool_down: Duration) -> Decided {
        match &self.failure {
            None => Decided::Refuse,
            Some(failure) => {
                Decided::Unavailable(self.until(self.begun, cool_down), Arc::clone(failure))
            }
        }
    }

    /// Says whether it is the fetch that is under way that is over now, and not one that was given up.
    pub(super) fn is_over(&mut self, number: u64) -> bool {
        self.aloft = self.aloft.saturating_sub(1);
        let is_awaited = self.under_way == Some(number);
        if is_awaited {
            self.under_way = None;
        }
        is_awaited
    }

    /// Takes the keys that came, and says whether they are others. The same are left as they are.
    pub(super) fn accept(&mut self, keys: KeySet, number: u64) -> bool {
        self.failure = None;
        self.fetched = self.begun;
        let is_another = self.keys.as_ref().is_none_or(|known| !known.is_same(&keys));
        if is_another {
            self.keys = Some(Arc::new(keys.with_number(number)));
        }
        is_another
    }

    /// Goes on with the keys that are known.
    pub(super) fn fail(&mut self, failure: Arc<Failure>) {
        self.failure = Some(failure);
    }

    /// Gives up the fetch that is under way, where it is late.
    pub(super) fn give_up_flight(&mut self, timeout: Duration) -> Option<Arc<Failure>> {
        if !self.is_late(timeout) {
            return None;
        }
        self.under_way = None;
        let failure = Arc::new(Failure::Lost(timeout));
        self.fail(Arc::clone(&failure));
        Some(failure)
    }

    /// Gives up the keys, where they are too old, and says whether they are.
    pub(super) fn give_up_keys(&mut self, max_stale: Duration) -> bool {
        let is_stale = self.is_stale(max_stale);
        if is_stale {
            self.keys = None;
        }
        is_stale
    }

    /// How much of this time since then is left.
    fn until(&self, since: Option<Instant>, time: Duration) -> Duration {
        let spent = since.map_or(Duration::MAX, |since| since.elapsed());
        time.saturating_sub(spent)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(_) => f.write_str("fetching the issuer's keys failed"),
            Self::NoKeySet(_) => f.write_str("what was fetched is no key set for this issuer"),
            Self::TooLong(bytes) => write!(f, "the issuer's key set is longer than {bytes} bytes"),
            Self::TimedOut(patience) => {
                write!(f, "the issuer's keys were not there within {patience:?}")
            }
            Self::Lost(patience) => write!(
                f,
                "fetching the issuer's keys was not over a second after its {patience:?}: the tokio \
                 runtime that it began on is not driven, or the `Fetch` blocks its thread"
            ),
            Self::Dropped => f.write_str(
                "fetching the issuer's keys panicked, or its tokio runtime was shut down",
            ),
            Self::NoRuntime => {
                f.write_str("the issuer's keys are fetched on a tokio runtime, and this is none")
            }
            Self::NoTimer => f.write_str(
                "the issuer's keys are fetched with tokio's timer, and this runtime has none",
            ),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(source) | Self::NoKeySet(source) => Some(&**source),
            _ => None,
        }
    }
}

/// An error and its causes, in one line of a log.
pub(super) struct Told<'a>(pub(super) &'a dyn Error);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Each of them may hold a thread: a `Fetch` that blocks must not take them all, one a cool-down.
    #[tokio::test(start_paused = true)]
    async fn no_third_fetch_begins_while_two_are_not_over() {
        let mut state = State::default();
        for number in 1..=2 {
            assert!(state.may_begin(SECOND));
            assert_eq!(state.begin(), number);
            advance(SECOND * 3).await;
            // It is given up when it is late, and no sooner.
            assert!(state.give_up_flight(3 * SECOND).is_none());
            assert!(matches!(*state.give_up_flight(2 * SECOND).unwrap(), Failure::Lost(_)));
        }
        assert!(!state.may_begin(SECOND));
        assert!(!state.is_over(1));
        assert!(state.may_begin(SECOND));
        assert_eq!(state.begin(), 3);
        assert!(!state.is_over(2));
        assert!(state.is_over(3));
    }
}
