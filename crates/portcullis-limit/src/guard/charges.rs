use http::request::Parts;
use smallvec::SmallVec;

use super::{fields::RateLimitFields, refusal::cost_above_quota};
use crate::{
    Answer, Charge, CostAboveQuota, Decision, KeyHasher, NoKey, Policy, Quota, Standing, Store,
};

/// What one request is charged by one policy, with the key that pays.
pub(super) struct Due<'a> {
    policy: &'a Policy,
    key: KeyHasher,
    pub(super) charged: Charged,
}

/// A charge, without its key.
#[derive(Clone)]
pub(crate) struct Charged {
    /// Which policy of the limit.
    pub(crate) policy: usize,
    pub(crate) quota: Quota,
    pub(crate) cost: u32,
    /// What tells its key from others, for who is told so.
    pub(super) partition: Option<u64>,
}

impl Charged {
    /// When the same request could come again, in nanoseconds; 0 where at once.
    #[inline]
    pub(super) fn next_in(&self, standing: &Standing) -> u64 {
        if standing.remaining >= self.cost {
            return 0;
        }
        self.quota.room_in(self.cost, standing.whole_in)
    }
}

impl<'a> Due<'a> {
    /// What the policy at this place charges the request.
    fn of(
        place: usize,
        policy: &'a Policy,
        fields: Option<&RateLimitFields>,
        head: &Parts,
    ) -> Result<Self, NoKey> {
        let key = policy.key_of(head)?;
        let (quota, cost) = (policy.quota_of(head), policy.cost_of(head));
        if cost == 0 {
            return Err(NoKey::Uncounted);
        }
        let partition = fields.and_then(|fields| fields.partition(policy.name(), &key));
        Ok(Self { policy, key, charged: Charged { policy: place, quota, cost, partition } })
    }

    /// What every policy charges that counts the request.
    pub(super) fn all(
        policies: &'a [Policy],
        fields: Option<&RateLimitFields>,
        head: &Parts,
    ) -> Result<SmallVec<[Self; 2]>, NoKey> {
        let mut dues = SmallVec::new();
        for (place, policy) in policies.iter().enumerate() {
            match Self::of(place, policy, fields, head) {
                Ok(due) => dues.push(due),
                Err(NoKey::Uncounted) => {}
                Err(refused) => return Err(refused),
            }
        }
        if dues.is_empty() { Err(NoKey::Uncounted) } else { Ok(dues) }
    }

    /// Asks the store to charge all of them, or none.
    pub(super) fn check(dues: &[Self], store: &dyn Store) -> Result<Answer<Decision>, NoKey> {
        let charges: Result<SmallVec<[Charge<'_>; 2]>, _> = dues.iter().map(Self::charge).collect();
        let charges = charges.map_err(|error| NoKey::Refused(cost_above_quota(error)))?;
        Ok(store.check(&charges))
    }

    fn charge(&self) -> Result<Charge<'_>, CostAboveQuota> {
        let Charged { quota, cost, .. } = &self.charged;
        let charge = Charge::new(self.policy.name(), self.key.bytes(), quota, *cost)?;
        Ok(charge.with_on_store_failure(self.policy.says_on_store_failure()))
    }
}
