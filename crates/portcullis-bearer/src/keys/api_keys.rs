use std::{
    fmt,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::SystemTime,
};

use portcullis_core::stack::Moment;
use tokio::time::Duration;

use super::{
    KeyDigest, KeyFormat, KeyId, KeySource, NewKey, NoEntropy, StoredKey,
    cache::{Answer, Cache},
    digest::Digester,
    revoked::Revoked,
};
use crate::{Outcome, Reason, Token, Verification, Verify};

/// How many answers are cached, unless it is said otherwise.
const CAPACITY: usize = 10_000;

/// How long an answer is good, unless it is said otherwise.
const TTL: Duration = Duration::from_secs(60);
const REFUSED_TTL: Duration = Duration::from_secs(1);

/// Verifies API keys that a [`KeySource`] stores. See the [module](super) for what it does.
///
/// Clones share what is cached and revoked: one goes into a [`Bearer`](crate::Bearer), another stays
/// with whoever makes and revokes keys. What is set differently on a clone has a cache of its own,
/// and shares what is revoked still. Another [`new`](Self::new) shares nothing.
pub struct ApiKeys<S: KeySource> {
    shared: Arc<Shared<S>>,
}

struct Shared<S: KeySource> {
    source: Arc<S>,
    settings: Settings,
    cache: Cache<S::Principal>,
    revoked: Arc<Revoked>,
    /// What is cached is newer than all that was [forgotten](Revoked::forgotten) up to this.
    caught_up: AtomicU64,
}

#[derive(Clone)]
struct Settings {
    format: KeyFormat,
    digester: Digester,
    capacity: usize,
    ttl: Duration,
    refused_ttl: Duration,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl<S: KeySource> ApiKeys<S> {
    /// Keys of this format, which are stored there.
    pub fn new(format: KeyFormat, source: S) -> Self {
        Self::with_settings(
            Arc::new(source),
            Arc::default(),
            Settings {
                format,
                digester: Digester::Sha256,
                capacity: CAPACITY,
                ttl: TTL,
                refused_ttl: REFUSED_TTL,
                clock: Arc::new(SystemTime::now),
            },
        )
    }

    fn with_settings(source: Arc<S>, revoked: Arc<Revoked>, settings: Settings) -> Self {
        let cache = Cache::new(settings.capacity);
        let caught_up = AtomicU64::new(revoked.forgotten());
        Self { shared: Arc::new(Shared { source, settings, cache, revoked, caught_up }) }
    }

    fn with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.shared.settings.clone();
        change(&mut settings);
        let Shared { source, revoked, .. } = &*self.shared;
        Self::with_settings(Arc::clone(source), Arc::clone(revoked), settings)
    }

    /// Digests keys by HMAC-SHA-256 with this pepper, a secret that lies somewhere else than the
    /// digests: who steals the table cannot even test whether it has a certain key. Every key that
    /// is stored already has to be made anew.
    ///
    /// Like all that is set, it is set before the keys are shared: clones from before go on with what
    /// they had.
    ///
    /// # Panics
    ///
    /// When it has less than 16 bytes.
    #[must_use]
    #[track_caller]
    pub fn with_pepper(self, pepper: impl AsRef<[u8]>) -> Self {
        let digester = Digester::with_pepper(pepper.as_ref());
        self.with(|settings| settings.digester = digester)
    }

    /// Caches about this many answers: 10,000 unless you say otherwise. Keys that are used often stay
    /// while others are tried. To cache nothing, let it be good for no time at all.
    ///
    /// # Panics
    ///
    /// When it is 0: requests that wait for the same look-up need a place to meet.
    #[must_use]
    #[track_caller]
    pub fn with_capacity(self, answers: usize) -> Self {
        assert!(
            answers > 0,
            "no place for an answer: use 1 or more, and `with_ttl` to cache nothing"
        );
        self.with(|settings| settings.capacity = answers)
    }

    /// Remembers for so long whose a key is, from the beginning of the look-up: a minute unless you say
    /// otherwise. A process that is not
    /// told of a revocation goes on with the key for as long.
    #[must_use]
    pub fn with_ttl(self, ttl: Duration) -> Self {
        self.with(|settings| settings.ttl = ttl)
    }

    /// Remembers for so long that a key is not good: a second unless you say otherwise. A process
    /// that is not told of a new key refuses it for as long, if it was refused before.
    #[must_use]
    pub fn with_refused_ttl(self, ttl: Duration) -> Self {
        self.with(|settings| settings.refused_ttl = ttl)
    }

    /// Takes the time, which a key's end is compared with, from another clock.
    ///
    /// What is cached ages by the machine's monotonic clock; where a test has paused tokio's before
    /// a key is looked up (`start_paused = true`) by that, and not where it is paused later.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.clock = Arc::new(clock))
    }

    /// Makes a key, which nobody has and nobody can guess. It is good once its digest is stored.
    ///
    /// # Errors
    ///
    /// [`NoEntropy`] when the operating system gives no random numbers.
    pub fn generate(&self) -> Result<NewKey, NoEntropy> {
        let secret = self.shared.settings.format.secret()?;
        let digest = self.digest(&secret);
        Ok(NewKey::new(secret, digest))
    }

    /// What is stored of this key.
    pub fn digest(&self, key: &str) -> KeyDigest {
        self.shared.settings.digester.digest(key.as_bytes())
    }

    /// Takes a key back: from the next request on it is refused as [`Reason::Revoked`] by these
    /// `ApiKeys`, their clones, and what any of them was set up from or into, whatever is cached,
    /// being looked up, or still said by the source. Others, in this process or another, do not hear
    /// of it: tell each.
    ///
    /// Take it back in the source too, before or after: only the last few thousand revocations are
    /// remembered here, and none when the process ends.
    pub fn revoke(&self, id: &KeyId) {
        let Shared { cache, revoked, .. } = &*self.shared;
        revoked.add(id);
        cache.forget_if(|answer| matches!(answer, Answer::Found(key) if key.id == *id));
        tracing::info!(key.id = %id, "an API key was revoked");
    }

    #[cfg(test)]
    pub(super) fn cached(&self) -> usize {
        self.shared.cache.len()
    }

    /// Has a key looked up again by the next request: it was stored, or changed.
    pub fn forget(&self, digest: &KeyDigest) {
        self.shared.cache.forget(digest);
    }
}

impl<S: KeySource> Verify for ApiKeys<S> {
    type Principal = S::Principal;

    fn verify(&self, token: &Token) -> Verification<S::Principal> {
        self.verify_at(token, &mut Moment::default())
    }

    fn verify_at(&self, token: &Token, moment: &mut Moment) -> Verification<S::Principal> {
        let Shared { settings, cache, revoked, .. } = &*self.shared;
        let key = token.as_bytes();
        if !settings.format.recognises_bytes(key) {
            return Outcome::Rejected(Reason::Unknown).into();
        }
        let digest = settings.digester.digest(key);
        let forgotten = self.shared.catch_up();
        if let Some(answer) = cache.get(&digest, moment) {
            let outcome = self.shared.outcome(&answer);
            if revoked.forgotten() == forgotten {
                return outcome.into();
            }
        }
        let shared = Arc::clone(&self.shared);
        Verification::later(async move { shared.look_up(digest).await })
    }
}

impl<S: KeySource> Shared<S> {
    async fn look_up(&self, digest: KeyDigest) -> Outcome<S::Principal> {
        loop {
            let forgotten = self.catch_up();
            let answer =
                self.cache.get_or(digest, || self.ask(digest), |it| self.fresh_for(it)).await;
            let outcome = self.outcome(&answer);
            if self.revoked.forgotten() == forgotten {
                return outcome;
            }
        }
    }

    /// Forgets what was cached before revocations were forgotten, by whomever, and says how often
    /// they were.
    #[inline(always)]
    fn catch_up(&self) -> u64 {
        let forgotten = self.revoked.forgotten();
        if self.caught_up.load(Ordering::Acquire) != forgotten {
            self.forget_all(forgotten);
        }
        forgotten
    }

    #[cold]
    fn forget_all(&self, forgotten: u64) {
        // First of all, so that nobody believes it who comes between. Twice does no harm.
        self.cache.clear();
        self.caught_up.store(forgotten, Ordering::Release);
    }

    async fn ask(&self, digest: KeyDigest) -> Answer<S::Principal> {
        // A panic is a failure like any other, so that who waits for the same look-up shares it.
        let mut found = pin!(async { self.source.find(digest).await });
        let found = poll_fn(|cx| {
            let polled = catch_unwind(AssertUnwindSafe(|| found.as_mut().poll(cx)));
            polled.unwrap_or_else(|_| Poll::Ready(Err("the key source panicked".into())))
        });
        match found.await {
            Ok(Some(key)) => Answer::Found(key),
            Ok(None) => Answer::Nobody,
            Err(error) => Answer::Failed(Arc::new(error)),
        }
    }

    /// How long an answer is good. That a key's own time is over is seen at every request.
    fn fresh_for(&self, answer: &Answer<S::Principal>) -> Duration {
        match answer {
            Answer::Found(key) if self.reason_against(key).is_none() => self.settings.ttl,
            Answer::Found(_) | Answer::Nobody => self.settings.refused_ttl,
            Answer::Failed(_) => Duration::ZERO,
        }
    }

    #[inline(always)]
    fn outcome(&self, answer: &Answer<S::Principal>) -> Outcome<S::Principal> {
        match answer {
            Answer::Found(key) => match self.reason_against(key) {
                None => Outcome::Accepted(key.principal.clone()),
                Some(reason) => {
                    refused(&key.id, reason);
                    Outcome::Rejected(reason)
                }
            },
            Answer::Nobody => Outcome::Rejected(Reason::Unknown),
            Answer::Failed(error) => Err::<Outcome<_>, _>(SharedError(Arc::clone(error))).into(),
        }
    }

    #[inline(always)]
    fn reason_against(&self, key: &StoredKey<S::Principal>) -> Option<Reason> {
        if key.is_revoked || self.revoked.contains(&key.id) {
            return Some(Reason::Revoked);
        }
        let is_over = key.expires_at.is_some_and(|end| (self.settings.clock)() >= end);
        is_over.then_some(Reason::Expired)
    }
}

#[cold]
fn refused(id: &KeyId, reason: Reason) {
    tracing::debug!(key.id = %id, ?reason, "an API key was refused");
}

/// One error that several requests waited for.
#[derive(Debug)]
struct SharedError(Arc<portcullis_core::BoxError>);

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl<S: KeySource> Clone for ApiKeys<S> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<S: KeySource> fmt::Debug for ApiKeys<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("format", &self.shared.settings.format)
            .finish_non_exhaustive()
    }
}
