use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use portcullis::{
    BoxError,
    keys::{KeyDigest, KeySource, StoredKey},
};
use rusqlite::{Connection, OptionalExtension, params};
use tokio::task::spawn_blocking;

/// Whose a key is, and what it was granted.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) name: String,
    scopes: String,
}

impl Owner {
    pub(crate) fn may(&self, scope: &str) -> bool {
        self.scopes.split(' ').any(|granted| granted == scope)
    }
}

/// The keys, in a file or in memory.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS api_keys (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
        owner TEXT NOT NULL,
        scopes TEXT NOT NULL,
        expires_at INTEGER,
        is_revoked INTEGER NOT NULL DEFAULT 0
    )";

impl Store {
    pub(crate) fn open(file: Option<String>) -> Result<Self, rusqlite::Error> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute(TABLE, [])?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Stores a key's digest, and says what the key is called from now on.
    pub(crate) async fn add(
        &self,
        owner: &str,
        scopes: &[&str],
        digest: KeyDigest,
    ) -> Result<i64, BoxError> {
        let (owner, scopes) = (owner.to_owned(), scopes.join(" "));
        self.run(move |connection| {
            let insert = "INSERT INTO api_keys (digest, owner, scopes) VALUES (?1, ?2, ?3)";
            connection.execute(insert, params![digest.as_bytes(), owner, scopes])?;
            Ok(connection.last_insert_rowid())
        })
        .await
    }

    /// Takes a key of this owner's back, if there is one by this id.
    pub(crate) async fn revoke(&self, owner: &str, id: i64) -> Result<bool, BoxError> {
        let owner = owner.to_owned();
        self.run(move |connection| {
            let update = "UPDATE api_keys SET is_revoked = 1 WHERE id = ?1 AND owner = ?2";
            connection.execute(update, params![id, owner]).map(|rows| rows == 1)
        })
        .await
    }

    /// SQLite blocks, so it is asked on a thread that may be blocked.
    async fn run<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, BoxError> {
        let connection = Arc::clone(&self.0);
        let asked =
            spawn_blocking(move || ask(&connection.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(asked.await??)
    }
}

impl KeySource for Store {
    type Principal = Owner;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<Owner>>, BoxError> {
        self.run(move |connection| {
            let select = "SELECT id, owner, scopes, expires_at, is_revoked FROM api_keys \
                          WHERE digest = ?1";
            let found = connection.query_row(select, [digest.as_bytes()], |row| {
                let owner = Owner { name: row.get(1)?, scopes: row.get(2)? };
                let end = row.get::<_, Option<u32>>(3)?.map(time);
                let key = StoredKey::new(row.get::<_, i64>(0)?, owner).expires_at(end);
                Ok(if row.get(4)? { key.revoked() } else { key })
            });
            found.optional()
        })
        .await
    }
}

fn time(seconds: u32) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.into())
}
