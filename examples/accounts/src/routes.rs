//! The service's routes, by what a caller needs for them.

use axum::{
    Router,
    routing::{delete, get, post},
};

use crate::{accounts::Accounts, billing, clients, second_factor, sign_in, sign_up, tokens};

pub(crate) fn for_everybody() -> Router<Accounts> {
    Router::new()
        .route("/v1/auth/register", post(sign_up::register))
        .route("/v1/auth/login", post(sign_in::login))
        .route("/v1/auth/2fa/verify", post(sign_in::verify))
}

pub(crate) fn for_sessions() -> Router<Accounts> {
    Router::new()
        .route("/v1/tokens", post(tokens::make))
        .route("/v1/tokens/{id}", delete(tokens::revoke))
}

pub(crate) fn for_tokens() -> Router<Accounts> {
    Router::new()
        .route("/v1/2fa/setup", post(second_factor::setup))
        .route("/v1/2fa/enable", post(second_factor::enable))
        .route("/v1/2fa/disable", post(second_factor::disable))
        .route("/v1/clients", post(clients::create))
        .route("/v1/clients/{client}/members", post(clients::admit))
        .route("/v1/clients/{client}/projects", get(clients::projects).post(clients::start))
        .route("/v1/projects/{project}", get(clients::project))
        .route("/v1/usage", get(billing::usage))
}
