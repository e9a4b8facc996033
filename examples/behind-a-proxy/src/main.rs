//! A service behind a proxy, which admits five requests a minute from each client. Who is a client
//! depends on `TRUSTED_PROXIES`: see the README.

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::SocketAddr,
};

use axum::{Router, routing::get};
use portcullis::{Address, NotANetwork, Portcullis, Quota, RateLimit, Trust};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/", get(async || "hello\n"));
    let limit = RateLimit::by_key(Quota::per_minute(5), client_address()?);
    let app = app.layer(Portcullis::new().address_limit(limit));

    let listener = TcpListener::bind(("127.0.0.1", port()?)).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// The peer of the connection, or what the proxies in `$TRUSTED_PROXIES` say, a list with commas of
/// addresses and networks.
fn client_address() -> Result<Address, NotANetwork> {
    match env::var("TRUSTED_PROXIES") {
        Ok(proxies) => Ok(Address::from_x_forwarded_for(Trust::networks(proxies.split(','))?)),
        Err(_) => Ok(Address::new()),
    }
}

/// `$PORT`, 3000 unless it is set; 0 picks a free one.
fn port() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| format!("PORT is {port:?}: use a number up to 65535")),
        Err(_) => Ok(3000),
    }
}
