//! Security assessments of several organisations, in memory, none of which can tell that another has
//! one.
//!
//! `gate.rs` is all of Portcullis that stands in front; the rest is the service itself.

mod accounts;
mod assessment;
mod assessments;
mod caller;
mod findings;
mod gate;
mod password;
mod preconditions;
mod records;
mod routes;
mod second_factor;
mod sign_in;
#[cfg(test)]
mod tests;

use std::{
    env, fmt,
    io::{self, Write},
    net::SocketAddr,
    str::FromStr,
};

use portcullis::{BoxError, Quota};
use routes::Service;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let limits = gate::Limits {
        address: setting("IP_LIMIT")?.unwrap_or(Quota::per_minute(1_000)),
        key: setting("KEY_LIMIT")?.unwrap_or(Quota::per_minute(300)),
    };
    let app = gate::protect(Service::demo()?, &limits);

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
