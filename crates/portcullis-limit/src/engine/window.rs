//! Fixed windows: exactly so many requests in each.

use super::cell::{Cell, Counted, State, part_of};
use crate::{Clock, Quota, Standing, Window};

/// Decides about one request at `now`, and counts it towards the window if it is admitted.
pub(super) fn decide(
    cell: Option<Cell>,
    quota: &Quota,
    window: Window,
    cost: u32,
    now: u64,
    clock: &Clock,
) -> (Standing, Option<Cell>) {
    let limit = quota.limit();
    let length = quota.period_micros() * 1_000;
    let begun = cell.filter(|cell| !cell.is_whole(now)).map(|cell| match cell.state.counted() {
        // What was sent in this window was sent, whatever the limit is now.
        Counted::InWindow { used, .. } => (used, cell.whole_at),
        Counted::ByRate { .. } => {
            (part_of(limit.into(), cell.spent(now)) as u32, end(window, length, now, clock))
        }
    });

    let used = begun.map_or(0, |(used, _)| used);
    let end = begun.map(|(_, end)| end);
    let whole_in = end.map_or(0, |end| end.saturating_sub(now));
    let remaining = limit.saturating_sub(used);
    if cost == 0 {
        let wait = if remaining == 0 { whole_in } else { 0 };
        return (Standing::from_nanos(remaining, whole_in, wait), None);
    }
    if cost > remaining {
        // Who was counted by a rate is counted in this window from now on.
        let is_by_rate = |cell: &Cell| matches!(cell.state.counted(), Counted::ByRate { .. });
        let restated = cell
            .filter(is_by_rate)
            .and(end)
            .map(|whole_at| Cell { whole_at, state: State::in_window(used, limit) });
        return (Standing::from_nanos(remaining, whole_in, whole_in.max(1)), restated);
    }
    let end = end.unwrap_or_else(|| self::end(window, length, now, clock));
    let standing = Standing::from_nanos(remaining - cost, end.saturating_sub(now), 0);
    (standing, Some(Cell { whole_at: end, state: State::in_window(used + cost, limit) }))
}

/// The window's requests, less those given back.
pub(super) fn refund(cell: Cell, cost: u32, now: u64) -> Cell {
    match cell.state.counted() {
        Counted::InWindow { used, limit } if !cell.is_whole(now) => {
            Cell { state: State::in_window(used.saturating_sub(cost), limit), ..cell }
        }
        _ => cell,
    }
}

/// When a window ends that begins now, or began with its multiple of the Unix epoch.
fn end(window: Window, length: u64, now: u64, clock: &Clock) -> u64 {
    let gone = match window {
        Window::FirstRequest => 0,
        Window::Epoch => clock.since_unix_epoch() % length,
    };
    now.saturating_add(length - gone)
}
