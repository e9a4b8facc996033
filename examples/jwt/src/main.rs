//! A service that trusts an identity provider (`service.rs`), and that provider (`provider.rs`), which
//! would be somebody else's. They run in one process here, each at a port of its own.

mod provider;
mod service;

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
    str::FromStr,
    time::Duration,
};

use portcullis::BoxError;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let provider = TcpListener::bind(("127.0.0.1", number("PROVIDER_PORT", 4000)?)).await?;
    let service = TcpListener::bind(("127.0.0.1", number("PORT", 3000)?)).await?;
    let (issuer, address) = (provider.local_addr()?, service.local_addr()?);

    let issuer = format!("http://{issuer}");
    let routes = provider::routes(&issuer)?;
    tokio::spawn(axum::serve(provider, routes).into_future());

    // Shorter than in earnest, so that a rotation can be watched.
    let cool_down = Duration::from_millis(number("COOL_DOWN", 1_000)?);
    let app = service::of(&issuer, cool_down).await?;
    greet(address, &issuer)?;
    axum::serve(service, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// A number out of the environment. Of a port, 0 picks a free one.
fn number<N: FromStr>(variable: &str, default: N) -> Result<N, String> {
    match env::var(variable) {
        Ok(number) => {
            number.parse().map_err(|_| format!("{variable} is {number:?}: use a smaller number"))
        }
        Err(_) => Ok(default),
    }
}

/// One write, so that whoever reads the first lines only and hangs up does not end the service.
fn greet(address: SocketAddr, issuer: &str) -> io::Result<()> {
    let origin = format!("http://{address}");
    let greeting = format!(
        "listening on {origin}
PROVIDER={issuer}

  TOKEN=$(curl -s -X POST '{issuer}/token?sub=alice&scope=reports:read')
  curl -i {origin}/me -H \"Authorization: Bearer $TOKEN\"
  curl -i {origin}/reports -H \"Authorization: Bearer $TOKEN\"
  # the provider signs with another key from now on, and the service follows
  curl -i -X POST {issuer}/rotate
  TOKEN=$(curl -s -X POST '{issuer}/token?sub=alice')
  curl -i {origin}/me -H \"Authorization: Bearer $TOKEN\"
  # without the scope: 403
  curl -i {origin}/reports -H \"Authorization: Bearer $TOKEN\"

"
    );
    io::stdout().write_all(greeting.as_bytes())
}
