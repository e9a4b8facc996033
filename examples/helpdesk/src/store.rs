use std::sync::{Arc, Mutex, PoisonError};

use portcullis::BoxError;
use rusqlite::Connection;
use tokio::task::spawn_blocking;

/// Everything that the desk keeps, in a file or in memory.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Opens the file, or a store in memory without one. A new store has the demo's rows.
    pub(crate) fn open(file: Option<String>) -> rusqlite::Result<Self> {
        let mut database = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        let begin = database.transaction()?;
        if begin.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))? == 0 {
            begin.execute_batch(include_str!("schema.sql"))?;
        }
        begin.commit()?;
        Ok(Self(Arc::new(Mutex::new(database))))
    }

    /// SQLite blocks, so it is asked on a thread that may be blocked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BoxError> {
        let database = Arc::clone(&self.0);
        let asked = spawn_blocking(move || {
            ask(&mut database.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(asked.await??)
    }
}
