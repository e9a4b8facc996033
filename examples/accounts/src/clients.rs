//! Clients, whose members work on projects.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use portcullis::{ApiError, Principal, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountId, Accounts, Book, Client, Project},
    body::{Body, required},
    catalogue::*,
};

#[derive(Deserialize)]
pub(crate) struct New {
    name: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Shown {
    id: String,
    name: String,
}

/// A client of the caller's own.
pub(crate) async fn create(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Body(new): Body<New>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let name = required(new.name, MISSING_NAME)?;
    let mut book = accounts.book()?;
    let id = format!("c{}", book.new_id());
    book.clients.insert(id.clone(), Client { members: [caller].into() });
    Ok((StatusCode::CREATED, Json(Shown { id, name })))
}

#[derive(Deserialize)]
pub(crate) struct NewMember {
    email: Option<String>,
}

/// Lets somebody else work for a client.
pub(crate) async fn admit(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Path(client): Path<String>,
    Body(new): Body<NewMember>,
) -> Result<StatusCode, ApiError> {
    let email = required(new.email, MISSING_EMAIL)?;
    let mut book = accounts.book()?;
    check(&book, &client, caller)?;
    let (member, _) = book.account_by_email(&email).ok_or(USER_NOT_FOUND)?;
    book.clients.entry(client).or_default().members.insert(member);
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn projects(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Path(client): Path<String>,
) -> Result<Json<Vec<Shown>>, ApiError> {
    let book = accounts.book()?;
    check(&book, &client, caller)?;
    let of_client = book.projects.iter().filter(|(_, project)| project.client == client);
    Ok(Json(of_client.map(|(id, project)| shown(id, project)).collect()))
}

/// A project for a client.
pub(crate) async fn start(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Path(client): Path<String>,
    Body(new): Body<New>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let name = required(new.name, PROJECT_NAME)?;
    let mut book = accounts.book()?;
    check(&book, &client, caller)?;
    let id = format!("p{}", book.new_id());
    let project = Project { name, client };
    let shown = shown(&id, &project);
    book.projects.insert(id, project);
    Ok((StatusCode::CREATED, Json(shown)))
}

pub(crate) async fn project(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Path(id): Path<String>,
) -> Result<Json<Shown>, ApiError> {
    let book = accounts.book()?;
    let project = book.projects.get(&id).ok_or(NOT_FOUND)?;
    check(&book, &project.client, caller)?;
    Ok(Json(shown(&id, project)))
}

/// Whether the caller belongs to a client; nobody belongs to one that there is not.
fn check(book: &Book, client: &str, caller: AccountId) -> Result<(), ApiError> {
    match book.clients.get(client) {
        Some(client) if client.members.contains(&caller) => Ok(()),
        _ => Err(NO_ACCESS.into()),
    }
}

fn shown(id: &str, project: &Project) -> Shown {
    Shown { id: id.to_owned(), name: project.name.clone() }
}
