//! The whole stack, outside the router, and in the handler a `Visible`: a row of one's own, another
//! tenant's, and none.

use std::{convert::Infallible, fmt::Display};

use axum::{Router, routing::get};
use http::StatusCode;
use portcullis::{InvalidId, Member, PathParameters, Resource, Visible};

use super::{
    OK, Place,
    account::{Account, COUNT},
    quotas, stack,
};
use crate::{case::Case, request::Caller};

/// What a load comes to, whatever is asked for.
#[derive(Clone, Copy)]
pub(super) enum Table {
    Own,
    Foreign,
    Empty,
}

struct Row {
    owner: u64,
}

impl Member for Account {
    type Tenant = u64;

    fn belongs_to(&self, owner: &u64) -> bool {
        self.id == *owner
    }

    fn name(&self) -> impl Display {
        self.id
    }
}

impl Resource for Row {
    type Principal = Account;
    type State = Table;
    type Id = String;
    type Error = Infallible;

    const NOUN: &str = "Row";

    fn id(path: &PathParameters<'_>) -> Result<String, InvalidId> {
        path.parse("name")
    }

    async fn load(table: Table, _: String, _: &Account) -> Result<Option<Self>, Infallible> {
        Ok(match table {
            Table::Own => Some(Self { owner: COUNT }),
            Table::Foreign => Some(Self { owner: COUNT - 1 }),
            Table::Empty => None,
        })
    }

    fn owner(&self) -> &u64 {
        &self.owner
    }
}

pub(super) fn resolved(table: Table, caller: Caller) -> Case {
    let router = Router::new().route("/{name}", get(async |_: Visible<Row>| OK)).with_state(table);
    let expected = match table {
        Table::Own => stack::counted(StatusCode::OK).body(OK),
        Table::Foreign | Table::Empty => stack::not_found().body(r#"{"detail":"Row not found"}"#),
    };
    stack::stack(router, quotas::ADDRESS, quotas::CALLER, Place::Outside, caller, expected)
}
