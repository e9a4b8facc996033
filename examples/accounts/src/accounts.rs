//! What the service knows, in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use portcullis::{
    ApiError,
    keys::{ApiKeys, KeyDigest, KeyFormat, MemoryKeys},
};

use crate::{one_time::TwoFactor, secrets::Secrets, sign_in::Challenge};

/// Whose session or token it is: what handlers find behind the gate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountId(pub(crate) u64);

#[derive(Clone)]
pub(crate) struct Accounts {
    pub(crate) sessions: Secrets,
    pub(crate) tokens: Secrets,
    /// Makes what is good once: challenges, recovery codes.
    pub(crate) once: ApiKeys<MemoryKeys<()>>,
    pub(crate) billing: Arc<str>,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
pub(crate) struct Book {
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    /// The tokens that were made and not taken back, and whose they are.
    pub(crate) tokens: BTreeMap<u64, AccountId>,
    pub(crate) challenges: HashMap<KeyDigest, Challenge>,
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) projects: BTreeMap<String, Project>,
    last_id: u64,
}

pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) password_hash: String,
    pub(crate) two_factor: TwoFactor,
}

/// Whom work is done for.
#[derive(Default)]
pub(crate) struct Client {
    pub(crate) members: BTreeSet<AccountId>,
}

pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) client: String,
}

impl Accounts {
    /// No account yet, and the client `acme`, whose project `p1` nobody works on.
    pub(crate) fn new(billing: String) -> Self {
        let mut book = Book { last_id: 1, ..Book::default() };
        let project = Project { name: "Rocket".to_owned(), client: "acme".to_owned() };
        book.clients.insert("acme".to_owned(), Client::default());
        book.projects.insert("p1".to_owned(), project);
        Self {
            sessions: Secrets::new("session_"),
            tokens: Secrets::new("aius_"),
            once: ApiKeys::new(KeyFormat::new("once_"), MemoryKeys::new()),
            billing: billing.into(),
            book: Arc::new(Mutex::new(book)),
        }
    }

    /// The whole book, for as long as nobody else wants it.
    ///
    /// Where a write died half-way nobody knows what was written, and nothing is read any more.
    pub(crate) fn book(&self) -> Result<MutexGuard<'_, Book>, ApiError> {
        self.book.lock().map_err(|_| ApiError::internal("a write to the book died half-way"))
    }
}

impl Book {
    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn account_by_email(&self, email: &str) -> Option<(AccountId, &Account)> {
        let mut accounts = self.accounts.iter();
        let found = accounts.find(|(_, account)| account.email.eq_ignore_ascii_case(email));
        found.map(|(id, account)| (*id, account))
    }
}
