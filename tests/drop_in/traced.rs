//! A layer between ours that changes the body's type, which theirs and ours then do not have.

use axum::{Router, body::Body};
use portcullis::{Bearer, Detail, EnvelopeLayer, GuardLayer, MaskLayer};
use portcullis_tests::{ACME, Keys, Protocol, Server, assert_alike, get, head, invoices};
use tower::ServiceBuilder;
use tower_http::{map_response_body::MapResponseBodyLayer, trace::TraceLayer};

/// `TraceLayer` within every one of our layers, each time behind a `MapResponseBodyLayer`.
fn traced_inside() -> Router {
    let traced = || (MapResponseBodyLayer::new(Body::new), TraceLayer::new_for_http());
    invoices().layer(
        ServiceBuilder::new()
            .layer(EnvelopeLayer::new(Detail::new()))
            .layer(traced())
            .layer(GuardLayer::new(Bearer::new(Keys)))
            .layer(traced())
            .layer(MaskLayer::new())
            .layer(traced()),
    )
}

/// `TraceLayer` around the whole router, and our layers around it.
async fn traced_outside() -> Server {
    Server::of(
        ServiceBuilder::new()
            .layer(EnvelopeLayer::new(Detail::new()))
            .layer(GuardLayer::new(Bearer::new(Keys)))
            .layer(MaskLayer::new())
            .layer(MapResponseBodyLayer::new(Body::new))
            .layer(TraceLayer::new_for_http())
            .service(invoices()),
    )
    .await
}

#[tokio::test]
async fn a_trace_layer_between_ours_takes_nothing_from_a_refusal() {
    for server in [Server::of(traced_inside()).await, traced_outside().await] {
        for protocol in Protocol::ALL {
            let mut client = server.client(protocol).await;
            let refused = client.send(get("/invoices/1")).await;
            assert_eq!(
                refused.lines(),
                [
                    "401 Unauthorized",
                    "content-length: 33",
                    "content-type: application/json",
                    "www-authenticate: Bearer",
                    "",
                    r#"{"detail":"Missing bearer token"}"#,
                ]
            );
            assert_alike(&client.send(head("/invoices/1")).await, &refused.without_body());

            let masked = client.send(get("/invoices/2").key(ACME)).await;
            assert_eq!(
                masked.lines(),
                [
                    "404 Not Found",
                    "cache-control: no-store",
                    "content-length: 22",
                    "content-type: application/json",
                    "",
                    r#"{"detail":"Not Found"}"#,
                ]
            );
            assert_alike(&client.send(get("/nowhere").key(ACME)).await, &masked);

            let admitted = client.send(get("/invoices/1").key(ACME)).await;
            assert_eq!(
                (admitted.status.as_u16(), admitted.text()),
                (200, r#"{"id":1,"cents":1200}"#)
            );
        }
    }
}
