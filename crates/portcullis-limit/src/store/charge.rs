use std::{error::Error, fmt};

use super::OnStoreFailure;
use crate::{Quota, policy::PolicyName};

/// What one request costs one key under one policy.
///
/// `Debug` does not show the key, which may be an address or a secret.
#[derive(Clone, Copy)]
pub struct Charge<'a> {
    policy: &'a PolicyName,
    key: &'a [u8],
    quota: &'a Quota,
    cost: u32,
    on_store_failure: Option<OnStoreFailure>,
}

impl<'a> Charge<'a> {
    /// A charge of `cost` requests; 0 only asks.
    ///
    /// # Errors
    ///
    /// A cost above the quota's burst can never be admitted.
    pub fn new(
        policy: &'a PolicyName,
        key: &'a [u8],
        quota: &'a Quota,
        cost: u32,
    ) -> Result<Self, CostAboveQuota> {
        if cost > quota.limit() {
            return Err(CostAboveQuota { cost, limit: quota.limit() });
        }
        Ok(Self { policy, key, quota, cost, on_store_failure: None })
    }

    /// Says what becomes of the request where the store cannot decide; `None` leaves it to the store.
    #[must_use]
    pub fn with_on_store_failure(self, on_store_failure: Option<OnStoreFailure>) -> Self {
        Self { on_store_failure, ..self }
    }

    /// The policy: with the key, it names what is charged.
    pub fn policy(&self) -> &'a PolicyName {
        self.policy
    }

    /// The key's bytes, as [`Key`](crate::Key) fed them. They may be personal or secret: a store
    /// that writes keys down, or sends them, hashes them first.
    pub fn key(&self) -> &'a [u8] {
        self.key
    }

    /// The quota of this caller.
    pub fn quota(&self) -> &'a Quota {
        self.quota
    }

    /// How many requests it counts for: at most the quota's burst, 0 where it only asks.
    pub fn cost(&self) -> u32 {
        self.cost
    }

    /// What becomes of the request where the store cannot decide, if its policy says.
    pub fn on_store_failure(&self) -> Option<OnStoreFailure> {
        self.on_store_failure
    }
}

impl fmt::Debug for Charge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charge")
            .field("policy", &self.policy)
            .field("quota", &self.quota)
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}

/// A request that costs more than its quota ever admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CostAboveQuota {
    /// What it costs.
    pub cost: u32,
    /// The most that may come at once.
    pub limit: u32,
}

impl fmt::Display for CostAboveQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cost, limit } = self;
        write!(f, "a request that counts for {cost} can never pass a limit of {limit} at once")
    }
}

impl Error for CostAboveQuota {}
