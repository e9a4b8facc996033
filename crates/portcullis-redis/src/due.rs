//! What one request is charged, and what the script says of it.

use std::time::Duration;

use portcullis_limit::{
    Charge, Decision, OnStoreFailure, PolicyName, Quota, Standing, Standings, Window,
};
use smallvec::SmallVec;

use crate::{key::Digest, time::micros};

/// The charges of one request.
pub(crate) type Dues = SmallVec<[Due; 2]>;

/// A charge that outlives the request's head.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) policy: PolicyName,
    pub(crate) key: Digest,
    pub(crate) quota: Quota,
    pub(crate) cost: u32,
    pub(crate) on_failure: Option<OnStoreFailure>,
}

/// What the script says of one charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// By rate, the time until all is back, in microseconds; in windows, how many are used.
    pub(crate) spent: u64,
    /// In microseconds.
    pub(crate) whole_in: u64,
}

/// What the script says of all charges of a request, in their order.
pub(crate) type Tolds = SmallVec<[Told; 2]>;

impl Due {
    pub(crate) fn of(charge: &Charge<'_>) -> Self {
        Self {
            policy: charge.policy().clone(),
            key: Digest::of(charge.key()),
            quota: *charge.quota(),
            cost: charge.cost(),
            on_failure: charge.on_store_failure(),
        }
    }

    pub(crate) fn is_by_rate(&self) -> bool {
        self.quota.window().is_none()
    }

    /// The length of an interval or a window, in microseconds.
    fn length(&self) -> u64 {
        match self.quota.window() {
            None => micros(self.quota.interval()),
            Some(_) => micros(self.quota.whole()),
        }
    }

    /// What one request spends: an interval's time, or one of a window's count.
    fn unit(&self) -> u64 {
        if self.is_by_rate() { self.length() } else { 1 }
    }

    pub(crate) fn spend(&self) -> u64 {
        u64::from(self.cost) * self.unit()
    }

    /// The most that may be spent already where it is admitted. Who only asks is told what would
    /// become of a request of cost 1.
    pub(crate) fn room(&self) -> u64 {
        u64::from(self.quota.limit() - self.cost.max(1).min(self.quota.limit())) * self.unit()
    }

    /// The charge, as the script reads it: what it spends, in intervals' time, or, to give it back, in
    /// requests, since they are worth what they cost; and with a cell that outlives it by so many
    /// milliseconds. All numbers are below 2⁵³, so none is rounded.
    pub(crate) fn packed(&self, gives_back: bool, slack_millis: u64) -> [f64; 6] {
        let kind = match self.quota.window() {
            None => 0.0,
            Some(Window::Epoch) => 2.0,
            Some(_) => 1.0,
        };
        let whole_micros = if self.is_by_rate() { micros(self.quota.whole()) } else { 0 };
        let lives = whole_micros / 4 * 5 / 1_000 + 1 + slack_millis;
        let spend = if gives_back { u64::from(self.cost) } else { self.spend() };
        let [length, room, spend, lives] =
            [self.length(), self.room(), spend, lives].map(|number| number as f64);
        [length, f64::from(self.quota.limit()), room, spend, lives, kind]
    }

    fn is_refused(&self, told: Told) -> bool {
        told.spent > self.room()
    }

    fn standing(&self, told: Told, is_admitted: bool) -> Standing {
        let Told { spent, whole_in } = told;
        let limit = self.quota.limit();
        let used = spent.div_ceil(self.unit().max(1));
        let remaining = limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
        let whole = Duration::from_micros(whole_in);
        if is_admitted || !self.is_refused(told) {
            return Standing::admitting(remaining, whole);
        }
        let wait = if self.is_by_rate() { spent - self.room() } else { whole_in };
        Standing::refusing(remaining, whole, Duration::from_micros(wait))
    }
}

impl Told {
    /// What it is this many microseconds later, if nobody spends.
    pub(crate) fn after(self, due: &Due, elapsed: u64) -> Self {
        let whole_in = self.whole_in.saturating_sub(elapsed);
        if due.is_by_rate() {
            return Self { spent: whole_in, whole_in };
        }
        Self { spent: if whole_in == 0 { 0 } else { self.spent }, whole_in }
    }
}

/// The decision, from what the script says.
pub(crate) fn decision(dues: &[Due], tolds: &[Told], is_admitted: bool) -> Decision {
    if let ([due], [told]) = (dues, tolds) {
        let standings = Standings::from(due.standing(*told, is_admitted));
        return if is_admitted {
            Decision::Admitted(standings)
        } else {
            Decision::Refused(standings)
        };
    }
    let standings = dues.iter().zip(tolds).map(|(due, told)| due.standing(*told, is_admitted));
    match is_admitted {
        true => Decision::Admitted(standings.collect()),
        false => Decision::Refused(standings.collect()),
    }
}

/// Whether the same request is refused, if this is how its charges stand.
pub(crate) fn is_refused(dues: &[Due], tolds: &[Told]) -> bool {
    dues.iter().zip(tolds).any(|(due, told)| due.is_refused(*told))
}
