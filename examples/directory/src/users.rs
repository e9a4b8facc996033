//! Users, and the passwords that they have forgotten.

use std::time::{Duration, SystemTime};

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use portcullis::{
    ApiError, Issue,
    extract::{Json, Rules, Valid},
};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::*,
    invalid::invalid,
    password,
    records::{Directory, Reset, Tokens, User},
};

pub(crate) fn routes(tokens: Tokens) -> Router<Directory> {
    Router::new()
        .route("/users", post(create))
        .route("/users/{id}", get(read).delete(remove))
        .route("/users/{id}/password-reset", post(let_reset).layer(Extension(tokens)))
}

#[derive(Deserialize)]
struct NewUser {
    email: String,
    password: String,
}

impl Rules for NewUser {
    fn broken(&self) -> Vec<Issue> {
        let is_address = matches!(self.email.split_once('@'), Some((name, host))
            if !name.is_empty() && !host.is_empty() && !self.email.contains(char::is_whitespace));
        match is_address {
            true => Vec::new(),
            false => vec![Issue::new("email", "Input should be an e-mail address").at("email")],
        }
    }
}

#[derive(Serialize)]
struct Shown {
    id: String,
    email: String,
    is_disabled: bool,
    is_superadmin: bool,
}

impl Shown {
    fn of(id: &str, user: &User) -> Self {
        let User { email, is_disabled, is_superadmin, .. } = user;
        let (id, email) = (id.to_owned(), email.clone());
        Self { id, email, is_disabled: *is_disabled, is_superadmin: *is_superadmin }
    }
}

async fn create(
    State(directory): State<Directory>,
    new: Result<Valid<Json<NewUser>>, ApiError>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let Valid(Json(new)) = new.map_err(invalid(USR_003))?;
    if !password::is_strong(&new.password) {
        return Err(AUTH_009.into());
    }
    let user = User::new(new.email, password::hash(new.password).await?);
    let mut records = directory.records()?;
    if records.user_by_email(&user.email).is_some() {
        return Err(AUTH_010.into());
    }
    let id = records.new_id('u');
    let shown = Shown::of(&id, &user);
    records.users.insert(id, user);
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn read(
    State(directory): State<Directory>,
    Path(id): Path<String>,
) -> Result<Json<Shown>, ApiError> {
    let records = directory.records()?;
    Ok(Json(Shown::of(&id, records.users.get(&id).ok_or(USR_001)?)))
}

async fn remove(
    State(directory): State<Directory>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut records = directory.records()?;
    let user = records.users.get(&id).ok_or(USR_001)?;
    let superadmins = records.users.values().filter(|user| user.is_superadmin).count();
    if user.is_superadmin && superadmins == 1 {
        return Err(USR_002.into());
    }
    records.users.remove(&id);
    for application in records.applications.values_mut() {
        application.users.remove(&id);
        for holders in application.roles.values_mut() {
            holders.remove(&id);
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct ResetToken {
    token: String,
}

/// A token by which a user sets another password within the hour, for a manager to hand over.
async fn let_reset(
    State(directory): State<Directory>,
    Extension(tokens): Extension<Tokens>,
    Path(user): Path<String>,
) -> Result<(StatusCode, Json<ResetToken>), ApiError> {
    let token = tokens.generate().map_err(ApiError::internal)?;
    let mut records = directory.records()?;
    if !records.users.contains_key(&user) {
        return Err(USR_001.into());
    }
    let ends = SystemTime::now() + Duration::from_secs(3_600);
    records.resets.insert(token.digest(), Reset { user, ends });
    Ok((StatusCode::CREATED, Json(ResetToken { token: token.secret().to_owned() })))
}
