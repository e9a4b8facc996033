mod name;

use std::{borrow::Cow, fmt, hash::Hash, sync::Arc};

use http::request::Parts;

pub use self::name::{InvalidPolicyName, PolicyName};
use crate::{Address, By, Key, KeyHasher, NoKey, OnStoreFailure, Quota, engine::Meter};

type QuotaFor = Arc<dyn Fn(&Parts) -> Option<Quota> + Send + Sync>;
type CostOf = Arc<dyn Fn(&Parts) -> u32 + Send + Sync>;

/// A quota, who it is counted by, and what it is called.
///
/// A [`RateLimit`](crate::RateLimit) has one or several, and charges all of them or none:
///
/// ```
/// use portcullis_limit::{Policy, Quota, RateLimit};
///
/// #[derive(Clone)]
/// struct Account { id: u64, tier: Tier }
///
/// #[derive(Clone, Copy)]
/// enum Tier { Free, Paid }
///
/// const FREE: Quota = Quota::per_hour(1_000);
/// const PAID: Quota = Quota::per_hour(100_000);
///
/// let hourly = Policy::by(FREE, |account: &Account| &account.id)
///     .named("hourly")
///     .with_quota_for(|head| match head.extensions.get::<Account>()?.tier {
///         Tier::Free => Some(FREE),
///         Tier::Paid => Some(PAID),
///     })
///     .with_cost(|head| if head.uri.path() == "/export" { 100 } else { 1 });
/// let burst = Policy::by(Quota::per_second(10), |account: &Account| &account.id).named("burst");
///
/// let limit = RateLimit::new(hourly).and(burst);
/// # let _ = limit;
/// ```
#[derive(Clone)]
pub struct Policy {
    name: PolicyName,
    meter: Meter,
    key: Arc<dyn Key>,
    /// Whether the key is read in no time.
    is_prompt: bool,
    quota_for: Option<QuotaFor>,
    cost: Option<CostOf>,
    on_store_failure: Option<OnStoreFailure>,
}

impl Policy {
    /// A quota for each client address; named `address`.
    pub fn by_address(quota: Quota) -> Self {
        Self::by_key(quota, Address::default())
    }

    /// A quota for each value of a part of something in the request's extensions, such as the
    /// principal's id; named `caller`. See [`RateLimit::by`](crate::RateLimit::by).
    pub fn by<T, F, K>(quota: Quota, part: F) -> Self
    where
        T: Send + Sync + 'static,
        F: for<'a> Fn(&'a T) -> &'a K + Send + Sync + 'static,
        K: Hash + ?Sized + 'static,
    {
        Self::by_key(quota, By::new(part))
    }

    /// A quota for each value of a key; named as the [key](Key::name) says.
    pub fn by_key(quota: Quota, key: impl Key) -> Self {
        let (name, is_prompt) = (PolicyName::new(key.name()), key.is_prompt());
        Self {
            name,
            is_prompt,
            meter: Meter::new(quota),
            key: Arc::new(key),
            quota_for: None,
            cost: None,
            on_store_failure: None,
        }
    }

    /// Calls it something else: in `RateLimit` fields, in logs and metrics, and in a store that
    /// several limits share.
    ///
    /// # Panics
    ///
    /// When the name is not 1 to 64 characters of printable ASCII.
    #[must_use]
    #[track_caller]
    pub fn named(self, name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: PolicyName::new(name), ..self }
    }

    /// Calls it by a name from outside: see [`Policy::named`].
    ///
    /// # Errors
    ///
    /// When the name is not 1 to 64 characters of printable ASCII.
    pub fn try_named(self, name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidPolicyName> {
        Ok(Self { name: PolicyName::try_new(name)?, ..self })
    }

    /// Asks for each request which quota its caller has: that of its tier. `None` is the policy's
    /// own.
    ///
    /// All quotas of a key are one account: what was sent was sent, and comes back at the rate of
    /// the quota that its caller has now, so that no change, however often, gives more than the
    /// larger of both. A quota that depends on something else than the caller, the method perhaps,
    /// belongs to a policy whose [key](Policy::by_key) has that in it as well.
    ///
    /// An operator who asks [how a caller stands](crate::RateLimit::partition) has no request, and
    /// says the quota: [`Partition::with_quota`](crate::Partition::with_quota).
    #[must_use]
    pub fn with_quota_for(
        self,
        quota_for: impl Fn(&Parts) -> Option<Quota> + Send + Sync + 'static,
    ) -> Self {
        Self { quota_for: Some(Arc::new(quota_for)), ..self }
    }

    /// Counts each request for as many as this says, 1 if not said. A request that costs 0 is not
    /// counted by this policy, nor refused by it; one that costs more than the quota's burst could
    /// never pass, and is a 400, [`COST_ABOVE_QUOTA`](crate::COST_ABOVE_QUOTA).
    #[must_use]
    pub fn with_cost(self, cost: impl Fn(&Parts) -> u32 + Send + Sync + 'static) -> Self {
        Self { cost: Some(Arc::new(cost)), ..self }
    }

    /// What becomes of a request where the store cannot decide about this policy, since its engine is
    /// gone or too slow: what the store says, unless said otherwise.
    ///
    /// ```
    /// use portcullis_limit::{OnStoreFailure, Policy, Quota};
    ///
    /// // Nobody guesses passwords while the store is down, and what it protects is closed meanwhile:
    /// let sign_in = Policy::by_address(Quota::per_hour(20))
    ///     .named("sign-in")
    ///     .on_store_failure(OnStoreFailure::Refuse);
    /// # let _ = sign_in;
    /// ```
    #[must_use]
    pub fn on_store_failure(self, on_store_failure: OnStoreFailure) -> Self {
        Self { on_store_failure: Some(on_store_failure), ..self }
    }

    /// What it is called.
    pub fn name(&self) -> &PolicyName {
        &self.name
    }

    /// The quota of whoever has no other.
    pub fn quota(&self) -> &Quota {
        self.meter.quota()
    }

    #[inline]
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn key(&self) -> &dyn Key {
        &*self.key
    }

    /// Whether its key is one that is read in no time.
    #[inline]
    pub(crate) fn is_prompt(&self) -> bool {
        self.is_prompt
    }

    /// Whether every caller has the same quota, and every request costs 1.
    pub(crate) fn counts_alike(&self) -> bool {
        self.quota_for.is_none() && self.cost.is_none()
    }

    pub(crate) fn says_on_store_failure(&self) -> Option<OnStoreFailure> {
        self.on_store_failure
    }

    /// The key of whoever sent this request.
    pub(crate) fn key_of(&self, head: &Parts) -> Result<KeyHasher, NoKey> {
        let mut key = KeyHasher::default();
        self.key.hash(head, &mut key)?;
        Ok(key)
    }

    /// The quota of whoever sent this request.
    pub(crate) fn quota_of(&self, head: &Parts) -> Quota {
        self.quota_for.as_ref().and_then(|quota_for| quota_for(head)).unwrap_or(*self.quota())
    }

    /// What this request costs.
    pub(crate) fn cost_of(&self, head: &Parts) -> u32 {
        match &self.cost {
            Some(cost) => cost(head),
            None => 1,
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("name", &self.name)
            .field("quota", self.quota())
            .finish_non_exhaustive()
    }
}
