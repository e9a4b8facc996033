use std::task::Poll;

use http::Method;
use portcullis::{ApiError, Hidden, MaskLayer, Portcullis};
use portcullis_tests::{Protocol, Server, ask, assert_alike, get, head, oneshot, put};

use crate::place::{Layered, Place};

fn masked(place: Place) -> Layered {
    place.put(MaskLayer::new())
}

#[tokio::test]
async fn a_handlers_own_404_loses_its_page_and_all_its_headers() {
    for place in Place::ALL {
        let server = Server::of(masked(place)).await;
        for protocol in Protocol::ALL {
            let mut client = server.client(protocol).await;
            // An empty body on HTTP/2 needs no length, and outside the router has none.
            let answer = client.send(get("/api/gone")).await.without("content-length");
            assert_eq!(
                answer.lines(),
                ["404 Not Found", "cache-control: no-store"],
                "{place:?} {protocol:?}"
            );
            let head = client.send(head("/api/gone")).await;
            assert_eq!((head.status.as_u16(), head.text()), (404, ""), "{place:?} {protocol:?}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_looks_like_a_hidden_row_where_the_layer_covers_it() {
    for (place, cache_control) in [
        (Place::RouterLayer, "no-store"),
        (Place::RouteLayer, ""),
        (Place::MethodRouter, ""),
        (Place::Nested, ""),
        (Place::NestedWithFallback, "no-store"),
        (Place::Outside, "no-store"),
    ] {
        let server = Server::of(masked(place)).await;
        let mut client = server.client(Protocol::Http1).await;
        let unknown = client.send(get("/api/nowhere")).await;
        assert_eq!(unknown.header("cache-control"), cache_control, "{place:?}");
        if cache_control == "no-store" {
            assert_alike(&unknown, &client.send(get("/api/gone")).await);
        }
    }
}

#[tokio::test]
async fn what_is_no_404_passes_untouched() {
    for place in Place::ALL {
        for ask in [
            get("/api/here"),
            head("/api/here"),
            put("/api/here"),
            get("/api/empty"),
            get("/api/unchanged"),
            ask(Method::OPTIONS, "/api/here"),
        ] {
            let answer = oneshot(masked(place), ask.clone()).await;
            assert_alike(&answer, &oneshot(place.bare(), ask).await);
        }
    }
}

/// A service of no Router's, which fails with an error instead of answering.
#[derive(Clone, Debug)]
struct Rows;

impl tower::Service<http::Request<axum::body::Body>> for Rows {
    type Response = axum::response::Response;
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self::Response, ApiError>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), ApiError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<axum::body::Body>) -> Self::Future {
        let error = match request.uri().path() {
            "/3" => ApiError::not_found().with_message("invoice 3 is globex's"),
            _ => Hidden::missing().into(),
        };
        std::future::ready(Err(error))
    }
}

#[tokio::test]
async fn a_404_that_a_service_fails_with_is_masked_in_the_stack() {
    let stack = Portcullis::new().tenant_mask(MaskLayer::new());
    let service = tower::Layer::layer(&stack, Rows);
    let foreign = oneshot(service.clone(), get("/3")).await;
    assert_eq!(foreign.text(), r#"{"detail":"Not Found"}"#);
    assert_alike(&foreign, &oneshot(service, get("/9")).await);
}
