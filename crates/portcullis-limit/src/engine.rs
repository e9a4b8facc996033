//! What one request costs one key: pure functions on a cell.

mod cell;
mod gcra;
mod window;

pub(crate) use self::cell::Cell;
use self::cell::Counted;
use crate::{Clock, Quota, Standing};

/// Decides about one request of this cost at `now`, in nanoseconds of the clock.
///
/// Returns what the caller is told, and the cell as it is to be kept: once it is charged, or, of a
/// refusal, as it reads under another quota than before. `None` where nothing changes.
#[inline]
pub(crate) fn decide(
    cell: Option<Cell>,
    quota: &Quota,
    cost: u32,
    now: u64,
    clock: &Clock,
) -> (Standing, Option<Cell>) {
    match quota.window() {
        None => gcra::decide(cell, quota, cost, now),
        Some(window) => window::decide(cell, quota, window, cost, now, clock),
    }
}

/// The cell once this much was given back, by whichever quota it is counted.
pub(crate) fn refund(cell: Cell, cost: u32, now: u64) -> Cell {
    match cell.state.counted() {
        Counted::ByRate { interval_micros, .. } => gcra::refund(cell, interval_micros, cost),
        Counted::InWindow { used } => window::refund(cell, used, cost, now),
    }
}
