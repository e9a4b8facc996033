//! The store.

mod asking;
mod settings;

use std::{fmt, hash::Hash, sync::Arc, time::Duration};

use portcullis_limit::{Answer, Charge, Decision, Store, StoreError};
use tokio::sync::Semaphore;

pub use self::settings::InvalidSetting;
use self::settings::Settings;
use crate::{
    due::{Due, Dues},
    failure::Failure,
    fallback::Fallback,
    key::digest_of,
    link::Link,
    observe,
    refusals::Refusals,
};

/// Keeps what clients have spent in Redis or Valkey, for all processes that share it.
///
/// See the [crate's documentation](crate) for how it counts, and what it does when the engine is
/// slow or gone. Clones share one connection, which is made with the first request that needs it,
/// and so may several limits: a policy's name and a key are one and the same cell, whichever limit of
/// whichever process charges it.
#[derive(Clone)]
pub struct Redis {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    settings: Settings,
    link: Arc<Link>,
    /// How many calls may be on their way at once.
    permits: Semaphore,
    refusals: Arc<Refusals>,
    fallback: Fallback,
    /// Whether keys of one call may lie in one slot only.
    is_split: std::sync::atomic::AtomicBool,
}

impl Redis {
    fn of(settings: Settings) -> Self {
        let refusals = Arc::new(Refusals::new(settings.refusals));
        let link = Link::new(
            settings.client.clone(),
            Arc::clone(&refusals),
            Arc::clone(&settings.prefix),
            settings.timeout,
            settings.failures,
            settings.time.clone(),
        );
        let shared = Shared {
            link,
            permits: Semaphore::new(settings.in_flight),
            refusals,
            fallback: Fallback::new(
                settings.memory.clone(),
                settings.on_failure,
                settings.time.clone(),
            ),
            is_split: Default::default(),
            settings,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Waits until the engine is there, to find out when a service starts rather than with its first
    /// request. Nobody has to: a service may start before its engine.
    ///
    /// # Errors
    ///
    /// When it does not answer within the time-out, or a second if that is longer, or may not be
    /// written to; the error's source says why. It is tried again and again all the same.
    pub async fn connect(&self) -> Result<(), StoreError> {
        let patience = self.shared.settings.timeout.max(Duration::from_secs(1));
        self.shared.link.reached(patience).await.map_err(StoreError::new)
    }

    /// What the cell of a value is called in the engine, under a policy of this name: for operators
    /// who look at it with tools of the engine. [`Partition`](portcullis_limit::Partition) does
    /// without.
    ///
    /// ```
    /// let store = portcullis_redis::Redis::open("redis://127.0.0.1")?;
    /// let cell = store.cell("caller", "alice");
    /// assert_eq!(cell, "portcullis:{72113adcd646508ce8ff232d7435f008}:caller:v1");
    /// # Ok::<_, portcullis_redis::InvalidSetting>(())
    /// ```
    pub fn cell<K: Hash + ?Sized>(&self, policy: &str, value: &K) -> String {
        let name = digest_of(value).cell(&self.shared.settings.prefix, policy);
        String::from_utf8_lossy(&name).into_owned()
    }
}

impl Store for Redis {
    fn check(&self, charges: &[Charge<'_>]) -> Answer<Decision> {
        let Shared { settings, link, refusals, fallback, .. } = &*self.shared;
        if charges.is_empty() {
            return Answer::from(Decision::Admitted([].into_iter().collect()));
        }
        let dues: Dues = charges.iter().map(Due::of).collect();
        let request = refusals.request(&dues);
        // Who only asks, an operator perhaps, wants to know it from the engine.
        let spends = dues.iter().any(|due| due.cost > 0);
        if spends
            && let Some(refusal) = refusals.refusal(request, &dues, settings.time.now())
            && (fallback.is_local(&dues) || !link.is_down())
        {
            observe::known_refusal();
            return Answer::Now(Ok(refusal));
        }
        if link.is_down() {
            if spends {
                refusals.forget(request);
            }
            return Answer::Now(fallback.decide(&dues, Failure::Down));
        }
        let shared = Arc::clone(&self.shared);
        Answer::Later(Box::pin(async move { shared.decide(&dues, request).await }))
    }

    fn refund(&self, charges: &[Charge<'_>]) -> Answer<()> {
        if charges.is_empty() {
            return Answer::from(());
        }
        let dues: Dues = charges.iter().map(Due::of).collect();
        let shared = Arc::clone(&self.shared);
        Answer::Later(Box::pin(async move { shared.refund(&dues).await }))
    }

    fn reset(&self, charge: &Charge<'_>) -> Answer<()> {
        let due = Due::of(charge);
        let shared = Arc::clone(&self.shared);
        Answer::Later(Box::pin(async move { shared.reset(&due).await }))
    }

    fn since_unix_epoch(&self) -> Duration {
        let Shared { settings, link, .. } = &*self.shared;
        match link.clock.at(settings.time.now()) {
            Some(server) => Duration::from_micros(server),
            None => settings.time.since_unix_epoch(),
        }
    }
}

/// Shows neither the URL, which may have a password in it, nor any key.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { prefix, timeout, on_failure, .. } = &self.shared.settings;
        f.debug_struct("Redis")
            .field("prefix", prefix)
            .field("timeout", timeout)
            .field("on_failure", on_failure)
            .finish_non_exhaustive()
    }
}
