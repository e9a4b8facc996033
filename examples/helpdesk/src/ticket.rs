//! A ticket, and how it is found and kept.

use portcullis::{BoxError, InvalidId, Issue, PathParameters, Resource};
use rusqlite::{
    OptionalExtension, Row, ToSql, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

use crate::{caller::Caller, store::Store};

#[derive(Serialize)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    #[serde(skip)]
    tenant: String,
    subject: String,
    priority: Priority,
}

#[derive(Deserialize)]
pub(crate) struct Draft {
    pub(crate) subject: String,
    priority: Priority,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Priority {
    Low,
    Medium,
    High,
    Urgent,
}

/// The idempotency key has opened another ticket.
pub(crate) struct Reused;

impl Resource for Ticket {
    type Principal = Caller;
    type State = Store;
    type Id = i64;
    type Error = BoxError;

    const NOUN: &str = "Ticket";

    fn id(path: &PathParameters<'_>) -> Result<i64, InvalidId> {
        path.parse("ticket_id").map_err(|invalid| {
            invalid.told(Issue::new(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            ))
        })
    }

    async fn load(store: Store, id: i64, _: &Caller) -> Result<Option<Self>, BoxError> {
        let select = "SELECT id, tenant, subject, priority FROM tickets WHERE id = ?1";
        store.run(move |database| database.query_row(select, [id], Self::read).optional()).await
    }

    fn owner(&self) -> &String {
        &self.tenant
    }
}

impl Ticket {
    pub(crate) async fn of(tenant: String, store: &Store) -> Result<Vec<Self>, BoxError> {
        let select = "SELECT id, tenant, subject, priority FROM tickets WHERE tenant = ?1 \
                      ORDER BY id";
        store
            .run(move |database| {
                database.prepare(select)?.query_map([tenant], Self::read)?.collect()
            })
            .await
    }

    /// Opens a ticket, or finds the one that this tenant has opened under the same key.
    pub(crate) async fn open(
        tenant: String,
        key: Option<String>,
        draft: Draft,
        store: &Store,
    ) -> Result<Result<Self, Reused>, BoxError> {
        const FIND: &str = "SELECT id, tenant, subject, priority FROM openings \
                            WHERE tenant = ?1 AND idempotency_key = ?2";
        const OPEN: &str = "INSERT INTO tickets (tenant, subject, priority) VALUES (?1, ?2, ?3)";
        const REMEMBER: &str = "INSERT INTO openings \
                                (tenant, idempotency_key, id, subject, priority) \
                                VALUES (?1, ?2, ?3, ?4, ?5)";
        store
            .run(move |database| {
                let Draft { subject, priority } = draft;
                let begin = database.transaction()?;
                if let Some(key) = &key
                    && let Some(earlier) =
                        begin.query_row(FIND, [&tenant, key], Self::read).optional()?
                {
                    let is_same = earlier.subject == subject && earlier.priority == priority;
                    return Ok(if is_same { Ok(earlier) } else { Err(Reused) });
                }
                begin.execute(OPEN, params![tenant, subject, priority])?;
                let id = begin.last_insert_rowid();
                if let Some(key) = key {
                    begin.execute(REMEMBER, params![tenant, key, id, subject, priority])?;
                }
                begin.commit()?;
                Ok(Ok(Self { id, tenant, subject, priority }))
            })
            .await
    }

    pub(crate) async fn delete(&self, store: &Store) -> Result<(), BoxError> {
        let id = self.id;
        let delete = "DELETE FROM tickets WHERE id = ?1";
        store.run(move |database| database.execute(delete, [id]).map(drop)).await
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (id, tenant) = (row.get(0)?, row.get(1)?);
        Ok(Self { id, tenant, subject: row.get(2)?, priority: row.get(3)? })
    }
}

impl ToSql for Priority {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let name = match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        };
        Ok(name.into())
    }
}

impl FromSql for Priority {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "low" => Ok(Self::Low),
            "medium" => Ok(Self::Medium),
            "high" => Ok(Self::High),
            "urgent" => Ok(Self::Urgent),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
