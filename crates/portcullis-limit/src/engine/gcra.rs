//! The generic cell rate algorithm, as a pure function on one cell: governor decides, the cell is
//! ours.

use std::num::NonZeroU32;

use super::{
    cell::{Cell, worth},
    meter::Meter,
};
use crate::Standing;

/// The longest debt, in nanoseconds, of whole microseconds: 146 years.
const LONGEST: u64 = (1 << 62) / 1_000 * 1_000;

/// Decides about one request at `now`, and moves the cell's theoretical arrival time if it is
/// admitted. All times are nanoseconds since one epoch.
#[inline(always)]
pub(crate) fn decide(
    cell: Option<Cell>,
    meter: &Meter,
    cost: u32,
    now: u64,
) -> (Standing, Option<Cell>) {
    let debt = cell.map_or(0, |cell| debt(cell, meter, now));
    let Some(cost) = NonZeroU32::new(cost) else { return (untouched(debt, meter), None) };
    match meter.admit(debt, cost) {
        Ok(debt) => (
            Standing::from_nanos(meter.remaining(debt), debt, 0),
            Some(Cell { whole_at: now.saturating_add(debt), state: meter.mark() }),
        ),
        Err(wait) => {
            let Standing { remaining, whole_in, .. } = untouched(debt, meter);
            let standing = Standing::from_nanos(remaining, whole_in, wait.max(1));
            (standing, cell.and_then(|cell| restated(cell, debt, meter, cost, now)))
        }
    }
}

/// What a caller may still send who sends nothing now.
fn untouched(debt: u64, meter: &Meter) -> Standing {
    Standing::from_nanos(meter.remaining(debt), debt, meter.quota().room_in(1, debt))
}

/// The cell of a refused caller, where it is kept otherwise from now on.
///
/// Who was counted by another quota is told to wait by this one, and counted by it from now on; and
/// that somebody waits who asks for several is worth remembering.
fn restated(cell: Cell, debt: u64, meter: &Meter, cost: NonZeroU32, now: u64) -> Option<Cell> {
    let state = if cost.get() > 1 { meter.mark().refusing() } else { meter.mark() };
    let whole_at =
        if cell.state.is_of_rate(meter.mark()) { cell.whole_at } else { now.saturating_add(debt) };
    (cell.state != state).then_some(Cell { whole_at, state })
}

/// After how long a cell is whole, under this quota.
#[inline]
fn debt(cell: Cell, meter: &Meter, now: u64) -> u64 {
    match cell.state.is_of_rate(meter.mark()) {
        true => cell.whole_at.saturating_sub(now),
        false => carried_over(cell, meter, now),
    }
}

/// The same, of a cell that was counted by another.
///
/// What was sent was sent, and comes back at this rate: a change gives no fresh burst, however often
/// it happens.
#[cold]
fn carried_over(cell: Cell, meter: &Meter, now: u64) -> u64 {
    // In whole microseconds, as every store counts them that several processes share.
    let debt = worth(meter.quota().interval_micros(), cell.spent(now)).saturating_mul(1_000);
    // Further off nothing can be told apart, nor is it reached.
    debt.min(LONGEST)
}

/// The arrival time, earlier by what is given back.
pub(super) fn refund(cell: Cell, interval_micros: u64, cost: u32) -> Cell {
    let given_back = (interval_micros * 1_000).saturating_mul(cost.into());
    Cell { whole_at: cell.whole_at.saturating_sub(given_back), ..cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quota;

    #[test]
    fn a_burst_is_counted_down_and_comes_back_one_interval_at_a_time() {
        let meter = Meter::new(Quota::per_second(4).burst(3));
        let interval = 250_000_000;
        let start = 7_777_777_777;
        let mut cell = None;
        let mut ask = |cost, now| {
            let (standing, charged) = decide(cell, &meter, cost, now);
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
        let meter = Meter::new(Quota::per_minute(1));
        let (_, cell) = decide(None, &meter, 1, 0);
        for now in 1..100 {
            let (standing, charged) = decide(cell, &meter, 1, now);
            assert!(standing.retry_after().is_some() && charged.is_none());
        }
    }
}
