//! What the directory knows, in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::SystemTime,
};

use portcullis::{
    ApiError, BoxError,
    keys::{ApiKeys, KeyDigest, KeySource, StoredKey},
};

use crate::{catalogue::SRV_003, second_factor::SecondFactor};

/// Tokens, which are looked up in the directory by their digests.
pub(crate) type Tokens = ApiKeys<Directory>;

/// All that is kept.
#[derive(Clone, Default)]
pub(crate) struct Directory(Arc<Mutex<Records>>);

#[derive(Default)]
pub(crate) struct Records {
    pub(crate) applications: BTreeMap<String, Application>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) plans: BTreeSet<String>,
    pub(crate) tokens: HashMap<KeyDigest, StoredKey<Caller>>,
    pub(crate) resets: HashMap<KeyDigest, Reset>,
    last_id: u64,
}

pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) users: BTreeSet<String>,
    pub(crate) permissions: BTreeSet<String>,
    /// The users that each role is assigned to.
    pub(crate) roles: BTreeMap<String, BTreeSet<String>>,
    /// How much of what each user has consumed.
    pub(crate) consumption: BTreeMap<(String, String), f64>,
}

pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) password_hash: String,
    pub(crate) is_disabled: bool,
    pub(crate) is_superadmin: bool,
    pub(crate) second_factor: Option<SecondFactor>,
    pub(crate) subscription: Option<Subscription>,
}

pub(crate) struct Subscription {
    pub(crate) plan: String,
    pub(crate) ends: SystemTime,
}

/// A password that its owner has forgotten.
pub(crate) struct Reset {
    pub(crate) user: String,
    pub(crate) ends: SystemTime,
}

/// Who calls.
#[derive(Clone)]
pub(crate) struct Caller {
    /// Whether it may manage applications and users.
    pub(crate) is_manager: bool,
    /// Whether it is a service, by the grant `client_credentials`.
    pub(crate) is_client: bool,
}

impl Directory {
    /// All records, for as long as nobody else wants them.
    ///
    /// Where a write died half-way nobody knows what was written, and nothing is read any more.
    pub(crate) fn records(&self) -> Result<MutexGuard<'_, Records>, ApiError> {
        let died = |_| ApiError::from(SRV_003).with_source("a write to the records died half-way");
        self.0.lock().map_err(died)
    }
}

impl KeySource for Directory {
    type Principal = Caller;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<Caller>>, BoxError> {
        Ok(self.records()?.tokens.get(&digest).cloned())
    }
}

impl Records {
    /// An id that nothing has yet: `u4`.
    pub(crate) fn new_id(&mut self, kind: char) -> String {
        self.last_id += 1;
        format!("{kind}{}", self.last_id)
    }

    pub(crate) fn user_by_email(&self, email: &str) -> Option<(&String, &User)> {
        self.users.iter().find(|(_, user)| user.email.eq_ignore_ascii_case(email))
    }

    /// Whether one of these users may still sign in.
    pub(crate) fn is_any_active(&self, users: &BTreeSet<String>) -> bool {
        users.iter().filter_map(|id| self.users.get(id)).any(|user| !user.is_disabled)
    }
}

impl Application {
    pub(crate) fn new(name: impl Into<String>, slug: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: slug.into(),
            users: BTreeSet::new(),
            permissions: BTreeSet::new(),
            roles: BTreeMap::new(),
            consumption: BTreeMap::new(),
        }
    }
}

impl User {
    pub(crate) fn new(email: impl Into<String>, password_hash: String) -> Self {
        Self {
            email: email.into(),
            password_hash,
            is_disabled: false,
            is_superadmin: false,
            second_factor: None,
            subscription: None,
        }
    }
}

impl Subscription {
    pub(crate) fn is_active(&self) -> bool {
        SystemTime::now() < self.ends
    }
}
