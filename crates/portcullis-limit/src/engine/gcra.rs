//! The generic cell rate algorithm, as a pure function on one cell: governor decides, the cell is
//! ours.

use std::{cell::Cell, ops::Add, time::Duration};

use governor::{
    RateLimiter,
    clock::{Clock, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{NotKeyed, StateStore},
};

/// What one request is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Admitted { remaining: u32 },
    Refused { wait: Duration },
}

/// Decides about one request at `now`, and moves the cell's theoretical arrival time if it is
/// admitted. All times are nanoseconds since one epoch.
pub(crate) fn decide(quota: governor::Quota, cell: &Cell<Option<u64>>, now: u64) -> Decision {
    let limiter = RateLimiter::<_, _, _, StateInformationMiddleware>::new(
        quota,
        Slot(cell),
        Reading(Moment(now)),
    );
    match limiter.check() {
        Ok(state) => Decision::Admitted { remaining: state.remaining_burst_capacity() },
        Err(refusal) => {
            let earliest = refusal.earliest_possible().0;
            Decision::Refused { wait: Duration::from_nanos(earliest.saturating_sub(now)) }
        }
    }
}

/// A cell, as governor's state.
struct Slot<'a>(&'a Cell<Option<u64>>);

impl StateStore for Slot<'_> {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _key: &NotKeyed, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (outcome, arrival) = decide(self.0.get().map(Nanos::from))?;
        self.0.set(Some(arrival.as_u64()));
        Ok(outcome)
    }
}

/// A clock that was read once, before.
struct Reading(Moment);

impl Clock for Reading {
    type Instant = Moment;

    fn now(&self) -> Moment {
        self.0
    }
}

/// Nanoseconds since the epoch of the cells.
///
/// governor counts from the moment at which a limiter is made, and ours are made for each decision.
/// So a moment counts from the epoch, whatever it is compared with or added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(u64);

impl Add<Nanos> for Moment {
    type Output = Self;

    fn add(self, since_epoch: Nanos) -> Self {
        Self(since_epoch.as_u64())
    }
}

impl Reference for Moment {
    fn duration_since(&self, _limiter_start: Self) -> Nanos {
        Nanos::from(self.0)
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.saturating_sub(duration.as_u64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quota;

    #[test]
    fn a_burst_is_counted_down_and_comes_back_one_interval_at_a_time() {
        let quota = Quota::per_second(4).burst(3).governor();
        let interval = 250_000_000;
        let cell = Cell::new(None);
        let start = 7_777_777_777;

        for remaining in [2, 1, 0] {
            assert_eq!(decide(quota, &cell, start), Decision::Admitted { remaining });
        }
        let wait = Duration::from_nanos(interval);
        assert_eq!(decide(quota, &cell, start), Decision::Refused { wait });

        let almost = start + interval - 1;
        let wait = Duration::from_nanos(1);
        assert_eq!(decide(quota, &cell, almost), Decision::Refused { wait });
        let admitted = Decision::Admitted { remaining: 0 };
        assert_eq!(decide(quota, &cell, start + interval), admitted);
        let admitted = Decision::Admitted { remaining: 2 };
        assert_eq!(decide(quota, &cell, start + 100 * interval), admitted);
    }

    #[test]
    fn a_refusal_charges_nothing() {
        let quota = Quota::per_minute(1).governor();
        let cell = Cell::new(None);
        decide(quota, &cell, 0);
        let before = cell.get();
        for now in 1..100 {
            assert!(matches!(decide(quota, &cell, now), Decision::Refused { .. }));
        }
        assert_eq!(cell.get(), before);
    }
}
