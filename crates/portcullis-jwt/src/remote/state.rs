use std::{error::Error, fmt, sync::Arc};

use portcullis_core::BoxError;
use tokio::time::{Duration, Instant};

use super::Decided;
use crate::key_set::KeySet;

/// What is known of an issuer's keys.
#[derive(Default)]
pub(super) struct State {
    pub(super) keys: Option<Arc<KeySet>>,
    pub(super) is_under_way: bool,
    /// When the last fetch began.
    pub(super) begun: Option<Instant>,
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
    /// It panicked, or the runtime that it ran on was shut down.
    Dropped,
    NoRuntime,
}

impl State {
    pub(super) fn may_begin(&self, cool_down: Duration) -> bool {
        !self.is_under_way && self.until(self.begun, cool_down).is_zero()
    }

    /// How long until the keys are to be fetched without being asked for.
    pub(super) fn until_due(&self, refresh: Duration, cool_down: Duration) -> Duration {
        match self.failure {
            None => self.until(self.fetched, refresh),
            Some(_) => self.until(self.begun, cool_down),
        }
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

    /// Takes the keys that came, and says whether they are others. The same are left as they are.
    pub(super) fn accept(&mut self, keys: KeySet, number: u64) -> bool {
        self.is_under_way = false;
        self.failure = None;
        self.fetched = self.begun;
        let is_another = self.keys.as_ref().is_none_or(|known| !known.is_same(&keys));
        if is_another {
            self.keys = Some(Arc::new(keys.with_number(number)));
        }
        is_another
    }

    /// Goes on with the keys that are known, and says whether they are given up instead.
    pub(super) fn fail(&mut self, failure: Arc<Failure>, max_stale: Duration) -> bool {
        self.is_under_way = false;
        self.failure = Some(failure);
        let is_over = self.keys.is_some() && self.until(self.fetched, max_stale).is_zero();
        if is_over {
            self.keys = None;
        }
        is_over
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
            Self::Dropped => f.write_str(
                "fetching the issuer's keys panicked, or its tokio runtime was shut down, or has no \
                 timer",
            ),
            Self::NoRuntime => {
                f.write_str("the issuer's keys are fetched on a tokio runtime, and this is none")
            }
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
