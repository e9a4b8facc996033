//! A directory of applications, roles, subscriptions and users, in memory. Whatever goes wrong, the
//! caller gets `{"error":{"code":…,"message":…}}` with a code of `catalogue.rs`.
//!
//! `gate.rs` is all that stands between the routes and the world; the rest is the service itself.

mod applications;
mod catalogue;
mod demo;
mod gate;
mod invalid;
mod password;
mod records;
mod roles;
mod routes;
mod second_factor;
mod sign_in;
mod subscriptions;
#[cfg(test)]
mod tests;
mod users;

use std::{
    env, fmt,
    io::{self, Write},
    net::SocketAddr,
    str::FromStr,
};

use portcullis::{BoxError, Quota};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let login_limit = setting("LOGIN_LIMIT")?.unwrap_or(Quota::per_minute(5));
    let (directory, tokens) = demo::directory()?;
    let app = gate::protect(directory, tokens, login_limit);

    let port = setting("PORT")?.unwrap_or(3000);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// What the environment says by this name, if it says anything.
fn setting<T: FromStr<Err: fmt::Display>>(name: &str) -> Result<Option<T>, String> {
    let Ok(text) = env::var(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| format!("{name} is {text:?}: {error}"))
}
