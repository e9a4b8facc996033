//! Who calls: a program with an API key, or a person with a session. Of both only digests are kept.

use std::fmt::Display;

use portcullis::{
    BoxError, Member,
    keys::{KeyDigest, KeySource, StoredKey},
};
use rusqlite::OptionalExtension;

use crate::store::Store;

#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) id: i64,
    pub(crate) tenant: String,
    pub(crate) is_session: bool,
    scopes: String,
}

impl Caller {
    pub(crate) fn may(&self, scope: &str) -> bool {
        self.scopes.split(' ').any(|granted| granted == scope)
    }
}

impl Member for Caller {
    type Tenant = String;

    fn belongs_to(&self, tenant: &String) -> bool {
        self.tenant == *tenant
    }

    fn name(&self) -> impl Display {
        self.id
    }
}

impl KeySource for Store {
    type Principal = Caller;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<Caller>>, BoxError> {
        self.run(move |database| {
            let select = "SELECT id, tenant, is_session, scopes, is_revoked FROM credentials \
                          WHERE digest = ?1";
            let found = database.query_row(select, [digest.as_bytes()], |row| {
                let id = row.get(0)?;
                let (tenant, is_session, scopes) = (row.get(1)?, row.get(2)?, row.get(3)?);
                let key = StoredKey::new(id, Caller { id, tenant, is_session, scopes });
                Ok(if row.get(4)? { key.revoked() } else { key })
            });
            found.optional()
        })
        .await
    }
}
