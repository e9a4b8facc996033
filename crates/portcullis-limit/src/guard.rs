#[cfg(test)]
mod tests;

use std::{
    fmt,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::Arc,
};

use http::request::Parts;
use portcullis_core::{Admission, Allowance, ApiError, Guard, Verdict};

use crate::{
    Address, By, Clock, Key, KeyHasher, NoKey, Quota,
    engine::{DEFAULT_CAPACITY, Decision, Table},
};

/// Admits each client's quota of requests, and refuses the rest with a 429.
///
/// See the [crate's documentation](crate) for what a client sees. Clones count together.
pub struct RateLimit<K> {
    key: Arc<K>,
    quota: Quota,
    rate: governor::Quota,
    table: Arc<Table>,
    hash: RandomState,
    clock: Clock,
    is_silent: bool,
}

impl RateLimit<Address> {
    /// A limit for each client address.
    pub fn by_address(quota: Quota) -> Self {
        Self::by_key(quota, Address::default())
    }
}

impl<T, F, K> RateLimit<By<T, F>>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(&'a T) -> &'a K + Send + Sync + 'static,
    K: Hash + ?Sized + 'static,
{
    /// A limit by a part of a value in the request's extensions: the principal's id, its tenant.
    ///
    /// A request without such a value is a 500, [`LIMIT_KEY_MISSING`](crate::LIMIT_KEY_MISSING),
    /// and a line in the log says what to add.
    ///
    /// The closure borrows one part, and is written where it is passed; for two parts together, or
    /// one that is computed, implement [`Key`].
    ///
    /// ```
    /// use portcullis_limit::{Quota, RateLimit};
    ///
    /// #[derive(Clone)]
    /// struct Account { id: u64, tenant: String }
    ///
    /// let per_account = RateLimit::by(Quota::per_minute(300), |account: &Account| &account.id);
    /// let per_tenant = RateLimit::by(Quota::per_minute(900), |account: &Account| &account.tenant);
    /// # let _ = (per_account, per_tenant);
    /// ```
    pub fn by(quota: Quota, part: F) -> Self {
        Self::by_key(quota, By::new(part))
    }
}

impl<K: Key> RateLimit<K> {
    /// A limit by a key of your own.
    pub fn by_key(quota: Quota, key: K) -> Self {
        Self {
            key: Arc::new(key),
            quota,
            rate: quota.governor(),
            table: Arc::new(Table::new(DEFAULT_CAPACITY)),
            hash: RandomState::new(),
            clock: Clock::monotonic(),
            is_silent: false,
        }
    }

    /// Takes the time from another clock, and forgets what was counted.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self.forgetting(self.table.capacity()) }
    }

    /// Has room for about this many clients at once, at 34 bytes each, and forgets what was counted.
    ///
    /// Where more come, those whose quota is closest to whole are forgotten first: see
    /// [how it counts](crate#how-it-counts).
    #[must_use]
    pub fn with_capacity(self, clients: usize) -> Self {
        self.forgetting(clients)
    }

    /// Says nothing of the limit on what it admits: no `X-RateLimit-*` but on a refusal.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { is_silent: true, ..self }
    }

    fn forgetting(&self, capacity: usize) -> Self {
        Self { table: Arc::new(Table::new(capacity)), ..self.clone() }
    }

    fn decide(&self, head: &Parts) -> Result<Admission, ApiError> {
        let mut key = KeyHasher::default();
        match self.key.hash(head, &mut key) {
            Ok(()) => {}
            Err(NoKey::Uncounted) => return Ok(Admission::new()),
            Err(NoKey::Refused(refusal)) => return Err(refusal),
        }
        let mut hasher = self.hash.build_hasher();
        hasher.write(key.bytes());

        let limit = self.quota.limit();
        match self.table.charge(hasher.finish(), &self.quota, self.rate, self.clock.now()) {
            Decision::Admitted { .. } if self.is_silent => Ok(Admission::new()),
            Decision::Admitted { remaining } => {
                Ok(Admission::new().with_allowance(Allowance::new(limit, remaining)))
            }
            Decision::Refused { wait } => Err(ApiError::too_many_requests(wait)
                .with_message("Rate limit exceeded")
                .with_allowance(Allowance::new(limit, 0))),
        }
    }
}

impl<K: Key> Guard for RateLimit<K> {
    fn check(&self, head: &mut Parts) -> Verdict {
        Verdict::from(self.decide(head))
    }
}

impl<K> Clone for RateLimit<K> {
    fn clone(&self) -> Self {
        Self {
            key: Arc::clone(&self.key),
            table: Arc::clone(&self.table),
            hash: self.hash.clone(),
            clock: self.clock.clone(),
            ..*self
        }
    }
}

impl<K> fmt::Debug for RateLimit<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit").field("quota", &self.quota).finish_non_exhaustive()
    }
}
