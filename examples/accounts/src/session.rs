use std::time::Duration;

use axum::{
    http::header::SET_COOKIE,
    response::{AppendHeaders, IntoResponse},
};
use portcullis::{ApiError, extract::Json};
use serde::Serialize;

use crate::accounts::{AccountId, Accounts};

/// Only this very host can set a cookie by such a name.
pub(crate) const COOKIE: &str = "__Host-aius_session";

const LIFETIME: Duration = Duration::from_secs(12 * 3_600);

#[derive(Serialize)]
struct SignedIn {
    account: u64,
    name: String,
}

/// Signs somebody in.
///
/// Another site cannot send the cookie along (`SameSite`), nor JSON without a preflight.
pub(crate) fn begin(
    accounts: &Accounts,
    account: AccountId,
) -> Result<impl IntoResponse + use<>, ApiError> {
    let mut book = accounts.book()?;
    let id = book.new_id();
    let name = book.accounts.get(&account).map(|it| it.name.clone()).unwrap_or_default();
    let secret = accounts.sessions.issue(id.to_string(), account, LIFETIME)?;
    let cookie = format!(
        "{COOKIE}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax",
        secret.secret(),
        LIFETIME.as_secs()
    );
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Json(SignedIn { account: account.0, name })))
}
