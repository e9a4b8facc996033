mod flight;
mod refresher;
mod state;
#[cfg(test)]
#[cfg(feature = "aws-lc-rs")]
mod tests;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::{
    sync::watch,
    time::{Duration, Instant},
};

pub(crate) use self::state::Failure;
use self::{
    flight::Flight,
    state::{State, Told},
};
use crate::{Algorithm, jwks::Endpoint, key_set::KeySet};

/// An issuer's keys, which lie elsewhere. Whoever asks gets those that are known, at once; they are
/// fetched by tasks of their own, one at a time, and no oftener than the cool-down lets them.
pub(crate) struct Remote {
    endpoint: Endpoint,
    algorithms: Vec<Algorithm>,
    state: watch::Sender<State>,
    /// The number of the set that is known, to be compared without a lock.
    number: AtomicU64,
    is_tended: AtomicBool,
}

/// What becomes of a token whose key is not known.
pub(crate) enum Unknown {
    /// Keys are being fetched, and it may be among them.
    Wait(Waiting),
    /// Nothing comes that is not known.
    Decided(Decided),
}

pub(crate) enum Decided {
    /// The issuer has no such key.
    Refuse,
    /// The issuer could not be asked, and can be after this time.
    Unavailable(Duration, Arc<Failure>),
}

/// Until a fetch is over.
pub(crate) struct Waiting {
    state: watch::Receiver<State>,
    cool_down: Duration,
}

impl Remote {
    pub(crate) fn new(endpoint: Endpoint, algorithms: Vec<Algorithm>) -> Self {
        Self {
            endpoint,
            algorithms,
            state: watch::Sender::default(),
            number: AtomicU64::new(0),
            is_tended: AtomicBool::new(false),
        }
    }

    /// The keys that are known.
    pub(crate) fn keys(&self) -> Option<Arc<KeySet>> {
        self.state.borrow().keys.clone()
    }

    /// The number of the set that is known: what another has verified is verified again.
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    /// What becomes of a token whose key is not known. It has the keys fetched, unless they were
    /// within the cool-down.
    pub(crate) fn unknown(self: &Arc<Self>) -> Unknown {
        self.begin();
        let (state, cool_down) = (self.state.subscribe(), self.endpoint.schedule.cool_down);
        if state.borrow().is_under_way {
            return Unknown::Wait(Waiting { state, cool_down });
        }
        let decided = state.borrow().decided(cool_down);
        Unknown::Decided(decided)
    }

    /// Begins to fetch, unless that is under way, or began within the cool-down.
    fn begin(self: &Arc<Self>) {
        let cool_down = self.endpoint.schedule.cool_down;
        // Most who come too soon take no lock but one that many hold at once.
        if !self.state.borrow().may_begin(cool_down) {
            return;
        }
        let begins = self.state.send_if_modified(|state| {
            let begins = state.may_begin(cool_down);
            if begins {
                state.is_under_way = true;
                state.begun = Some(Instant::now());
            }
            begins
        });
        if begins {
            Flight::of(self).take_off();
        }
    }

    /// What a fetch brought.
    fn land(&self, brought: Result<KeySet, Failure>) {
        let brought = brought.map_err(Arc::new);
        // Nothing is logged while others wait to look.
        if let Err(failure) = &brought {
            let error = Told(&**failure);
            tracing::warn!(jwks = &*self.endpoint.name, %error, "there are no new keys");
        }
        let mut is_over = false;
        self.state.send_modify(|state| {
            let next = self.number() + 1;
            let is_another = match brought {
                Ok(keys) => state.accept(keys, next),
                Err(failure) => {
                    is_over = state.fail(failure, self.endpoint.schedule.max_stale);
                    is_over
                }
            };
            if is_another {
                self.number.store(next, Ordering::Release);
            }
        });
        if is_over {
            tracing::error!(
                jwks = &*self.endpoint.name,
                "the keys of this issuer are too old to be believed: its tokens are answered 503 \
                 until they can be fetched"
            );
        }
    }
}

impl Waiting {
    /// What to say of a token whose key was not among those that came.
    pub(crate) async fn landed(mut self) -> Decided {
        match self.state.wait_for(|state| !state.is_under_way).await {
            Ok(state) => state.decided(self.cool_down),
            // Nobody fetches any more.
            Err(_) => Decided::Unavailable(self.cool_down, Arc::new(Failure::Dropped)),
        }
    }
}
