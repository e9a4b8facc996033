use crate::Quota;

/// What is kept of one key, in two words, whichever algorithm counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// When the quota is whole again, in nanoseconds of the clock: the theoretical arrival time, or
    /// the end of the window.
    pub(crate) whole_at: u64,
    pub(crate) state: State,
}

/// By which quota a key was counted last, in one word: enough to say whether it is refused still,
/// and to carry what is spent over to another quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State(u64);

/// What a [`State`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    ByRate { interval_micros: u64, burst: u32 },
    InWindow { used: u32, limit: u32 },
}

const IS_WINDOW: u64 = 1 << 63;

/// Where the width of the burst is written: below it lie interval and burst, which together have at
/// most 54 bits, since the whole burst comes back within 2⁵³ microseconds.
const WIDTH_SHIFT: u32 = 57;

impl State {
    pub(crate) fn by_rate(quota: &Quota) -> Self {
        let burst = u64::from(quota.limit());
        let width = u64::BITS - burst.leading_zeros();
        Self(u64::from(width) << WIDTH_SHIFT | quota.interval_micros() << width | burst)
    }

    /// `used` and `limit` are below 2³¹.
    pub(crate) fn in_window(used: u32, limit: u32) -> Self {
        Self(IS_WINDOW | u64::from(limit) << 32 | u64::from(used))
    }

    pub(crate) fn counted(self) -> Counted {
        if self.0 & IS_WINDOW != 0 {
            let limit = (self.0 & !IS_WINDOW) >> 32;
            return Counted::InWindow { used: self.0 as u32, limit: limit as u32 };
        }
        let width = self.0 >> WIDTH_SHIFT;
        let both = self.0 & ((1 << WIDTH_SHIFT) - 1);
        let burst = both & ((1 << width) - 1);
        Counted::ByRate { interval_micros: both >> width, burst: burst as u32 }
    }
}

impl Cell {
    pub(crate) fn is_whole(self, now: u64) -> bool {
        self.whole_at <= now
    }

    /// How long the next request of cost 1 is refused, in nanoseconds; 0 where it is admitted.
    pub(crate) fn refused_for(self, now: u64) -> u64 {
        let whole_in = self.whole_at.saturating_sub(now);
        match self.state.counted() {
            Counted::ByRate { interval_micros, burst } => {
                let tolerance = interval_micros * 1_000 * u64::from(burst.saturating_sub(1));
                whole_in.saturating_sub(tolerance)
            }
            Counted::InWindow { used, limit } if used >= limit => whole_in,
            Counted::InWindow { .. } => 0,
        }
    }

    /// Which part of its quota is spent, as a fraction.
    pub(crate) fn spent(self, now: u64) -> (u64, u64) {
        let whole_in = self.whole_at.saturating_sub(now);
        match self.state.counted() {
            Counted::ByRate { interval_micros, burst } => {
                (whole_in, interval_micros * 1_000 * u64::from(burst))
            }
            Counted::InWindow { .. } if whole_in == 0 => (0, 1),
            Counted::InWindow { used, limit } => (used.into(), limit.into()),
        }
    }
}

/// That part of `whole`, rounded up: nobody gains by a change of quota.
pub(super) fn part_of(whole: u64, (spent, of): (u64, u64)) -> u64 {
    if of == 0 {
        return 0;
    }
    let part = (u128::from(whole) * u128::from(spent)).div_ceil(of.into());
    u64::try_from(part).unwrap_or(whole).min(whole)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_state_says_what_it_was_told(
            count in 1..=u32::MAX,
            micros in 1..=(1_u64 << 62) / 1_000,
            burst in 1..=u32::MAX,
        ) {
            if let Ok(quota) = Quota::try_per(count, Duration::from_micros(micros)) {
                let quota = quota.try_burst(burst).unwrap_or(quota);
                let interval_micros = quota.interval_micros();
                let said = Counted::ByRate { interval_micros, burst: quota.limit() };
                prop_assert_eq!(State::by_rate(&quota).counted(), said);
            }
            let (used, limit) = (burst >> 1, count >> 1);
            let said = Counted::InWindow { used, limit };
            prop_assert_eq!(State::in_window(used, limit).counted(), said);
        }
    }
}
