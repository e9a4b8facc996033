//! An invoice service that existed before Portcullis (`invoices.rs`), and the ten lines that protect
//! it: those between the two markers below, the last of which is the changed serve line. What was
//! written since (`voiding.rs`) has its handlers proven what they may see.

mod invoices;
mod voiding;

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::SocketAddr,
};

use invoices::{Account, Invoices};
use portcullis::{Bearer, MaskLayer, Portcullis, Quota, RateLimit};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let listener = TcpListener::bind(("127.0.0.1", port()?)).await?;
    greet(listener.local_addr()?)?;

    let invoices = Invoices::demo();
    let app = invoices.router().merge(voiding::router(&invoices));

    // --- Portcullis ---
    let portcullis = Portcullis::new()
        .address_limit(RateLimit::by_address(Quota::per_minute(600)))
        .bearer(Bearer::from_fn(move |token| invoices.account_of(token.as_str()).into()))
        .caller_limit(RateLimit::by(Quota::per_minute(30), |account: &Account| &account.name))
        .tenant_mask(MaskLayer::new());
    let app = app.layer(portcullis);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    // --- that was all ---

    Ok(())
}

/// `$PORT`, 3000 unless it is set; 0 picks a free one.
fn port() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| format!("PORT is {port:?}: use a number up to 65535")),
        Err(_) => Ok(3000),
    }
}

/// One write, so that whoever reads the first line only and hangs up does not end the service.
fn greet(address: SocketAddr) -> io::Result<()> {
    let origin = format!("http://{address}");
    let (acme, clerk, globex) = ["acme-demo", "acme-clerk", "globex-demo"]
        .map(|name| format!("-H 'Authorization: Bearer {name}-key'"))
        .into();
    let greeting = format!(
        "listening on {origin}

  # acme reads its own invoice:
  curl -i {origin}/invoices/1 {acme}
  # invoice 3 is globex's and 9 does not exist: to acme they look the same
  curl -i {origin}/invoices/3 {acme}
  curl -i {origin}/invoices/9 {acme}
  # so they do to whoever would void them; the log has the truth:
  curl -i -X DELETE {origin}/invoices/3 {acme}
  curl -i -X DELETE {origin}/invoices/9 {acme}
  # a clerk sees acme's own, and may not void it:
  curl -i -X DELETE {origin}/invoices/1 {clerk}
  # globex reads it:
  curl -i {origin}/invoices/3 {globex}
  # nobody gets in; a handler panics; a method is not allowed:
  curl -i {origin}/invoices/1
  curl -i {origin}/panic {acme}
  curl -i -X PUT {origin}/invoices {acme}
  # 30 a minute for each account, so this ends in a 429:
  for i in $(seq 31); do curl -si {origin}/invoices {globex} | grep -iE '^HTTP|retry-after'; done

"
    );
    io::stdout().write_all(greeting.as_bytes())
}
