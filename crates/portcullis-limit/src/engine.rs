//! What one request costs one key: pure functions on a cell.

mod cell;
mod gcra;
mod meter;
mod window;

use self::cell::Counted;
pub(crate) use self::meter::Meter;
pub(crate) use self::{
    cell::{Cell, State},
    gcra::decide as decide_by_rate,
};
use crate::{Clock, Standing};

/// Decides about one request of this cost at `now`, in nanoseconds of the clock.
///
/// Returns what the caller is told, and the cell as it is to be kept: once it is charged, or, of a
/// refusal, as it reads under another quota than before. `None` where nothing changes.
pub(crate) fn decide(
    cell: Option<Cell>,
    meter: &Meter,
    cost: u32,
    now: u64,
    clock: &Clock,
) -> (Standing, Option<Cell>) {
    match meter.quota().window() {
        None => gcra::decide(cell, meter, cost, now),
        Some(window) => window::decide(cell, meter.quota(), window, cost, now, clock),
    }
}

/// The cell once this much was given back, by whichever quota it is counted.
pub(crate) fn refund(cell: Cell, cost: u32, now: u64) -> Cell {
    match cell.state.counted() {
        Counted::ByRate { interval_micros, .. } => gcra::refund(cell, interval_micros, cost),
        Counted::InWindow { used } => window::refund(cell, used, cost, now),
    }
}
