use std::{any::type_name, error::Error, fmt, hash::Hash, sync::Arc};

use http::request::Parts;
use portcullis_core::ApiError;

use super::{RateLimit, Shared};
use crate::{Charge, CostAboveQuota, KeyHasher, NoKey, Quota, Standing, StoreError};

/// One key under one policy of a limit, for operators and handlers: to see how it stands, to give
/// back what was charged, to forget it.
///
/// ```
/// use portcullis_limit::{Quota, RateLimit};
///
/// #[derive(Clone)]
/// struct Account { id: u64 }
///
/// # async fn unlock(id: u64) -> Result<(), Box<dyn std::error::Error>> {
/// let limit = RateLimit::by(Quota::per_hour(100), |account: &Account| &account.id);
/// // The limit itself goes into the stack, and shares what it counts with this clone of it.
/// let partition = limit.partition("caller", &id)?;
/// println!("{} left", partition.peek().await?.remaining());
/// partition.reset().await?;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` does not show the key.
pub struct Partition {
    shared: Arc<Shared>,
    policy: usize,
    key: KeyHasher,
    quota: Quota,
}

impl RateLimit {
    /// The partition of a policy that belongs to this value of its key:
    ///
    /// | the policy counts by | named by |
    /// |---|---|
    /// | [a part of the principal](Self::by) | that part, a `u64` or a `String` as it is there |
    /// | [address](Self::by_address) | a [`Client`](crate::Client), from [`Address::client_of`](crate::Address::client_of) |
    /// | [header](crate::ByHeader) | an `http::HeaderValue` |
    /// | several keys together, method, route | a request: [`RateLimit::partitions`] |
    /// | a [`Key`](crate::Key) of your own | a value whose hash is what it feeds to the hasher |
    ///
    /// It is asked by the policy's own quota. Where callers have quotas
    /// [of their tier](crate::Policy::with_quota_for), say which: [`Partition::with_quota`].
    ///
    /// # Errors
    ///
    /// When the limit has no policy by that name, or the policy counts by values of another type.
    pub fn partition<K: Hash + ?Sized + 'static>(
        &self,
        policy: &str,
        value: &K,
    ) -> Result<Partition, PartitionError> {
        let policies = &self.shared.policies;
        let Some(place) = policies.iter().position(|it| it.name().as_str() == policy) else {
            let known = policies.iter().map(|it| it.name().to_string()).collect();
            let asked = policy.chars().take(64).collect();
            return Err(PartitionError::UnknownPolicy { asked, known });
        };
        let expected = policies[place].key().value_type();
        if !expected.is_named_by::<K>() {
            let policy = policies[place].name().to_string();
            let (expected, given) = (expected.name(), type_name::<K>());
            return Err(PartitionError::OtherValue { policy, expected, given });
        }
        let mut key = KeyHasher::default();
        value.hash(&mut key);
        let quota = *policies[place].quota();
        Ok(Partition { shared: Arc::clone(&self.shared), policy: place, key, quota })
    }

    /// The partitions that a request is counted in, one of each policy that counts it.
    ///
    /// # Errors
    ///
    /// The refusal of a request that has no key.
    pub fn partitions(&self, head: &Parts) -> Result<Vec<Partition>, ApiError> {
        let mut partitions = Vec::new();
        for (place, policy) in self.shared.policies.iter().enumerate() {
            let key = match policy.key_of(head) {
                Ok(key) => key,
                Err(NoKey::Uncounted) => continue,
                Err(NoKey::Refused(refusal)) => return Err(refusal),
            };
            let (shared, quota) = (Arc::clone(&self.shared), policy.quota_of(head));
            partitions.push(Partition { shared, policy: place, key, quota });
        }
        Ok(partitions)
    }
}

impl Partition {
    /// The same partition, under the quota of its caller's tier: see
    /// [`Policy::with_quota_for`](crate::Policy::with_quota_for).
    #[must_use]
    pub fn with_quota(self, quota: Quota) -> Self {
        Self { quota, ..self }
    }

    /// The name of its policy.
    pub fn policy(&self) -> &str {
        self.shared.policies[self.policy].name().as_str()
    }

    /// The quota that it is asked by.
    pub fn quota(&self) -> &Quota {
        &self.quota
    }

    /// How it stands, without charging anything: whether a request of cost 1 would be refused.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn peek(&self) -> Result<Standing, StoreError> {
        let decision = match self.charge(0) {
            Ok(charge) => self.shared.store.check(&[charge]),
            Err(error) => return Err(StoreError::new(error)),
        };
        let decision = decision.wait().await?;
        let standing = decision.standings().first().copied();
        standing.ok_or_else(|| StoreError::new("the store has no standing for what it was asked"))
    }

    /// Gives this many requests back, at most what was spent: those of a batch that came to nothing.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn refund(&self, cost: u32) -> Result<(), StoreError> {
        let answer = match self.charge(cost.min(self.quota.limit())) {
            Ok(charge) => self.shared.store.refund(&[charge]),
            Err(error) => return Err(StoreError::new(error)),
        };
        answer.wait().await
    }

    /// Forgets it: its whole quota is back.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn reset(&self) -> Result<(), StoreError> {
        let answer = match self.charge(0) {
            Ok(charge) => self.shared.store.reset(&charge),
            Err(error) => return Err(StoreError::new(error)),
        };
        answer.wait().await
    }

    fn charge(&self, cost: u32) -> Result<Charge<'_>, CostAboveQuota> {
        let policy = &self.shared.policies[self.policy];
        let charge = Charge::new(policy.name(), self.key.bytes(), &self.quota, cost)?;
        Ok(charge.with_on_store_failure(policy.says_on_store_failure()))
    }
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partition")
            .field("policy", &self.policy())
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

/// Why there is no such [`Partition`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartitionError {
    /// The limit has no policy by this name.
    #[non_exhaustive]
    UnknownPolicy {
        /// What was asked for.
        asked: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The policy counts by values of another type, and so of another hash.
    #[non_exhaustive]
    OtherValue {
        /// The policy's name.
        policy: String,
        /// The type that it counts by.
        expected: &'static str,
        /// The type that was given.
        given: &'static str,
    },
}

impl fmt::Display for PartitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPolicy { asked, known } => {
                let known = known.join(", ");
                write!(f, "the limit has no policy {asked:?}: its policies are {known}")
            }
            Self::OtherValue { policy, expected, given } => {
                write!(f, "the policy {policy:?} counts by {expected}, not by {given}")
            }
        }
    }
}

impl Error for PartitionError {}
