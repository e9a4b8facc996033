//! What an application's users may be, and do: roles and permissions.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use portcullis::{ApiError, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::*,
    invalid::invalid,
    records::{Application, Directory, Records},
};

pub(crate) fn routes() -> Router<Directory> {
    Router::new()
        .route("/applications/{id}/roles", post(create))
        .route("/applications/{id}/roles/{role}", get(read).delete(remove))
        .route("/applications/{id}/roles/{role}/users/{user}", put(assign))
        .route("/applications/{id}/permissions", post(define))
        .route("/applications/{id}/permissions/{permission}", get(read_permission))
}

/// A role, or a permission.
#[derive(Deserialize, Serialize)]
struct Named {
    name: String,
}

#[derive(Serialize)]
struct Role {
    name: String,
    users: BTreeSet<String>,
}

async fn create(
    State(directory): State<Directory>,
    Path(id): Path<String>,
    Json(role): Json<Named>,
) -> Result<(StatusCode, Json<Named>), ApiError> {
    let mut records = directory.records()?;
    let roles = &mut application(&mut records, &id)?.roles;
    if roles.contains_key(&role.name) {
        return Err(PERM_004.into());
    }
    roles.insert(role.name.clone(), BTreeSet::new());
    Ok((StatusCode::CREATED, Json(role)))
}

async fn read(
    State(directory): State<Directory>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Role>, ApiError> {
    let mut records = directory.records()?;
    let users = application(&mut records, &id)?.roles.get(&name).ok_or(PERM_002)?.clone();
    Ok(Json(Role { name, users }))
}

async fn remove(
    State(directory): State<Directory>,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    let users = application(&mut records, &id)?.roles.get(&name).ok_or(PERM_002)?.clone();
    if records.is_any_active(&users) {
        return Err(PERM_006.into());
    }
    application(&mut records, &id)?.roles.remove(&name);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a role to a user, who is let into the application where that is not so yet.
async fn assign(
    State(directory): State<Directory>,
    Path((id, role, user)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    let is_known = records.users.contains_key(&user);
    let application = application(&mut records, &id)?;
    let holders = application.roles.get_mut(&role).ok_or(PERM_002)?;
    if !is_known {
        return Err(USR_001.into());
    }
    holders.insert(user.clone());
    application.users.insert(user);
    Ok(StatusCode::NO_CONTENT)
}

async fn define(
    State(directory): State<Directory>,
    Path(id): Path<String>,
    permission: Result<Json<Named>, ApiError>,
) -> Result<(StatusCode, Json<Named>), ApiError> {
    let Json(permission) = permission.map_err(invalid(PERM_001))?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase());
    if !permission.name.split_once(':').is_some_and(|(on, may)| is_word(on) && is_word(may)) {
        return Err(PERM_001.into());
    }
    let mut records = directory.records()?;
    if !application(&mut records, &id)?.permissions.insert(permission.name.clone()) {
        return Err(PERM_005.into());
    }
    Ok((StatusCode::CREATED, Json(permission)))
}

async fn read_permission(
    State(directory): State<Directory>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Named>, ApiError> {
    let mut records = directory.records()?;
    match application(&mut records, &id)?.permissions.contains(&name) {
        true => Ok(Json(Named { name })),
        false => Err(PERM_003.into()),
    }
}

fn application<'a>(records: &'a mut Records, id: &str) -> Result<&'a mut Application, ApiError> {
    Ok(records.applications.get_mut(id).ok_or(APP_002)?)
}
