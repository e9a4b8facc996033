//! A service whose users make, rotate and revoke their own API keys (`routes.rs`). Of a key nothing
//! but its digest is stored, in SQLite (`store.rs`), and what stands between the two is below.

mod routes;
mod store;

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
};

use portcullis::{
    Bearer, BoxError, Portcullis, Quota, RateLimit, Reason, Refusals,
    keys::{ApiKeys, KeyFormat},
};
use store::{Owner, Store};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let listener = TcpListener::bind(("127.0.0.1", port()?)).await?;
    let store = Store::open(env::var("DATABASE").ok())?;

    // A pepper lies somewhere else than the digests: in the environment, not in the database.
    let keys = ApiKeys::new(KeyFormat::new("acme_"), store.clone());
    let keys = match env::var("PEPPER") {
        Ok(pepper) => keys.with_pepper(pepper),
        Err(_) => keys,
    };
    let first = keys.generate()?;
    store.add("wile", &["keys"], first.digest()).await?;
    greet(listener.local_addr()?, first.secret())?;

    let refusals = Refusals::rfc6750()
        .with_realm("acme")
        .with_message(Reason::Unknown, "Invalid API key")
        .with_message(Reason::Revoked, "Invalid API key");
    let portcullis = Portcullis::new()
        .address_limit(RateLimit::by_address(Quota::per_minute(600)))
        .bearer(Bearer::new(keys.clone()).with_refusals(refusals.clone()))
        .caller_limit(RateLimit::by(Quota::per_minute(60), |owner: &Owner| &owner.name));
    let app = routes::of(keys, store, &refusals).layer(portcullis);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// `$PORT`, 3000 unless it is set; 0 picks a free one.
fn port() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| format!("PORT is {port:?}: use a number up to 65535")),
        Err(_) => Ok(3000),
    }
}

/// One write, so that whoever reads the first lines only and hangs up does not end the service.
fn greet(address: SocketAddr, key: &str) -> io::Result<()> {
    let origin = format!("http://{address}");
    let greeting = format!(
        "listening on {origin}
KEY={key}

  curl -i {origin}/whoami -H \"Authorization: Bearer $KEY\"
  # a second key for the same owner, shown once: both are good
  curl -i -X POST {origin}/keys -H \"Authorization: Bearer $KEY\"
  # the first is taken back, and the next request with it is a 401
  curl -i -X DELETE {origin}/keys/1 -H \"Authorization: Bearer $KEY\"
  # a mistyped key is refused without a look at the database
  curl -i {origin}/whoami -H \"Authorization: Bearer ${{KEY}}x\"

"
    );
    io::stdout().write_all(greeting.as_bytes())
}
