//! Fixed windows: exactly so many requests in each.

use super::cell::{Cell, Counted, State, worth};
use crate::{Clock, Quota, Standing, Window};

/// Decides about one request at `now`, and counts it towards the window if it is admitted.
#[inline(never)]
pub(super) fn decide(
    cell: Option<Cell>,
    quota: &Quota,
    window: Window,
    cost: u32,
    now: u64,
    clock: &Clock,
) -> (Standing, Option<Cell>) {
    let limit = quota.limit();
    let begun = cell.filter(|cell| !cell.is_whole(now));
    let is_restated =
        begun.is_some_and(|cell| !cell.state.is_of_window(State::in_window(0, quota)));
    let begun = begun.map(|cell| begun_under(cell, quota, window, now, clock));

    let used = begun.map_or(0, |(used, _)| used);
    let end = begun.map(|(_, end)| end);
    let whole_in = end.map_or(0, |end| end.saturating_sub(now));
    let remaining = limit.saturating_sub(used);
    if cost == 0 {
        let wait = if remaining == 0 { whole_in } else { 0 };
        return (Standing::from_nanos(remaining, whole_in, wait), None);
    }
    if cost > remaining {
        // Who is told to wait by this quota is counted by it from now on.
        let restated = end
            .filter(|_| is_restated || remaining > 0)
            .map(|whole_at| Cell { whole_at, state: State::in_window(used, quota).refusing() });
        return (Standing::from_nanos(remaining, whole_in, whole_in.max(1)), restated);
    }
    let end = end.unwrap_or_else(|| self::end(quota, window, now, clock));
    let standing = Standing::from_nanos(remaining - cost, end.saturating_sub(now), 0);
    (standing, Some(Cell { whole_at: end, state: State::in_window(used + cost, quota) }))
}

/// How much of a window is used that has begun, and when it ends.
///
/// If it was counted by another quota, what was sent was sent, and the longer of both windows goes
/// on: a change gives no fresh one.
fn begun_under(cell: Cell, quota: &Quota, window: Window, now: u64, clock: &Clock) -> (u32, u64) {
    if cell.state.is_of_window(State::in_window(0, quota))
        && let Counted::InWindow { used } = cell.state.counted()
    {
        return (used, cell.whole_at);
    }
    let end = end(quota, window, now, clock);
    let used = u32::try_from(worth(1, cell.spent(now))).unwrap_or(u32::MAX);
    match cell.state.counted() {
        Counted::InWindow { .. } => (used, end.max(cell.whole_at)),
        Counted::ByRate { .. } => (used, end),
    }
}

/// The window's requests, less those given back.
pub(super) fn refund(cell: Cell, used: u32, cost: u32, now: u64) -> Cell {
    if cell.is_whole(now) {
        return cell;
    }
    Cell { state: cell.state.with_used(used.saturating_sub(cost)), ..cell }
}

/// When a window ends that begins now, or began with its multiple of the Unix epoch.
fn end(quota: &Quota, window: Window, now: u64, clock: &Clock) -> u64 {
    let length = quota.period_micros() * 1_000;
    let gone = match window {
        Window::FirstRequest => 0,
        Window::Epoch => clock.since_unix_epoch(now) % length,
    };
    now.saturating_add(length - gone)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn windows_of_the_epoch_are_no_more_than_the_clock_has_shown() {
        const LENGTH: u64 = 100_000;
        let quota = Quota::per(1, Duration::from_nanos(LENGTH)).in_windows(Window::Epoch);
        let clock = Clock::monotonic();
        let window = |now| clock.since_unix_epoch(now) / LENGTH;

        let mut cell = None;
        let mut admitted = 0;
        let begun = clock.now();
        let last = loop {
            let now = clock.now();
            let (standing, charged) = decide(cell, &quota, Window::Epoch, 1, now, &clock);
            admitted += u64::from(!standing.is_refusing());
            cell = charged.or(cell);
            if now > begun + 1_000 * LENGTH {
                break now;
            }
        };
        assert!(admitted <= window(last) - window(begun) + 1, "{admitted}");
        assert!(admitted > 100, "{admitted}");
    }
}
