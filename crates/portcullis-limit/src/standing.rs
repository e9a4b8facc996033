use std::{num::NonZeroU64, ops::Deref, slice, time::Duration};

use portcullis_core::stack::nanoseconds;

/// How one key stands under one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub(crate) remaining: u32,
    /// In nanoseconds, as are all times within.
    pub(crate) whole_in: u64,
    wait: Option<NonZeroU64>,
}

impl Standing {
    /// The policy admits, and `remaining` more may come at once; all are back after `whole_in`.
    pub fn admitting(remaining: u32, whole_in: Duration) -> Self {
        Self { remaining, whole_in: nanoseconds(whole_in), wait: None }
    }

    /// The policy refuses: what was asked may come after `retry_after`, which is at least a
    /// nanosecond.
    pub fn refusing(remaining: u32, whole_in: Duration, retry_after: Duration) -> Self {
        Self::from_nanos(remaining, nanoseconds(whole_in), nanoseconds(retry_after).max(1))
    }

    /// `wait` is 0 where the policy admits.
    pub(crate) fn from_nanos(remaining: u32, whole_in: u64, wait: u64) -> Self {
        Self { remaining, whole_in, wait: NonZeroU64::new(wait) }
    }

    /// How many requests of cost 1 may still come at once.
    pub fn remaining(&self) -> u32 {
        self.remaining
    }

    /// The time after which all of them are back, if none comes.
    pub fn whole_in(&self) -> Duration {
        Duration::from_nanos(self.whole_in)
    }

    /// Where the policy refuses, the time after which it admits what was asked, if nobody else
    /// spends; `None` where it admits.
    pub fn retry_after(&self) -> Option<Duration> {
        self.wait.map(|wait| Duration::from_nanos(wait.get()))
    }

    /// In nanoseconds; 0 where the policy admits.
    pub(crate) fn wait(&self) -> u64 {
        self.wait.map_or(0, NonZeroU64::get)
    }

    pub(crate) fn is_refusing(&self) -> bool {
        self.wait.is_some()
    }
}

/// One [`Standing`] for each charge, in their order.
#[derive(Clone, Debug)]
pub struct Standings(Kept);

/// Most limits have one policy, and one standing needs no box.
#[derive(Clone, Debug)]
enum Kept {
    One(Standing),
    Many(Box<[Standing]>),
}

impl FromIterator<Standing> for Standings {
    fn from_iter<I: IntoIterator<Item = Standing>>(standings: I) -> Self {
        Self(Kept::Many(standings.into_iter().collect()))
    }
}

impl From<Standing> for Standings {
    fn from(standing: Standing) -> Self {
        Self(Kept::One(standing))
    }
}

impl Deref for Standings {
    type Target = [Standing];

    fn deref(&self) -> &[Standing] {
        match &self.0 {
            Kept::One(standing) => slice::from_ref(standing),
            Kept::Many(standings) => standings,
        }
    }
}

impl PartialEq for Standings {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Standings {}
