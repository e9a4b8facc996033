use axum::{extract::State, http::StatusCode};
use portcullis::{ApiError, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Account, AccountId, Accounts},
    body::{Body, required},
    catalogue::*,
    one_time::TwoFactor,
    password,
};

#[derive(Deserialize)]
pub(crate) struct Registration {
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Registered {
    id: u64,
    name: String,
    email: String,
}

pub(crate) async fn register(
    State(accounts): State<Accounts>,
    Body(registration): Body<Registration>,
) -> Result<(StatusCode, Json<Registered>), ApiError> {
    let name = required(registration.name, MISSING_NAME)?;
    let email = required(registration.email, MISSING_EMAIL)?;
    let password = required(registration.password, MISSING_PASSWORD)?;
    if !is_address(&email) {
        return Err(INVALID_EMAIL.into());
    }
    if !password::is_strong(&password) {
        return Err(PASSWORD_TOO_WEAK.into());
    }
    let password_hash = password::hash(password).await.map_err(unforeseen)?;

    let mut book = accounts.book().map_err(unforeseen)?;
    if book.account_by_email(&email).is_some() {
        return Err(EMAIL_ALREADY_EXISTS.into());
    }
    let id = book.new_id();
    let registered = Registered { id, name: name.clone(), email: email.clone() };
    let account = Account { name, email, password_hash, two_factor: TwoFactor::Off };
    book.accounts.insert(AccountId(id), account);
    Ok((StatusCode::CREATED, Json(registered)))
}

/// The cause is for the logs.
fn unforeseen(cause: ApiError) -> ApiError {
    ApiError::from(REGISTRATION_FAILED).with_source(cause)
}

/// Whether mail could be sent there: more than that only mail can tell.
fn is_address(email: &str) -> bool {
    let mut parts = email.split('@');
    let [name, host, rest] = [(); 3].map(|()| parts.next());
    let is_there = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
    is_there(name) && is_there(host) && rest.is_none() && !email.contains(char::is_whitespace)
}
