use crate::{Quota, Window};

/// What is kept of one key, in two words, whichever algorithm counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// When the quota is whole again, in nanoseconds of the clock: the theoretical arrival time, or
    /// the end of the window.
    pub(crate) whole_at: u64,
    pub(crate) state: State,
}

/// By which quota a key was counted last, in one word: enough to say whether it is refused still,
/// and to carry what was sent over to another quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State(u64);

/// What a [`State`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    ByRate { interval_micros: u64, burst: u32 },
    InWindow { used: u32 },
}

const IS_WINDOW: u64 = 1 << 63;

/// Of a rate: the width of the burst, below which lie interval and burst. Together they have at most
/// 54 bits, since the whole burst comes back within 2⁵³ microseconds.
const WIDTH_SHIFT: u32 = 57;

/// The last request was refused, and may want more than one that costs 1.
const IS_REFUSING: u64 = 1 << 56;

/// Of a window: 24 bits that tell its quota from others, above the 31 that are used.
const WHICH_SHIFT: u32 = 32;
const WHICH: u64 = (1 << 24) - 1;

impl State {
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(crate) fn to_bits(self) -> u64 {
        self.0
    }

    pub(crate) fn by_rate(quota: &Quota) -> Self {
        let burst = u64::from(quota.limit());
        let width = u64::BITS - burst.leading_zeros();
        Self(u64::from(width) << WIDTH_SHIFT | quota.interval_micros() << width | burst)
    }

    /// `used` is below 2³².
    pub(crate) fn in_window(used: u32, quota: &Quota) -> Self {
        let state = Self(IS_WINDOW | which(quota) << WHICH_SHIFT | u64::from(used));
        if used >= quota.limit() { state.refusing() } else { state }
    }

    /// The same window, with so many requests used, at least one of which may come.
    pub(crate) fn with_used(self, used: u32) -> Self {
        Self(self.0 & !IS_REFUSING & !u64::from(u32::MAX) | u64::from(used))
    }

    /// The same, of a key whose last request was refused.
    pub(crate) fn refusing(self) -> Self {
        Self(self.0 | IS_REFUSING)
    }

    /// Whether it is of this rate.
    #[inline]
    pub(crate) fn is_of_rate(self, rate: Self) -> bool {
        (self.0 ^ rate.0) & !IS_REFUSING == 0
    }

    /// Whether it is of a window of this one's quota, however much of either is used.
    pub(crate) fn is_of_window(self, window: Self) -> bool {
        (self.0 ^ window.0) & (IS_WINDOW | WHICH << WHICH_SHIFT) == 0
    }

    pub(crate) fn counted(self) -> Counted {
        if self.0 & IS_WINDOW != 0 {
            return Counted::InWindow { used: self.0 as u32 };
        }
        let width = self.0 >> WIDTH_SHIFT;
        let both = self.0 & (IS_REFUSING - 1);
        let burst = both & ((1 << width) - 1);
        Counted::ByRate { interval_micros: both >> width, burst: burst as u32 }
    }
}

/// What tells the quota of a window from others.
fn which(quota: &Quota) -> u64 {
    let is_of_the_epoch = u64::from(quota.window() == Some(Window::Epoch));
    let both = u64::from(quota.limit()) ^ quota.period_micros().rotate_left(32);
    // The upper bits of a product depend on all of its factors.
    both.wrapping_add(is_of_the_epoch).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}

impl Cell {
    pub(crate) fn is_whole(self, now: u64) -> bool {
        self.whole_at <= now
    }

    /// How long the next request is refused, in nanoseconds; 0 where it is admitted.
    ///
    /// Of one that was refused and may cost more than 1 nobody knows, and it counts as refused until
    /// its quota is whole.
    pub(crate) fn refused_for(self, now: u64) -> u64 {
        let whole_in = self.whole_at.saturating_sub(now);
        if self.state.0 & IS_REFUSING != 0 {
            return whole_in;
        }
        match self.state.counted() {
            Counted::ByRate { interval_micros, burst } => {
                let tolerance = interval_micros * 1_000 * u64::from(burst.saturating_sub(1));
                whole_in.saturating_sub(tolerance)
            }
            Counted::InWindow { .. } => 0,
        }
    }

    /// How many requests were sent that have not come back, as a fraction.
    pub(crate) fn spent(self, now: u64) -> (u64, u64) {
        let whole_in = self.whole_at.saturating_sub(now);
        match self.state.counted() {
            Counted::ByRate { interval_micros, .. } => (whole_in, (interval_micros * 1_000).max(1)),
            Counted::InWindow { .. } if whole_in == 0 => (0, 1),
            Counted::InWindow { used, .. } => (used.into(), 1),
        }
    }
}

/// So many requests, each worth `each`, rounded up: nobody gains by a change of quota.
pub(super) fn worth(each: u64, (spent, of): (u64, u64)) -> u64 {
    let worth = (u128::from(each) * u128::from(spent)).div_ceil(of.into());
    u64::try_from(worth).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::quota::MOST_IN_WINDOW;

    proptest! {
        #[test]
        fn a_state_says_what_it_was_told(
            count in 1..=u32::MAX,
            micros in 1..=(1_u64 << 62) / 1_000,
            burst in 1..=u32::MAX,
        ) {
            let Ok(quota) = Quota::try_per(count, Duration::from_micros(micros)) else {
                return Ok(());
            };
            let quota = quota.try_burst(burst).unwrap_or(quota);
            let said =
                Counted::ByRate { interval_micros: quota.interval_micros(), burst: quota.limit() };
            for state in [State::by_rate(&quota), State::by_rate(&quota).refusing()] {
                prop_assert_eq!(state.counted(), said);
                prop_assert!(state.is_of_rate(State::by_rate(&quota)));
            }

            let limit = (count >> 1).clamp(1, MOST_IN_WINDOW);
            let Ok(window) = Quota::try_per(limit, Duration::from_micros(micros))
                .and_then(|quota| quota.try_in_windows(Window::Epoch))
            else {
                return Ok(());
            };
            let state = State::in_window(burst, &window);
            prop_assert_eq!(state.counted(), Counted::InWindow { used: burst });
            prop_assert!(state.is_of_window(State::in_window(0, &window)));
            prop_assert!(!state.is_of_rate(State::by_rate(&quota)));
            prop_assert!(!State::by_rate(&quota).is_of_window(state));
        }
    }
}
