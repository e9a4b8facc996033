//! What nobody needs a token for: getting one, and setting another password.

use std::time::{Duration, SystemTime};

use axum::{Extension, Router, extract::State, http::StatusCode, routing::post};
use portcullis::{ApiError, extract::Json, keys::StoredKey};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::*,
    password,
    records::{Caller, Directory, Tokens},
};

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(3_600);

pub(crate) fn login(tokens: Tokens) -> Router<Directory> {
    Router::new().route("/login", post(sign_in).layer(Extension(tokens)))
}

pub(crate) fn password_reset(tokens: Tokens) -> Router<Directory> {
    Router::new().route("/password-reset", post(reset).layer(Extension(tokens)))
}

#[derive(Deserialize)]
struct Attempt {
    email: String,
    password: String,
    /// Of the second factor, where the user has one.
    code: Option<String>,
}

#[derive(Serialize)]
struct SignedIn {
    token: String,
    expires_in: u64,
}

async fn sign_in(
    State(directory): State<Directory>,
    Extension(tokens): Extension<Tokens>,
    Json(attempt): Json<Attempt>,
) -> Result<Json<SignedIn>, ApiError> {
    let known = directory
        .records()?
        .user_by_email(&attempt.email)
        .map(|(id, user)| (id.clone(), user.password_hash.clone()));
    let (id, hash) = known.unzip();
    let is_right = password::is_right(attempt.password, hash).await?;

    let mut records = directory.records()?;
    let user = id.filter(|_| is_right).and_then(|id| records.users.get_mut(&id));
    let user = user.ok_or(AUTH_003)?;
    if user.is_disabled {
        return Err(AUTH_006.into());
    }
    if let Some(second_factor) = &mut user.second_factor {
        let code = attempt.code.ok_or(AUTH_004)?;
        if !second_factor.accepts(&code) {
            return Err(AUTH_005.into());
        }
    }

    let caller = Caller { is_manager: user.is_superadmin, is_client: false };
    let token = tokens.generate().map_err(ApiError::internal)?;
    let stored = StoredKey::new(records.new_id('t'), caller);
    let stored = stored.expires_at(SystemTime::now() + LIFETIME);
    records.tokens.insert(token.digest(), stored);
    Ok(Json(SignedIn { token: token.secret().to_owned(), expires_in: LIFETIME.as_secs() }))
}

#[derive(Deserialize)]
struct NewPassword {
    token: String,
    password: String,
}

async fn reset(
    State(directory): State<Directory>,
    Extension(tokens): Extension<Tokens>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, ApiError> {
    if !password::is_strong(&new.password) {
        return Err(AUTH_009.into());
    }
    let digest = tokens.digest(&new.token);
    let reset = directory.records()?.resets.remove(&digest);
    let reset = reset.filter(|reset| SystemTime::now() < reset.ends).ok_or(AUTH_008)?;
    let hash = password::hash(new.password).await?;

    let mut records = directory.records()?;
    let user = records.users.get_mut(&reset.user).ok_or(AUTH_008)?;
    user.password_hash = hash;
    Ok(StatusCode::NO_CONTENT)
}
