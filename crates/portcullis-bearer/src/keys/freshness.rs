use std::num::NonZeroU64;

use portcullis_core::stack::{Moment, monotonic, nanoseconds, since_epoch};
use tokio::time::{Duration, Instant};

/// When a look-up began.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    at: Instant,
    /// Whether tokio's clock showed the machine's time then. Where a test has paused it, it does not.
    by_machine: bool,
}

/// How long an answer is good.
#[derive(Clone, Copy)]
pub(super) struct Freshness {
    /// `None` is for ever.
    until: Option<Instant>,
    /// The same by the machine's clock, in nanoseconds since the process's epoch. `None` where
    /// tokio's alone is to be asked.
    until_by_machine: Option<NonZeroU64>,
}

impl Begun {
    pub(super) fn now() -> Self {
        // What is counted from the process's epoch comes after it.
        monotonic();
        let (at, by_machine) = tokios();
        Self { at, by_machine }
    }

    /// From then on. It is asked when the look-up has ended.
    pub(super) fn and_for(self, time: Duration) -> Freshness {
        let Self { at, by_machine } = self;
        let until_by_machine = || {
            let until = since_epoch(at.into_std()).saturating_add(nanoseconds(time));
            // A moment that was read before the look-up began is not within no time.
            if time.is_zero() { None } else { NonZeroU64::new(until) }
        };
        // A clock that was paused meanwhile, or shows the right time by chance, does not do so twice.
        let until_by_machine = if by_machine && tokios().1 { until_by_machine() } else { None };
        Freshness { until: at.checked_add(time), until_by_machine }
    }
}

/// What tokio's clock shows, and whether that is the machine's time.
fn tokios() -> (Instant, bool) {
    let earlier = std::time::Instant::now();
    let shown = Instant::now();
    let later = std::time::Instant::now();
    (shown, (earlier..=later).contains(&shown.into_std()))
}

impl Freshness {
    /// Whether it lasts, by tokio's clock.
    pub(super) fn lasts(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }

    /// Whether it lasts, by what the machine's clock showed at this moment: one reading of it does
    /// for the limits as well.
    #[inline]
    pub(super) fn lasts_at(&self, moment: &mut Moment) -> bool {
        match self.until_by_machine {
            Some(until) => moment.now() < until.get(),
            None => self.lasts(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, pause};

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn in_a_minute() -> Moment {
        Moment::at(monotonic() + nanoseconds(MINUTE))
    }

    #[test]
    fn it_lasts_by_the_moment_that_was_read_already() {
        let freshness = Begun::now().and_for(MINUTE);
        assert!(freshness.lasts_at(&mut Moment::default()));
        assert!(!freshness.lasts_at(&mut in_a_minute()));
        assert!(freshness.lasts());
    }

    #[test]
    fn a_moment_that_nobody_has_read_is_left_to_the_next() {
        let mut moment = Moment::default();
        assert!(Begun::now().and_for(MINUTE).lasts_at(&mut moment));
        assert!(moment.known().is_some());
    }

    #[test]
    fn no_time_is_over_before_it_begins_and_the_longest_never() {
        let mut before = Moment::default();
        before.now();
        let begun = Begun::now();
        for (time, lasts) in [(Duration::ZERO, false), (Duration::MAX, true)] {
            let freshness = begun.and_for(time);
            assert_eq!(freshness.lasts(), lasts, "{time:?}");
            for moment in [&mut Moment::default(), &mut before] {
                assert_eq!(freshness.lasts_at(moment), lasts, "{time:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_the_clock_is_paused_it_lasts_by_that() {
        let freshness = Begun::now().and_for(MINUTE);
        assert!(freshness.lasts_at(&mut in_a_minute()));
        advance(MINUTE).await;
        let mut moment = Moment::default();
        assert!(!freshness.lasts_at(&mut moment));
        assert!(moment.known().is_none());
    }

    #[tokio::test]
    async fn a_clock_that_is_paused_before_the_look_up_has_ended_is_seen() {
        let begun = Begun::now();
        pause();
        let freshness = begun.and_for(MINUTE);
        advance(MINUTE).await;
        assert!(!freshness.lasts_at(&mut Moment::default()));
    }

    #[tokio::test]
    async fn a_clock_that_is_paused_later_is_not() {
        let freshness = Begun::now().and_for(MINUTE);
        pause();
        advance(MINUTE).await;
        assert!(freshness.lasts_at(&mut Moment::default()));
    }
}
