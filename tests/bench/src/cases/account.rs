//! Who may call: accounts by their keys, in memory.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

use portcullis::{
    Token, Verification,
    keys::{ApiKeys, KeyFormat, MemoryKeys, StoredKey},
};

use crate::request::KEY;

/// A principal.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) id: u64,
}

/// How many accounts there are; the last one calls.
pub(super) const COUNT: u64 = 100;

/// The standard hasher without its random seed, so that every run probes alike.
type Seedless = BuildHasherDefault<DefaultHasher>;

/// Looks a key up among 100 accounts.
pub(super) fn lookup() -> impl Fn(&Token) -> Verification<Account> + Send + Sync + 'static {
    let mut accounts: HashMap<String, Account, Seedless> =
        (1..COUNT).map(|id| (format!("pk_live_{id:024}"), Account { id })).collect();
    accounts.insert(KEY.to_owned(), Account { id: COUNT });
    move |token| accounts.get(token.as_str()).cloned().into()
}

/// The same accounts by their keys' digests, which are looked up once and then cached.
pub(super) fn keys() -> ApiKeys<MemoryKeys<Account>> {
    let stored = MemoryKeys::new();
    let keys = ApiKeys::new(KeyFormat::new("pk_live_").with_foreign_keys(), stored.clone());
    for id in 1..COUNT {
        let digest = keys.digest(&format!("pk_live_{id:024}"));
        stored.insert(digest, StoredKey::new(id as i64, Account { id }));
    }
    stored.insert(keys.digest(KEY), StoredKey::new(COUNT as i64, Account { id: COUNT }));
    keys
}
