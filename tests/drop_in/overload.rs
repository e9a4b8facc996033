//! tower's own layers fail with an error. Under an envelope no `HandleErrorLayer` is needed.

use std::{future::pending, sync::Arc, time::Duration};

use axum::{Router, routing::get as on_get};
use portcullis::{Detail, EnvelopeLayer};
use portcullis_tests::{ACME, Protocol, Quotas, Server, assert_alike, get, head, oneshot, stack};
use tokio::sync::Semaphore;
use tower::{
    ServiceBuilder, limit::ConcurrencyLimitLayer, load_shed::LoadShedLayer, timeout::TimeoutLayer,
};

/// A handler that says when it was reached, and ends when it is let go.
#[derive(Clone)]
struct Gate {
    reached: Arc<Semaphore>,
    let_go: Arc<Semaphore>,
}

impl Gate {
    fn new() -> Self {
        Self { reached: Arc::new(Semaphore::new(0)), let_go: Arc::new(Semaphore::new(0)) }
    }

    fn service(&self) -> Router {
        let gate = self.clone();
        Router::new().route("/slow", on_get(move || gate.clone().through()))
    }

    async fn through(self) -> &'static str {
        self.reached.add_permits(1);
        self.let_go.acquire().await.expect("the test goes on").forget();
        "served"
    }
}

const SHED: [&str; 5] = [
    "503 Service Unavailable",
    "content-length: 32",
    "content-type: application/json",
    "",
    r#"{"detail":"Service Unavailable"}"#,
];

/// One request is being served; what is asked now is shed, and the first is served all the same.
async fn shed(server: Server, gate: Gate) {
    for protocol in Protocol::ALL {
        let mut first = server.client(protocol).await;
        let first = tokio::spawn(async move { first.send(get("/slow")).await });
        gate.reached.acquire().await.expect("the handler is reached").forget();

        let mut second = server.client(protocol).await;
        let refused = tokio::select! {
            answer = second.send(get("/slow")) => answer,
            _ = gate.reached.acquire() => panic!("nothing was shed: {protocol:?}"),
        };
        assert_eq!(refused.lines(), SHED, "{protocol:?}");
        assert_alike(&second.send(head("/slow")).await, &refused.without_body());

        gate.let_go.add_permits(1);
        let served = first.await.expect("the first request goes on");
        assert_eq!((served.status.as_u16(), served.text()), (200, "served"), "{protocol:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_shed_around_a_router_is_a_503() {
    let gate = Gate::new();
    let service = ServiceBuilder::new()
        .layer(EnvelopeLayer::new(Detail::new()))
        .layer(LoadShedLayer::new())
        .layer(ConcurrencyLimitLayer::new(1))
        .service(gate.service());
    shed(Server::of(service).await, gate).await;
}

#[tokio::test]
async fn a_request_that_is_shed_inside_a_finished_router_is_a_503() {
    let gate = Gate::new();
    let router = gate.service().layer(
        ServiceBuilder::new()
            .layer(EnvelopeLayer::new(Detail::new()))
            .layer(LoadShedLayer::new())
            .layer(ConcurrencyLimitLayer::new(1)),
    );
    // Before a router has its state, axum makes the limit anew for every request.
    shed(Server::of(router.with_state(())).await, gate).await;
}

/// A service that never answers.
fn never() -> Router {
    Router::new().route("/never", on_get(async || pending::<()>().await))
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_a_504_inside_and_around_a_router() {
    let layers = || {
        ServiceBuilder::new()
            .layer(EnvelopeLayer::new(Detail::new()))
            .layer(TimeoutLayer::new(Duration::from_secs(30)))
    };
    for answer in [
        oneshot(never().layer(layers()), get("/never")).await,
        oneshot(layers().service(never()), get("/never")).await,
    ] {
        assert_eq!(
            answer.lines(),
            [
                "504 Gateway Timeout",
                "content-length: 28",
                "content-type: application/json",
                "",
                r#"{"detail":"Gateway Timeout"}"#,
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_beneath_the_stack_is_charged_like_any_answer() {
    let layers = || {
        ServiceBuilder::new()
            .layer(stack(Quotas::default()).0)
            .layer(TimeoutLayer::new(Duration::from_secs(30)))
    };
    for answer in [
        oneshot(never().layer(layers()), get("/never").key(ACME)).await,
        oneshot(layers().service(never()), get("/never").key(ACME)).await,
    ] {
        assert_eq!(
            answer.lines(),
            [
                "504 Gateway Timeout",
                "content-length: 28",
                "content-type: application/json",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"detail":"Gateway Timeout"}"#,
            ]
        );
    }
}
