use std::{num::NonZeroU64, time::Duration};

use portcullis_core::{Admission, Allowance};

use super::{Reset, Shared, charges::Charged};
use crate::{Quota, Standing};

/// A charge and how its key stands after it.
pub(crate) type Told<'a> = (&'a Charged, Standing);

impl Shared {
    /// What the request carries that every policy admitted.
    #[inline]
    pub(super) fn admission<'a>(&self, told: impl Iterator<Item = Told<'a>> + Clone) -> Admission {
        if self.settings.is_silent {
            return Admission::new();
        }
        let admission = self.allowing(told.clone());
        match &self.settings.fields {
            Some(fields) => {
                let lines = fields.lines(&self.policies, told);
                lines
                    .into_iter()
                    .fold(admission, |admission, (name, value)| admission.with_line(name, value))
            }
            None => admission,
        }
    }

    /// What the caller may still send, of the tightest policy: the first of those that have least
    /// left.
    #[inline]
    pub(super) fn allowing<'a>(&self, told: impl Iterator<Item = Told<'a>>) -> Admission {
        match told.min_by_key(|(_, standing)| standing.remaining) {
            Some((charged, standing)) => {
                Admission::new().with_allowance(self.allowance(&charged.quota, standing))
            }
            None => Admission::new(),
        }
    }

    /// What one policy's caller may still send.
    #[inline]
    pub(super) fn allowance(&self, quota: &Quota, standing: Standing) -> Allowance {
        let allowance = Allowance::new(quota.limit(), standing.remaining);
        match self.settings.reset {
            None => allowance,
            Some(reset) => allowance.with_reset(self.reset(reset, standing.whole_in())),
        }
    }

    fn reset(&self, reset: Reset, whole_in: Duration) -> NonZeroU64 {
        match reset {
            Reset::DeltaSeconds => whole_seconds(whole_in),
            Reset::EpochSeconds => whole_seconds(self.store.since_unix_epoch() + whole_in),
        }
    }
}

/// Seconds, rounded up, at least 1.
pub(super) fn whole_seconds(duration: Duration) -> NonZeroU64 {
    let started = u64::from(duration.subsec_nanos() > 0);
    NonZeroU64::new(duration.as_secs().saturating_add(started)).unwrap_or(NonZeroU64::MIN)
}
