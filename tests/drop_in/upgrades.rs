//! A connection that becomes another protocol's (RFC 9110, section 7.8) goes through the stack.

use axum::{Router, body::Body, extract::Request, response::Response, routing::get as on_get};
use http::header::{CONNECTION, UPGRADE};
use hyper::upgrade;
use hyper_util::rt::TokioIo;
use portcullis_tests::{ACME, Ask, Client, Protocol, Quotas, Server, get, stack};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::Layer;

/// Switches to a protocol in which the server says back what it hears.
async fn echo(request: Request) -> Response {
    let upgraded = upgrade::on(request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgraded.await else { return };
        let (mut hears, mut says) = tokio::io::split(TokioIo::new(upgraded));
        let _ = tokio::io::copy(&mut hears, &mut says).await;
    });
    let switching = Response::builder().status(101).header(CONNECTION, "upgrade");
    switching.header(UPGRADE, "echo").body(Body::empty()).unwrap_or_default()
}

fn service() -> Router {
    Router::new().route("/echo", on_get(echo))
}

fn switch() -> Ask {
    get("/echo").header(CONNECTION, "upgrade").header(UPGRADE, "echo")
}

async fn assert_switches(mut client: Client) {
    assert_eq!(
        client.send(switch()).await.lines(),
        [
            "401 Unauthorized",
            "content-length: 33",
            "content-type: application/json",
            "www-authenticate: Bearer",
            "x-ratelimit-limit: 600",
            "x-ratelimit-remaining: 599",
            "",
            r#"{"detail":"Missing bearer token"}"#,
        ]
    );

    let answer = client.open(switch().key(ACME)).await;
    assert_eq!(answer.status(), 101);
    assert_eq!(answer.headers()["upgrade"], "echo");

    let mut stream = TokioIo::new(upgrade::on(answer).await.expect("another protocol"));
    let mut heard = [0; 5];
    stream.write_all(b"hello").await.expect("the server listens");
    stream.read_exact(&mut heard).await.expect("the server answers");
    assert_eq!(&heard, b"hello");
}

#[tokio::test]
async fn a_101_passes_and_so_does_what_is_said_after_it() {
    let inside = Server::of(service().layer(stack(Quotas::default()).0)).await;
    assert_switches(inside.client(Protocol::Http1).await).await;

    let outside = Server::of(stack(Quotas::default()).0.layer(service())).await;
    assert_switches(outside.client(Protocol::Http1).await).await;
}
