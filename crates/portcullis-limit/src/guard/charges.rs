use http::request::Parts;
use portcullis_core::ApiError;
use smallvec::SmallVec;

use super::{fields::RateLimitFields, refusal::cost_above_quota};
use crate::{Answer, Charge, Decision, KeyHasher, NoKey, Policy, Quota, Store};

/// What one request is to be charged.
pub(super) struct Charges<'a> {
    items: SmallVec<[Item<'a>; 1]>,
}

struct Item<'a> {
    policy: &'a Policy,
    key: KeyHasher,
    charged: Charged,
}

/// A charge, without its key.
#[derive(Clone, Copy)]
pub(crate) struct Charged {
    /// Which policy of the limit.
    pub(crate) policy: usize,
    pub(crate) quota: Quota,
    pub(crate) cost: u32,
    /// What tells its key from others, for who is told so.
    pub(super) partition: Option<u64>,
}

impl<'a> Charges<'a> {
    /// The charges of every policy that counts this request.
    pub(super) fn of(
        policies: &'a [Policy],
        fields: Option<&RateLimitFields>,
        head: &Parts,
    ) -> Result<Self, ApiError> {
        let mut items = SmallVec::new();
        for (place, policy) in policies.iter().enumerate() {
            let mut key = KeyHasher::default();
            match policy.key().hash(head, &mut key) {
                Ok(()) => {}
                Err(NoKey::Uncounted) => continue,
                Err(NoKey::Refused(refusal)) => return Err(refusal),
            }
            let (quota, cost) = (policy.quota_of(head), policy.cost_of(head));
            if cost == 0 {
                continue;
            }
            let partition = fields.and_then(|fields| fields.partition(policy.name(), &key));
            items.push(Item {
                policy,
                key,
                charged: Charged { policy: place, quota, cost, partition },
            });
        }
        Ok(Self { items })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Asks the store to charge all of them, or none.
    pub(super) fn check(&self, store: &dyn Store) -> Result<Answer<Decision>, ApiError> {
        let mut charges: SmallVec<[Charge<'_>; 1]> = SmallVec::new();
        for Item { policy, key, charged: Charged { quota, cost, .. } } in &self.items {
            let charge = Charge::new(policy.name(), key.bytes(), *quota, *cost);
            charges.push(charge.map_err(cost_above_quota)?);
        }
        Ok(store.check(&charges))
    }

    pub(super) fn charged(&self) -> SmallVec<[Charged; 1]> {
        self.items.iter().map(|item| item.charged).collect()
    }
}
