//! Where it is kept what each client has spent.

mod charge;
mod decision;
mod on_failure;

use std::{error::Error, fmt, sync::Arc, time::Duration};

use portcullis_core::{BoxError, BoxFuture};

pub use self::{
    charge::{Charge, CostAboveQuota},
    decision::Decision,
    on_failure::OnStoreFailure,
};

/// Keeps what each key has spent of each policy, and decides.
///
/// [`Memory`](crate::Memory) is the store of one process. One that several share answers
/// [`Later`](Answer::Later), in one round trip a decision, and has the time from its server.
///
/// All methods mean the same cells: those of a policy's name and a key. What is asked of a store
/// stands in `tests/stores` of the repository, as tests that every store passes.
pub trait Store: Send + Sync + 'static {
    /// Charges every policy, or none if one of them refuses. A charge of cost 0 is admitted or
    /// refused as one of cost 1 would be, and spends nothing.
    ///
    /// The charges are of one request and name no policy twice.
    fn check(&self, charges: &[Charge<'_>]) -> Answer<Decision>;

    /// Gives back the cost of every charge, and never more than was spent.
    fn refund(&self, charges: &[Charge<'_>]) -> Answer<()>;

    /// Forgets the key of this charge under its policy: its quota is whole.
    fn reset(&self, charge: &Charge<'_>) -> Answer<()>;

    /// The time since the Unix epoch, for those who write it: the machine's, unless said otherwise.
    fn since_unix_epoch(&self) -> Duration {
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
    }
}

/// What a [`Store`] answers: at once where it keeps all in memory, later where it asks another
/// machine.
#[must_use = "an answer does nothing until it is read"]
#[non_exhaustive]
pub enum Answer<T> {
    /// Without waiting, and without a box.
    Now(Result<T, StoreError>),
    /// When the future is ready. A future that is dropped may have spent.
    Later(BoxFuture<Result<T, StoreError>>),
}

impl<T> Answer<T> {
    /// Waits for the answer.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn wait(self) -> Result<T, StoreError> {
        match self {
            Self::Now(answer) => answer,
            Self::Later(answer) => answer.await,
        }
    }
}

impl<T> From<T> for Answer<T> {
    fn from(answer: T) -> Self {
        Self::Now(Ok(answer))
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(answer) => f.debug_tuple("Now").field(answer).finish(),
            Self::Later(_) => f.debug_tuple("Later").finish_non_exhaustive(),
        }
    }
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn check(&self, charges: &[Charge<'_>]) -> Answer<Decision> {
        (**self).check(charges)
    }

    fn refund(&self, charges: &[Charge<'_>]) -> Answer<()> {
        (**self).refund(charges)
    }

    fn reset(&self, charge: &Charge<'_>) -> Answer<()> {
        (**self).reset(charge)
    }

    fn since_unix_epoch(&self) -> Duration {
        (**self).since_unix_epoch()
    }
}

/// Why a [`Store`] cannot say.
///
/// The caller gets a 503 with `Retry-After`, never a 429; the cause is logged.
pub struct StoreError {
    retry_after: Duration,
    source: BoxError,
}

impl StoreError {
    /// A failure because of `source`; callers are asked to come back after a second.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self { retry_after: Duration::from_secs(1), source: source.into() }
    }

    /// Asks callers to come back later.
    #[must_use]
    pub fn with_retry_after(self, retry_after: Duration) -> Self {
        Self { retry_after, ..self }
    }

    /// When callers are asked to come back.
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store of a limit does not answer")
    }
}

/// Does not show the cause, which may hold the store's password.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError").field("retry_after", &self.retry_after).finish_non_exhaustive()
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
