//! The generic cell rate algorithm, as a pure function on one cell: governor decides, the cell is
//! ours.

use std::{num::NonZeroU32, ops::Add};

use governor::{
    RateLimiter,
    clock::{Clock, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{NotKeyed, StateStore},
};

use super::cell::{Cell, State, worth};
use crate::{Quota, Standing};

/// The longest debt, in nanoseconds, of whole microseconds: 146 years.
const LONGEST: u64 = (1 << 62) / 1_000 * 1_000;

/// Decides about one request at `now`, and moves the cell's theoretical arrival time if it is
/// admitted. All times are nanoseconds since one epoch.
#[inline]
pub(super) fn decide(
    cell: Option<Cell>,
    quota: &Quota,
    cost: u32,
    now: u64,
) -> (Standing, Option<Cell>) {
    let state = State::by_rate(quota);
    let arrival = cell.map(|cell| arrival(cell, state, quota, now));
    let Some(cost) = NonZeroU32::new(cost) else { return (untouched(arrival, quota, now), None) };

    let slot = std::cell::Cell::new(arrival);
    let limiter = RateLimiter::<_, _, _, StateInformationMiddleware>::new(
        quota.governor(),
        Slot(&slot),
        Reading(Moment(now)),
    );
    let wait = match limiter.check_n(cost) {
        Ok(Ok(admitted)) => {
            let whole_at = slot.get().unwrap_or(now);
            let remaining = admitted.remaining_burst_capacity();
            let standing = Standing::from_nanos(remaining, whole_at.saturating_sub(now), 0);
            return (standing, Some(Cell { whole_at, state }));
        }
        Ok(Err(refusal)) => refusal.earliest_possible().0.saturating_sub(now),
        // More than the burst at once: a `Charge` is never that.
        Err(_) => u64::MAX,
    };
    let Standing { remaining, whole_in, .. } = untouched(arrival, quota, now);
    let standing = Standing::from_nanos(remaining, whole_in, wait.max(1));
    // Who was counted by another quota is told to wait by this one, and counted by it from now on;
    // and that somebody waits who asks for several is worth remembering.
    let state = if cost.get() > 1 { state.refusing() } else { state };
    let restated = cell.filter(|cell| cell.state != state).zip(arrival);
    (standing, restated.map(|(_, whole_at)| Cell { whole_at, state }))
}

/// What a caller may still send who sends nothing now.
fn untouched(arrival: Option<u64>, quota: &Quota, now: u64) -> Standing {
    let interval = quota.interval_micros() * 1_000;
    let whole = interval * u64::from(quota.limit());
    let whole_in = arrival.unwrap_or(now).saturating_sub(now);
    let remaining = whole.saturating_sub(whole_in) / interval;
    Standing::from_nanos(remaining as u32, whole_in, quota.room_in(1, whole_in))
}

/// The arrival time of a cell, under this quota.
///
/// If it was counted by another, what was sent was sent, and comes back at this rate: a change gives
/// no fresh burst, however often it happens.
fn arrival(cell: Cell, state: State, quota: &Quota, now: u64) -> u64 {
    if cell.state.is_of(state) {
        return cell.whole_at;
    }
    // In whole microseconds, as every store counts them that several processes share.
    let debt = worth(quota.interval_micros(), cell.spent(now)).saturating_mul(1_000);
    // Further off nothing can be told apart, nor is it reached.
    now.saturating_add(debt.min(LONGEST))
}

/// The arrival time, earlier by what is given back.
pub(super) fn refund(cell: Cell, interval_micros: u64, cost: u32) -> Cell {
    let given_back = (interval_micros * 1_000).saturating_mul(cost.into());
    Cell { whole_at: cell.whole_at.saturating_sub(given_back), ..cell }
}

/// A cell, as governor's state.
struct Slot<'a>(&'a std::cell::Cell<Option<u64>>);

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

    #[test]
    fn a_burst_is_counted_down_and_comes_back_one_interval_at_a_time() {
        let quota = Quota::per_second(4).burst(3);
        let interval = 250_000_000;
        let start = 7_777_777_777;
        let mut cell = None;
        let mut ask = |cost, now| {
            let (standing, charged) = decide(cell, &quota, cost, now);
            cell = charged.or(cell);
            (standing.remaining(), standing.retry_after().map(|wait| wait.as_nanos() as u64))
        };

        for remaining in [2, 1, 0] {
            assert_eq!(ask(1, start), (remaining, None));
        }
        assert_eq!(ask(1, start), (0, Some(interval)));
        assert_eq!(ask(0, start), (0, Some(interval)));
        assert_eq!(ask(1, start + interval - 1), (0, Some(1)));
        assert_eq!(ask(1, start + interval), (0, None));
        assert_eq!(ask(2, start + 2 * interval), (1, Some(interval)));
        assert_eq!(ask(2, start + 3 * interval), (0, None));
        assert_eq!(ask(1, start + 100 * interval), (2, None));
    }

    #[test]
    fn a_refusal_charges_nothing() {
        let quota = Quota::per_minute(1);
        let (_, cell) = decide(None, &quota, 1, 0);
        for now in 1..100 {
            let (standing, charged) = decide(cell, &quota, 1, now);
            assert!(standing.retry_after().is_some() && charged.is_none());
        }
    }
}
