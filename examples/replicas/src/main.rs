//! One of several replicas behind a balancer. Each client may send 100 requests an hour, to all
//! replicas together.

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::SocketAddr,
};

use axum::{Router, routing::get};
use portcullis::{Address, OnStoreFailure, Portcullis, Quota, RateLimit, Trust, redis::Redis};
use tokio::net::TcpListener;

/// How many of these run.
const REPLICAS: u32 = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let engine = env::var("REDIS_URL").unwrap_or("redis://127.0.0.1:6379".to_owned());
    let store = Redis::open(&engine)?.on_failure(OnStoreFailure::local(REPLICAS));

    // The balancer says whom it forwards, and nobody else is believed.
    let address = Address::from_x_forwarded_for(Trust::networks(["127.0.0.1"])?);
    let limit = RateLimit::by_key(Quota::per_hour(100), address).with_store(store);

    let app = Router::new().route("/", get(async || "hello\n"));
    let app = app.layer(Portcullis::new().address_limit(limit));
    let listener = TcpListener::bind(("127.0.0.1", port()?)).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
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
