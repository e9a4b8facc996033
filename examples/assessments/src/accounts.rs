//! People with a password, and how they become callers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use portcullis::{
    ApiError, BoxError,
    keys::{ApiKeys, KeyDigest, KeyFormat, MemoryKeys, NewKey, StoredKey},
};
use uuid::Uuid;

use crate::{
    caller::{self, Caller, Keys, Role},
    password,
    second_factor::SecondFactor,
};

/// How long a session is good.
pub(crate) const SESSION: Duration = Duration::from_secs(3_600);

/// How long somebody may look for the code of the second factor.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) struct Account {
    email: &'static str,
    pub(crate) password_hash: String,
    pub(crate) is_verified: bool,
    pub(crate) second_factor: Option<SecondFactor>,
}

/// The accounts, and all credentials that are good: API keys, and what is handed out at sign-in.
#[derive(Clone)]
pub(crate) struct Accounts(Arc<Shared>);

struct Shared {
    accounts: Vec<Arc<Account>>,
    half_in: Mutex<HashMap<KeyDigest, (Arc<Account>, Instant)>>,
    keys: Keys,
    stored: MemoryKeys<Caller>,
}

impl Accounts {
    pub(crate) fn demo() -> Result<Self, BoxError> {
        let password_hash = password::hash("correct horse 7!")?;
        let account = |email, is_verified, second_factor| {
            let password_hash = password_hash.clone();
            Arc::new(Account { email, password_hash, is_verified, second_factor })
        };
        let totp = SecondFactor::new("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")?;
        let accounts = vec![
            account("pending@north.test", false, None),
            account("totp@north.test", true, Some(totp)),
        ];

        let stored = MemoryKeys::new();
        let keys = ApiKeys::new(KeyFormat::new("as_").with_foreign_keys(), stored.clone());
        caller::add_demo(&stored, &keys);
        let half_in = Mutex::default();
        Ok(Self(Arc::new(Shared { accounts, half_in, keys, stored })))
    }

    pub(crate) fn keys(&self) -> Keys {
        self.0.keys.clone()
    }

    pub(crate) fn find(&self, email: &str) -> Option<Arc<Account>> {
        self.0.accounts.iter().find(|account| account.email.eq_ignore_ascii_case(email)).cloned()
    }

    /// Makes credentials of somebody who is in.
    pub(crate) fn let_in(&self, account: &Account) -> Result<NewKey, ApiError> {
        let token = self.0.keys.generate().map_err(ApiError::unavailable)?;
        let caller = Caller { name: account.email, organisation: "north", role: Role::Viewer };
        let session = StoredKey::new(Uuid::new_v4().to_string(), caller);
        self.0.stored.insert(token.digest(), session.expires_at(SystemTime::now() + SESSION));
        Ok(token)
    }

    /// Remembers who has shown a password, and still has to show a code.
    pub(crate) fn let_half_in(&self, account: Arc<Account>) -> Result<NewKey, ApiError> {
        let token = self.0.keys.generate().map_err(ApiError::unavailable)?;
        let now = Instant::now();
        let mut half_in = self.0.half_in.lock().unwrap_or_else(PoisonError::into_inner);
        half_in.retain(|_, (_, ends)| now < *ends);
        half_in.insert(token.digest(), (account, now + PATIENCE));
        Ok(token)
    }

    /// Whose token this is. It is good for one code, right or wrong.
    pub(crate) fn half_in(&self, token: &str) -> Option<Arc<Account>> {
        let digest = self.0.keys.digest(token);
        let mut half_in = self.0.half_in.lock().unwrap_or_else(PoisonError::into_inner);
        let (account, ends) = half_in.remove(&digest)?;
        (Instant::now() < ends).then_some(account)
    }
}
