//! Personal tokens, which people make in a session for what runs without them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use portcullis::{ApiError, Principal, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountId, Accounts},
    body::Body,
    catalogue::NOT_FOUND,
};

#[derive(Deserialize)]
pub(crate) struct NewToken {
    token_name: Option<String>,
}

/// A token as it is shown this once.
#[derive(Serialize)]
pub(crate) struct Made {
    id: u64,
    token_name: String,
    token: String,
}

pub(crate) async fn make(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Json<Made>), ApiError> {
    let token_name = new.token_name.filter(|name| !name.trim().is_empty());
    let token_name =
        token_name.ok_or_else(|| ApiError::bad_request().with_message("token_name is required"))?;
    let mut book = accounts.book()?;
    let id = book.new_id();
    let secret = accounts.tokens.issue(id.to_string(), caller, None)?;
    book.tokens.insert(id, caller);
    Ok((StatusCode::CREATED, Json(Made { id, token_name, token: secret.secret().to_owned() })))
}

pub(crate) async fn revoke(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Path(id): Path<u64>,
) -> Result<StatusCode, ApiError> {
    let mut book = accounts.book()?;
    if book.tokens.get(&id) != Some(&caller) {
        return Err(NOT_FOUND.into());
    }
    book.tokens.remove(&id);
    accounts.tokens.revoke(&id.to_string().into());
    Ok(StatusCode::NO_CONTENT)
}
