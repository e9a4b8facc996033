mod flight;
mod refresher;
mod state;
#[cfg(test)]
#[cfg(feature = "aws-lc-rs")]
mod tests;

use std::{
    panic::catch_unwind,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use portcullis_core::stack::nanoseconds;
use tokio::{
    sync::watch,
    time::{Duration, Instant, sleep, timeout},
};

pub(crate) use self::state::Failure;
use self::{
    flight::Flight,
    state::{State, Told},
};
use crate::{Algorithm, Backend, jwks::Endpoint, key_set::KeySet};

/// An issuer's keys, which lie elsewhere. Whoever asks gets those that are known, at once; they are
/// fetched by tasks of their own, one at a time, and no oftener than the cool-down lets them.
pub(crate) struct Remote {
    endpoint: Endpoint,
    algorithms: Vec<Algorithm>,
    backend: Backend,
    state: watch::Sender<State>,
    /// The number of the set that is known, to be compared without a lock.
    number: AtomicU64,
    born: Instant,
    /// At which age, in nanoseconds, somebody is to look at what is due.
    look_at: AtomicU64,
    is_tended: AtomicBool,
    has_missed_timer: AtomicBool,
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
    remote: Arc<Remote>,
    state: watch::Receiver<State>,
    flight: u64,
}

impl Remote {
    pub(crate) fn new(endpoint: Endpoint, algorithms: Vec<Algorithm>, backend: Backend) -> Self {
        Self {
            endpoint,
            algorithms,
            backend,
            state: watch::Sender::default(),
            number: AtomicU64::new(0),
            born: Instant::now(),
            look_at: AtomicU64::new(0),
            is_tended: AtomicBool::new(false),
            has_missed_timer: AtomicBool::new(false),
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
        self.review();
        self.begin();
        let state = self.state.subscribe();
        let under_way = state.borrow().under_way;
        if let Some(flight) = under_way {
            return Unknown::Wait(Waiting { remote: Arc::clone(self), state, flight });
        }
        Unknown::Decided(self.decided())
    }

    fn decided(&self) -> Decided {
        self.state.borrow().decided(self.endpoint.schedule.cool_down)
    }

    /// Begins to fetch, unless that is under way, or began within the cool-down.
    fn begin(self: &Arc<Self>) {
        let cool_down = self.endpoint.schedule.cool_down;
        // Most who come too soon take no lock but one that many hold at once.
        if !self.state.borrow().may_begin(cool_down) {
            return;
        }
        let mut begun = None;
        self.state.send_if_modified(|state| {
            if state.may_begin(cool_down) {
                begun = Some(state.begin());
                self.plan(state, Duration::MAX);
            }
            begun.is_some()
        });
        if let Some(number) = begun {
            Flight::of(self, number).take_off();
        }
    }

    /// What a fetch brought. One that was given up has nothing to say any more.
    fn land(&self, flight: u64, brought: Result<KeySet, Failure>) {
        let brought = brought.map_err(Arc::new);
        // Nothing is logged while others wait to look.
        let is_awaited = self.state.borrow().under_way == Some(flight);
        if let (Err(failure), true) = (&brought, is_awaited) {
            self.tell(failure);
        }
        let mut is_stale = false;
        self.state.send_modify(|state| {
            if state.is_over(flight) {
                let next = self.number() + 1;
                match brought {
                    Ok(keys) => {
                        if state.accept(keys, next) {
                            self.number.store(next, Ordering::Release);
                        }
                    }
                    Err(failure) => state.fail(failure),
                }
                is_stale = self.give_up_keys(state);
            }
            self.plan(state, Duration::MAX);
        });
        if is_stale {
            self.tell_stale();
        }
    }

    /// Gives up a fetch that is late, and keys that are too old.
    fn review(&self) {
        let schedule = self.endpoint.schedule;
        if !self.state.borrow().is_amiss(schedule) {
            return;
        }
        let (mut lost, mut is_stale) = (None, false);
        self.state.send_if_modified(|state| {
            lost = state.give_up_flight(schedule.timeout);
            is_stale = self.give_up_keys(state);
            self.plan(state, Duration::MAX);
            lost.is_some() || is_stale
        });
        if let Some(failure) = &lost {
            self.tell(failure);
        }
        if is_stale {
            self.tell_stale();
        }
    }

    fn give_up_keys(&self, state: &mut State) -> bool {
        let is_stale = state.give_up_keys(self.endpoint.schedule.max_stale);
        if is_stale {
            self.number.store(self.number() + 1, Ordering::Release);
        }
        is_stale
    }

    /// Somebody looks again when something is due, and after so long.
    fn plan(&self, state: &State, at_most: Duration) {
        let wait = state.until_look(self.endpoint.schedule).min(at_most);
        self.look_at.store(self.age().saturating_add(nanoseconds(wait)), Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        nanoseconds(self.born.elapsed())
    }

    fn tell(&self, failure: &Failure) {
        tracing::warn!(
            jwks = &*self.endpoint.name,
            error = %Told(failure),
            "there are no new keys"
        );
    }

    fn tell_stale(&self) {
        tracing::error!(
            jwks = &*self.endpoint.name,
            "the keys of this issuer are too old to be believed: its tokens are answered 503 until \
             they can be fetched"
        );
    }
}

impl Waiting {
    /// What to say of a token whose key was not among those that came.
    pub(crate) async fn landed(mut self) -> Decided {
        let left = self.state.borrow().until_late(self.remote.endpoint.schedule.timeout);
        let flight = Some(self.flight);
        let over = self.state.wait_for(|state| state.under_way != flight);
        if !has_timer() {
            let _ = over.await;
        } else if timeout(left, over).await.is_err() {
            self.remote.review();
        }
        self.remote.decided()
    }
}

/// Whether this runtime has a timer. tokio answers with a panic where it has none.
fn has_timer() -> bool {
    catch_unwind(|| drop(sleep(Duration::ZERO))).is_ok()
}
