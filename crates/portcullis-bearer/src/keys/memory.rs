use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use portcullis_core::BoxError;

use super::{KeyDigest, KeyId, KeySource, StoredKey};

/// Keys in memory: for tests, and for a service whose keys come from its configuration.
///
/// Clones share the keys.
pub struct MemoryKeys<P> {
    keys: Arc<RwLock<HashMap<KeyDigest, StoredKey<P>>>>,
}

impl<P> MemoryKeys<P> {
    /// No keys yet.
    pub fn new() -> Self {
        Self { keys: Arc::default() }
    }

    /// Stores a key by its digest, in place of what was stored for it.
    pub fn insert(&self, digest: KeyDigest, key: StoredKey<P>) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(digest, key);
    }

    /// Removes the key with this id.
    pub fn remove(&self, id: &KeyId) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, key| key.id != *id);
    }
}

impl<P: Clone + Send + Sync + 'static> KeySource for MemoryKeys<P> {
    type Principal = P;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<P>>, BoxError> {
        Ok(self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned())
    }
}

impl<P> Clone for MemoryKeys<P> {
    fn clone(&self) -> Self {
        Self { keys: Arc::clone(&self.keys) }
    }
}

impl<P> Default for MemoryKeys<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> fmt::Debug for MemoryKeys<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeys").finish_non_exhaustive()
    }
}
