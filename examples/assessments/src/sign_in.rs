use axum::extract::State;
use portcullis::{ApiError, extract::Json, keys::NewKey};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Accounts, SESSION},
    gate::EMAIL_NOT_VERIFIED,
    password,
};

#[derive(Deserialize)]
pub(crate) struct Attempt {
    email: String,
    password: String,
}

#[derive(Deserialize)]
pub(crate) struct SecondAttempt {
    partial_token: String,
    code: String,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    In { access_token: String, expires_in: u64 },
    SecondFactorDue { requires_2fa: bool, partial_token: String },
}

/// The first step, and the only one without a second factor.
pub(crate) async fn login(
    State(accounts): State<Accounts>,
    Json(attempt): Json<Attempt>,
) -> Result<Json<Answer>, ApiError> {
    let account = accounts.find(&attempt.email);
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let is_right = password::is_right(attempt.password, hash).await?;
    let account =
        account.filter(|_| is_right).ok_or_else(|| wrong("e-mail address or password"))?;
    if !account.is_verified {
        return Err(EMAIL_NOT_VERIFIED.into());
    }
    if account.second_factor.is_none() {
        return Ok(Json(Answer::of(&accounts.let_in(&account)?)));
    }
    let partial_token = accounts.let_half_in(account)?.secret().to_owned();
    Ok(Json(Answer::SecondFactorDue { requires_2fa: true, partial_token }))
}

/// The second step.
pub(crate) async fn second_factor(
    State(accounts): State<Accounts>,
    Json(attempt): Json<SecondAttempt>,
) -> Result<Json<Answer>, ApiError> {
    let account = accounts.half_in(&attempt.partial_token);
    let account = account
        .filter(|it| it.second_factor.as_ref().is_some_and(|it| it.accepts(&attempt.code)))
        .ok_or_else(|| wrong("code"))?;
    Ok(Json(Answer::of(&accounts.let_in(&account)?)))
}

impl Answer {
    fn of(token: &NewKey) -> Self {
        Self::In { access_token: token.secret().to_owned(), expires_in: SESSION.as_secs() }
    }
}

fn wrong(what: &str) -> ApiError {
    ApiError::unauthorized().with_message(format!("Wrong {what}"))
}
