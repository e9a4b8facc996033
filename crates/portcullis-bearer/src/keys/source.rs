use std::{fmt, time::SystemTime};

use portcullis_core::BoxError;

use super::{KeyDigest, KeyId};

/// Where keys are stored: a table with their digests.
///
/// ```
/// use portcullis_bearer::keys::{KeyDigest, KeySource, StoredKey};
/// use portcullis_core::BoxError;
///
/// #[derive(Clone)]
/// struct Account { id: i64 }
///
/// # struct Row { key_id: i64, account_id: i64 }
/// # struct Pool;
/// # impl Pool {
/// #     async fn fetch_optional(&self, _: &str, _: &[u8]) -> Result<Option<Row>, BoxError> { Ok(None) }
/// # }
/// struct Database(Pool);
///
/// impl KeySource for Database {
///     type Principal = Account;
///
///     async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<Account>>, BoxError> {
///         let sql = "SELECT key_id, account_id FROM api_keys WHERE digest = $1";
///         let row = self.0.fetch_optional(sql, digest.as_bytes()).await?;
///         Ok(row.map(|row| StoredKey::new(row.key_id, Account { id: row.account_id })))
///     }
/// }
/// ```
pub trait KeySource: Send + Sync + 'static {
    /// Who the caller is: what handlers find in the request's extensions.
    type Principal: Clone + Send + Sync + 'static;

    /// Looks a key up by its digest. It may be dropped before it is done.
    ///
    /// An error or a panic is a 503 with `Retry-After`, and is not remembered.
    fn find(
        &self,
        digest: KeyDigest,
    ) -> impl Future<Output = Result<Option<StoredKey<Self::Principal>>, BoxError>> + Send;
}

/// What is known of a key.
#[derive(Clone)]
pub struct StoredKey<P> {
    pub(super) id: KeyId,
    pub(super) principal: P,
    pub(super) expires_at: Option<SystemTime>,
    pub(super) is_revoked: bool,
}

impl<P> StoredKey<P> {
    /// A key of this principal, by its id.
    pub fn new(id: impl Into<KeyId>, principal: P) -> Self {
        Self { id: id.into(), principal, expires_at: None, is_revoked: false }
    }

    /// The key is good until then, and from then on refused as
    /// [`Reason::Expired`](crate::Reason::Expired).
    #[must_use]
    pub fn expires_at(self, end: impl Into<Option<SystemTime>>) -> Self {
        Self { expires_at: end.into(), ..self }
    }

    /// The key was taken back, and is kept for the record: it is refused as
    /// [`Reason::Revoked`](crate::Reason::Revoked).
    #[must_use]
    pub fn revoked(self) -> Self {
        Self { is_revoked: true, ..self }
    }

    /// The key's id.
    pub fn id(&self) -> &KeyId {
        &self.id
    }
}

/// Shows the id, and not whose it is.
impl<P> fmt::Debug for StoredKey<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey").field("id", &self.id).finish_non_exhaustive()
    }
}
