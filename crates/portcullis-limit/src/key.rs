//! Who a request is counted towards.

mod address;
mod by;
mod hasher;
mod header;
#[cfg(feature = "axum")]
mod route;
mod together;
mod value_type;

use http::request::Parts;
use portcullis_core::ApiError;

#[cfg(feature = "proxies")]
pub use self::address::{NotANetwork, Trust};
#[cfg(feature = "axum")]
pub use self::route::ByRoute;
pub use self::{
    address::{Address, CLIENT_ADDRESS_MISSING, Client, OnMissingAddress},
    by::{By, LIMIT_KEY_MISSING},
    hasher::KeyHasher,
    header::{ByHeader, ByMethod},
    value_type::ValueType,
};

/// What tells one client from another: the partition key of a limit.
///
/// ```
/// use std::hash::Hash;
///
/// use http::{header::HOST, request::Parts};
/// use portcullis_limit::{Key, KeyHasher, NoKey};
///
/// /// One quota for each host name that is asked for.
/// struct Host;
///
/// impl Key for Host {
///     fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
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
    /// What becomes of a request that has no key.
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey>;

    /// Whether it takes no time, so that a limit need not read the clock after it.
    #[doc(hidden)]
    fn is_prompt(&self) -> bool {
        false
    }

    /// What a policy by this key is called where nobody names it: `address`, `caller`.
    fn name(&self) -> &'static str {
        "key"
    }

    /// By what an operator names a client: where it says a type, a value of another is an error, in
    /// place of a partition that is nobody's.
    fn value_type(&self) -> ValueType {
        ValueType::any()
    }
}

/// What becomes of a request that has no [`Key`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NoKey {
    /// It passes, and is not counted.
    Uncounted,
    /// It is refused.
    Refused(ApiError),
}

impl From<ApiError> for NoKey {
    fn from(refusal: ApiError) -> Self {
        Self::Refused(refusal)
    }
}
