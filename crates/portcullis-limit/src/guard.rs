mod admitted;
mod charges;
mod fields;
mod here;
mod kept;
mod message;
mod outer;
mod partition;
mod refusal;
mod settings;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt, hash::Hash, sync::Arc};

use http::request::Parts;
use portcullis_core::{Admission, ApiError, Guard, Verdict, stack::Moment};

pub(crate) use self::{admitted::Told, charges::Charged};
use self::{charges::Due, kept::Kept, message::Message, outer::Outer, settings::Settings};
pub use self::{
    fields::{EXPOSED_HEADERS, RATELIMIT, RATELIMIT_POLICY, RateLimitFields},
    message::InvalidMessage,
    partition::{Partition, PartitionError},
    refusal::{COST_ABOVE_QUOTA, Refusal},
    settings::Reset,
};
use crate::{Answer, Key, Memory, NoKey, Policy, Quota, Store, observe};

/// Admits each client's quota of requests, and refuses the rest with a 429.
///
/// See the [crate's documentation](crate) for what a client sees. Clones count together.
#[derive(Clone)]
pub struct RateLimit {
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Shared {
    policies: Vec<Policy>,
    store: Kept,
    settings: Settings,
    /// Whether it is what most limits are: see [`Shared::alone`].
    is_plain: bool,
}

impl RateLimit {
    /// A limit for each client address: the peer's. Behind a proxy it is
    /// [`by_key`](Self::by_key) of an [`Address`](crate::Address) that says which header to read, and
    /// whom to believe: see [client addresses](crate#client-addresses).
    pub fn by_address(quota: Quota) -> Self {
        Self::new(Policy::by_address(quota))
    }

    /// A limit by a part of a value in the request's extensions: the principal's id, its tenant.
    ///
    /// A request without such a value is a 500, [`LIMIT_KEY_MISSING`](crate::LIMIT_KEY_MISSING),
    /// and a line in the log says what to add; unless a guard let it in without a principal on
    /// purpose (an [`Anonymous`](portcullis_core::Anonymous)): then it passes uncounted, and is left
    /// to the limit per address.
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
    pub fn by<T, F, K>(quota: Quota, part: F) -> Self
    where
        T: Send + Sync + 'static,
        F: for<'a> Fn(&'a T) -> &'a K + Send + Sync + 'static,
        K: Hash + ?Sized + 'static,
    {
        Self::new(Policy::by(quota, part))
    }

    /// A limit by a key of your own, or one of ours: a [header](crate::ByHeader), the
    /// [method](crate::ByMethod), several together as a tuple.
    pub fn by_key(quota: Quota, key: impl Key) -> Self {
        Self::new(Policy::by_key(quota, key))
    }

    /// A limit of this policy, in a [`Memory`] of its own.
    pub fn new(policy: Policy) -> Self {
        let mut shared = Shared {
            policies: vec![policy],
            store: Kept::Here(Memory::new()),
            settings: Settings::default(),
            is_plain: false,
        };
        shared.is_plain = shared.is_plain();
        Self { shared: Arc::new(shared) }
    }

    /// Charges another policy as well: all of them, or none if one refuses. The client is told of
    /// the tightest.
    ///
    /// ```
    /// use portcullis_limit::{Policy, Quota, RateLimit};
    ///
    /// let limit = RateLimit::by_address(Quota::per_second(10))
    ///     .and(Policy::by_address(Quota::per_hour(1_000)).named("hourly"));
    /// # let _ = limit;
    /// ```
    ///
    /// # Panics
    ///
    /// When it has a policy by that name already: [name](Policy::named) one of them.
    #[must_use]
    #[track_caller]
    pub fn and(mut self, policy: Policy) -> Self {
        let name = policy.name();
        let is_new = self.shared.policies.iter().all(|there| there.name() != name);
        assert!(is_new, "a limit has two policies by the name {name}: name one of them");
        self.edit(|shared| shared.policies.push(policy));
        self
    }

    /// Keeps what is spent in this store, instead of a [`Memory`] of its own: one with another
    /// capacity or clock, or one that several limits or several machines share.
    #[must_use]
    pub fn with_store(mut self, store: impl Store) -> Self {
        self.edit(|shared| shared.store = Kept::new(store));
        self
    }

    /// What a refused client reads, as a template: `{retry_after}` is the seconds to wait, `{limit}`
    /// how many requests may come at once. `{{` is a brace.
    ///
    /// ```
    /// # use portcullis_limit::{Quota, RateLimit};
    /// let limit = RateLimit::by_address(Quota::per_minute(60))
    ///     .with_message("Rate limit exceeded. Retry after {retry_after}s.");
    /// # let _ = limit;
    /// ```
    ///
    /// # Panics
    ///
    /// When it has other words in braces.
    #[must_use]
    #[track_caller]
    pub fn with_message(self, template: impl Into<Cow<'static, str>>) -> Self {
        match self.try_with_message(template) {
            Ok(limit) => limit,
            Err(error) => panic!("{error}"),
        }
    }

    /// What a refused client reads, as a template from outside: see [`RateLimit::with_message`].
    ///
    /// # Errors
    ///
    /// When it has other words in braces.
    pub fn try_with_message(
        mut self,
        template: impl Into<Cow<'static, str>>,
    ) -> Result<Self, InvalidMessage> {
        let message = Message::parse(template.into())?;
        self.edit(|shared| shared.settings.message = message);
        Ok(self)
    }

    /// Makes of a refusal whatever the contract asks for: it gets a code, members, another shape.
    /// `Retry-After` and `X-RateLimit-*` are written in any case, unless the error has another
    /// status.
    ///
    /// ```
    /// use portcullis_limit::{Quota, RateLimit, Refusal};
    ///
    /// let limit = RateLimit::by_address(Quota::per_minute(60)).with_refusal(|refusal| {
    ///     let violated: Vec<_> = refusal.violated().collect();
    ///     refusal.error().with_member("limit", refusal.limit()).with_member("violated-policies", violated)
    /// });
    /// # let _ = limit;
    /// ```
    #[must_use]
    pub fn with_refusal(
        mut self,
        refusal: impl Fn(&Refusal<'_>) -> ApiError + Send + Sync + 'static,
    ) -> Self {
        self.edit(|shared| shared.settings.refusal = Some(Arc::new(refusal)));
        self
    }

    /// Lets these requests pass, uncounted: health checks, calls of one's own.
    #[must_use]
    pub fn with_exemption(
        mut self,
        is_exempt: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.edit(|shared| shared.settings.is_exempt = Some(Arc::new(is_exempt)));
        self
    }

    /// Writes `X-RateLimit-Reset` as well: when the limit is whole again. The field has two meanings
    /// in the wild, so the unit is named.
    #[must_use]
    pub fn with_reset(mut self, reset: Reset) -> Self {
        self.edit(|shared| shared.settings.reset = Some(reset));
        self
    }

    /// Writes the IETF's `RateLimit` and `RateLimit-Policy` as well, as a draft of them says: an item
    /// for each policy.
    #[must_use]
    pub fn with_fields(mut self, fields: RateLimitFields) -> Self {
        self.edit(|shared| shared.settings.fields = Some(fields));
        self
    }

    /// Says nothing of the limit on what it admits: no `X-RateLimit-*` but on a refusal.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.edit(|shared| shared.settings.is_silent = true);
        self
    }

    /// Decides, counts, and reports to logs and metrics, but refuses nobody and changes no byte: to
    /// see what a limit would do before it does it.
    #[must_use]
    pub fn in_shadow(mut self) -> Self {
        self.edit(|shared| shared.settings.is_shadow = true);
        self
    }

    /// The policies, in the order in which they were named.
    pub fn policies(&self) -> &[Policy] {
        &self.shared.policies
    }

    fn edit(&mut self, change: impl FnOnce(&mut Shared)) {
        let shared = Arc::make_mut(&mut self.shared);
        change(shared);
        shared.is_plain = shared.is_plain();
    }
}

impl Guard for RateLimit {
    fn check(&self, head: &mut Parts) -> Verdict {
        self.check_at(head, &mut Moment::default())
    }

    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        match self.shared.alone() {
            Some((policy, memory)) => self.shared.check_here(policy, memory, head, moment),
            None => {
                moment.pass();
                self.check_each(head)
            }
        }
    }
}

impl RateLimit {
    /// Decides by all policies, with all settings, in any store.
    #[inline(never)]
    fn check_each(&self, head: &Parts) -> Verdict {
        let Shared { policies, settings, .. } = &*self.shared;
        if settings.is_exempt.as_ref().is_some_and(|is_exempt| is_exempt(head)) {
            observe::exempt(policies);
            return Verdict::from(Admission::new());
        }
        match Due::all(policies, settings.fields.as_ref(), head) {
            Ok(dues) => self.ask(&dues, head),
            Err(no_key) => self.shared.without_key(no_key),
        }
    }

    /// Has the store decide.
    fn ask(&self, dues: &[Due<'_>], head: &Parts) -> Verdict {
        match Due::check(dues, &*self.shared.store) {
            Ok(Answer::Now(answer)) => {
                let charged = dues.iter().map(|due| &due.charged);
                Verdict::from(self.shared.conclude(charged, answer, || Outer::of(head)))
            }
            Ok(Answer::Later(answer)) => {
                let charged: Vec<_> = dues.iter().map(|due| due.charged.clone()).collect();
                let (shared, outer) = (Arc::clone(&self.shared), Outer::of(head));
                Verdict::later(async move {
                    let answer = answer.await;
                    shared.conclude(charged.iter(), answer, || outer)
                })
            }
            Err(no_key) => self.shared.without_key(no_key),
        }
    }
}

impl Shared {
    /// What becomes of a request that no policy counts, or of one that cannot be counted.
    #[cold]
    fn without_key(&self, no_key: NoKey) -> Verdict {
        match no_key {
            NoKey::Refused(refusal) if !self.settings.is_shadow => Verdict::from(refusal),
            NoKey::Refused(_) | NoKey::Uncounted => Verdict::from(Admission::new()),
        }
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit").field("policies", &self.shared.policies).finish_non_exhaustive()
    }
}
