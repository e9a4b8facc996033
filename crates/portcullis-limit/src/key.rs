//! Who a request is counted towards.

mod address;
mod by;

use std::hash::Hasher;

use http::request::Parts;
use portcullis_core::ApiError;

pub use self::{
    address::{Address, CLIENT_ADDRESS_MISSING},
    by::{By, LIMIT_KEY_MISSING},
};

/// What tells one client from another: the partition key of a limit.
///
/// ```
/// use std::hash::Hash;
///
/// use http::{header::HOST, request::Parts};
/// use portcullis_core::ApiError;
/// use portcullis_limit::{Key, KeyHasher};
///
/// /// One quota for each host name that is asked for.
/// struct Host;
///
/// impl Key for Host {
///     fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), ApiError> {
///         head.headers.get(HOST).hash(hasher);
///         Ok(())
///     }
/// }
/// ```
pub trait Key: Send + Sync + 'static {
    /// Feeds the hasher with what tells this request's client from others. The key itself is kept
    /// nowhere.
    ///
    /// # Errors
    ///
    /// The refusal of a request that has no key.
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), ApiError>;
}

/// Takes a [`Key`] in. It is keyed at random per process, so that nobody can aim at a client's
/// place.
pub struct KeyHasher(pub(crate) std::hash::DefaultHasher);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0.finish()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }
}

impl std::fmt::Debug for KeyHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyHasher").finish_non_exhaustive()
    }
}
