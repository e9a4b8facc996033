use std::time::{Duration, Instant};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use portcullis::{ApiError, extract::Json};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountId, Accounts},
    body::{Body, required},
    catalogue::*,
    one_time::TwoFactor,
    password, session,
};

/// Somebody who knew the password, and has not shown the second factor yet.
pub(crate) struct Challenge {
    account: AccountId,
    ends: Instant,
    attempts_left: u8,
}

/// How long a challenge waits for its code, and for how many.
const PATIENCE: Duration = Duration::from_secs(300);
const ATTEMPTS: u8 = 5;

#[derive(Deserialize)]
pub(crate) struct Credentials {
    email: Option<String>,
    password: Option<String>,
}

#[derive(Serialize)]
struct Challenged {
    requires_2fa: bool,
    challenge: String,
}

/// A session, or a challenge where a second factor is on.
pub(crate) async fn login(
    State(accounts): State<Accounts>,
    Body(credentials): Body<Credentials>,
) -> Result<Response, ApiError> {
    let email = required(credentials.email, MISSING_EMAIL)?;
    let password = required(credentials.password, MISSING_PASSWORD)?;
    let known = accounts.book()?.account_by_email(&email).map(|(id, account)| {
        let has_second = matches!(account.two_factor, TwoFactor::On { .. });
        ((id, has_second), account.password_hash.clone())
    });
    let (known, hash) = known.unzip();
    let is_right = password::is_right(password, hash).await?;
    let (account, has_second) = known.filter(|_| is_right).ok_or(INVALID_CREDENTIALS)?;
    if !has_second {
        return Ok(session::begin(&accounts, account)?.into_response());
    }

    let secret = accounts.once.generate().map_err(ApiError::internal)?;
    let challenge = Challenge { account, ends: Instant::now() + PATIENCE, attempts_left: ATTEMPTS };
    let mut book = accounts.book()?;
    book.challenges.retain(|_, challenge| Instant::now() < challenge.ends);
    book.challenges.insert(secret.digest(), challenge);
    let challenge = secret.secret().to_owned();
    Ok(Json(Challenged { requires_2fa: true, challenge }).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    challenge: Option<String>,
    code: Option<String>,
}

/// A session for who answers a challenge with a code of now, or with one that was kept for the day
/// when the generator is lost.
pub(crate) async fn verify(
    State(accounts): State<Accounts>,
    Body(answer): Body<Answer>,
) -> Result<impl IntoResponse, ApiError> {
    let challenge = required(answer.challenge, INVALID_CHALLENGE)?;
    let code = required(answer.code, INVALID_CODE_AT_SIGN_IN)?;
    let account = answered(&accounts, &challenge, &code)?;
    session::begin(&accounts, account)
}

/// Whose challenge it is, if this is the code. A challenge is answered once.
fn answered(accounts: &Accounts, challenge: &str, code: &str) -> Result<AccountId, ApiError> {
    let [digest, recovery] = [challenge, code].map(|text| accounts.once.digest(text));
    let mut book = accounts.book()?;
    let mut challenge = book.challenges.remove(&digest).ok_or(INVALID_CHALLENGE)?;
    if Instant::now() >= challenge.ends || challenge.attempts_left == 0 {
        return Err(INVALID_CHALLENGE.into());
    }
    let id = challenge.account;
    let account = book.accounts.get_mut(&id).ok_or(INVALID_CHALLENGE)?;
    if account.two_factor.accepts(code, &recovery) {
        return Ok(id);
    }
    challenge.attempts_left -= 1;
    book.challenges.insert(digest, challenge);
    Err(INVALID_CODE_AT_SIGN_IN.into())
}
