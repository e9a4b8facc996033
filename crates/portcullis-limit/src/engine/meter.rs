//! A rate, made ready for governor to decide by.

use std::{
    cell,
    hash::{Hash, Hasher},
    num::NonZeroU32,
    ops::Add,
};

use governor::{
    RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::StateStore,
};

use super::cell::State;
use crate::Quota;

/// A quota, and what is computed of it once for all decisions.
pub(crate) struct Meter {
    quota: Quota,
    limiter: RateLimiter<Debt, Debts, Still, NoOpMiddleware<Present>>,
    /// The time between two requests, in nanoseconds.
    interval: u64,
    /// The time that a whole burst takes to come back, in nanoseconds.
    whole: u64,
    /// What cells are marked with that are counted by this rate.
    mark: State,
}

impl Meter {
    #[inline]
    pub(crate) fn new(quota: Quota) -> Self {
        let interval = quota.interval_micros() * 1_000;
        Self {
            limiter: RateLimiter::new(quota.governor(), Debts, Still),
            interval,
            whole: interval * u64::from(quota.limit()),
            mark: State::by_rate(&quota),
            quota,
        }
    }

    #[inline]
    pub(crate) fn quota(&self) -> &Quota {
        &self.quota
    }

    #[inline]
    pub(super) fn mark(&self) -> State {
        self.mark
    }

    /// Has governor decide about a request of a key whose quota is whole after `debt`: after how long
    /// it is then, or, if it is refused, how long it has to wait. All in nanoseconds.
    #[inline]
    pub(super) fn admit(&self, debt: u64, cost: NonZeroU32) -> Result<u64, u64> {
        let debt = Debt(cell::Cell::new(debt));
        match self.limiter.check_key_n(&debt, cost) {
            Ok(Ok(())) => Ok(debt.0.get()),
            Ok(Err(refusal)) => Err(refusal.earliest_possible().0.saturating_sub(PRESENT)),
            // More than the burst at once: a `Charge` is never that.
            Err(_) => Err(u64::MAX),
        }
    }

    /// How many requests may come at once of a key whose quota is whole after `debt`.
    #[inline]
    pub(super) fn remaining(&self, debt: u64) -> u32 {
        (self.whole.saturating_sub(debt) / self.interval) as u32
    }
}

impl Clone for Meter {
    fn clone(&self) -> Self {
        Self::new(self.quota)
    }
}

/// The present, as governor sees it: a decision looks only at what lies ahead of it. It is further off
/// than any burst takes to come back, so that what lies behind is never before all time.
const PRESENT: u64 = 1 << 62;

/// What governor keeps of a key: how far its theoretical arrival time lies ahead of the present.
#[derive(Clone, PartialEq, Eq)]
struct Debt(cell::Cell<u64>);

/// It is its own place in the store.
impl Hash for Debt {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// A key brings its debt with it.
struct Debts;

impl StateStore for Debts {
    type Key = Debt;

    #[inline]
    fn measure_and_replace<T, F, E>(&self, debt: &Debt, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (outcome, arrival) = decide(Some(Nanos::from(PRESENT + debt.0.get())))?;
        debt.0.set(arrival.as_u64().saturating_sub(PRESENT));
        Ok(outcome)
    }
}

/// A clock that shows the present.
struct Still;

impl Clock for Still {
    type Instant = Present;

    #[inline]
    fn now(&self) -> Present {
        Present(PRESENT)
    }
}

/// A moment, counted from the beginning of all time, and not from when a limiter was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Present(u64);

impl Add<Nanos> for Present {
    type Output = Self;

    #[inline]
    fn add(self, since_the_beginning: Nanos) -> Self {
        Self(since_the_beginning.as_u64())
    }
}

impl Reference for Present {
    #[inline]
    fn duration_since(&self, _limiter_start: Self) -> Nanos {
        Nanos::from(self.0)
    }

    #[inline]
    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.saturating_sub(duration.as_u64()))
    }
}
