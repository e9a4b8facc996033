use std::mem;

use axum::{extract::State, http::StatusCode};
use portcullis::{ApiError, Principal, extract::Json, keys::NewKey};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountId, Accounts},
    body::Body,
    catalogue::*,
    one_time::{Generator, TwoFactor},
};

/// How many codes there are for the day when the generator is lost.
const RECOVERY_CODES: usize = 8;

#[derive(Serialize)]
pub(crate) struct Started {
    secret: String,
}

/// Makes the secret that both sides share. It is on once `enable` has seen a code of it.
pub(crate) async fn setup(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
) -> Result<Json<Started>, ApiError> {
    let mut book = accounts.book()?;
    let account = book.accounts.get_mut(&caller).ok_or(USER_NOT_FOUND)?;
    if let TwoFactor::On { .. } = account.two_factor {
        return Err(TWO_FACTOR_ALREADY_ENABLED.into());
    }
    let generator = Generator::new().map_err(ApiError::internal)?;
    let secret = generator.secret();
    account.two_factor = TwoFactor::Started(generator);
    Ok(Json(Started { secret }))
}

#[derive(Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    code: String,
}

#[derive(Serialize)]
pub(crate) struct Enabled {
    recovery_codes: Vec<String>,
}

pub(crate) async fn enable(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Body(shown): Body<Shown>,
) -> Result<Json<Enabled>, ApiError> {
    let codes: Result<Vec<_>, _> = (0..RECOVERY_CODES).map(|_| accounts.once.generate()).collect();
    let codes = codes.map_err(ApiError::internal)?;
    let mut book = accounts.book()?;
    let two_factor = &mut book.accounts.get_mut(&caller).ok_or(USER_NOT_FOUND)?.two_factor;
    match mem::replace(two_factor, TwoFactor::Off) {
        TwoFactor::Off => return Err(TWO_FACTOR_NOT_STARTED.into()),
        on @ TwoFactor::On { .. } => {
            *two_factor = on;
            return Err(TWO_FACTOR_ALREADY_ENABLED.into());
        }
        TwoFactor::Started(mut generator) => {
            if !generator.accepts(&shown.code) {
                *two_factor = TwoFactor::Started(generator);
                return Err(INVALID_CODE.into());
            }
            let recovery = codes.iter().map(NewKey::digest).collect();
            *two_factor = TwoFactor::On { generator, recovery };
        }
    }
    let recovery_codes = codes.iter().map(|code| code.secret().to_owned()).collect();
    Ok(Json(Enabled { recovery_codes }))
}

pub(crate) async fn disable(
    State(accounts): State<Accounts>,
    Principal(caller): Principal<AccountId>,
    Body(shown): Body<Shown>,
) -> Result<StatusCode, ApiError> {
    let digest = accounts.once.digest(&shown.code);
    let mut book = accounts.book()?;
    let two_factor = &mut book.accounts.get_mut(&caller).ok_or(USER_NOT_FOUND)?.two_factor;
    if !matches!(two_factor, TwoFactor::On { .. }) {
        return Err(TWO_FACTOR_NOT_ENABLED.into());
    }
    if !two_factor.accepts(&shown.code, &digest) {
        return Err(INVALID_CODE.into());
    }
    *two_factor = TwoFactor::Off;
    Ok(StatusCode::NO_CONTENT)
}
