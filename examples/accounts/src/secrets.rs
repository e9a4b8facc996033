use std::time::{Duration, SystemTime};

use portcullis::{
    ApiError,
    keys::{ApiKeys, KeyFormat, KeyId, MemoryKeys, NewKey, StoredKey},
};

use crate::accounts::AccountId;

/// Secrets that stand for an account, of which digests are stored and nothing else.
#[derive(Clone)]
pub(crate) struct Secrets {
    keys: ApiKeys<MemoryKeys<AccountId>>,
    stored: MemoryKeys<AccountId>,
}

impl Secrets {
    /// Secrets that begin with this.
    pub(crate) fn new(prefix: &'static str) -> Self {
        let stored = MemoryKeys::new();
        Self { keys: ApiKeys::new(KeyFormat::new(prefix), stored.clone()), stored }
    }

    /// What tells whose a secret is.
    pub(crate) fn verifier(&self) -> ApiKeys<MemoryKeys<AccountId>> {
        self.keys.clone()
    }

    /// A new one, for a while or for good.
    pub(crate) fn issue(
        &self,
        id: impl Into<KeyId>,
        account: AccountId,
        lifetime: impl Into<Option<Duration>>,
    ) -> Result<NewKey, ApiError> {
        let secret = self.keys.generate().map_err(ApiError::internal)?;
        let end = lifetime.into().map(|lifetime| SystemTime::now() + lifetime);
        self.stored.insert(secret.digest(), StoredKey::new(id, account).expires_at(end));
        Ok(secret)
    }

    /// Takes one back, from the next request on.
    pub(crate) fn revoke(&self, id: &KeyId) {
        self.stored.remove(id);
        self.keys.revoke(id);
    }
}
