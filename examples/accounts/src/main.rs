//! Accounts: registration, sessions, a second factor, personal tokens, and the clients and projects
//! that people work on. What has a code is told as `{"detail":{"code":…,"message":…}}`, what has
//! none as `{"detail":"text"}`.
//!
//! `gate.rs` is all that stands between the routes and the world; the rest is the service itself.

mod accounts;
mod billing;
mod body;
mod catalogue;
mod clients;
mod gate;
mod one_time;
mod password;
mod routes;
mod second_factor;
mod secrets;
mod session;
mod sign_in;
mod sign_up;
#[cfg(test)]
mod tests;
mod tokens;

use std::{
    env, fmt,
    io::{self, Write},
    net::SocketAddr,
    str::FromStr,
};

use accounts::Accounts;
use portcullis::{BoxError, Quota};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    // Nobody listens on the discard port, as a rule.
    let billing = setting("BILLING_URL")?.unwrap_or("http://127.0.0.1:9".to_owned());
    let ip_limit = setting("IP_LIMIT")?.unwrap_or(Quota::per_minute(1_000));
    let app = gate::protect(Accounts::new(billing), ip_limit);

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
