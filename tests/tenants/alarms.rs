//! A test that cries wolf is switched off: a service that tells nothing raises no alarm.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Extension, Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::any,
};
use http::{HeaderName, HeaderValue, Method, header::DATE};
use portcullis::{EnvelopeLayer, MaskLayer, ProblemDetails, Visible};
use portcullis_testing::Oracle;
use portcullis_tests::Account;

use crate::things::Thing;

const RUNS: u64 = 1_000;

/// A run is both requests of every probe. They are spread over the cores.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clean_runs_raise_no_alarm() {
    let workers = (0..4).map(|worker| {
        let app = service(worker);
        tokio::spawn(async move {
            let oracle = Oracle::new()
                .with_methods([Method::GET, Method::HEAD, Method::PATCH])
                .ignoring_value_of(HeaderName::from_static("server-timing"))
                .ignoring_value_of(HeaderName::from_static("x-trace-id"));
            let mut pairs = 0;
            for _ in 0..RUNS / 4 {
                let found = oracle.compare(app.clone(), ask(2), ask(404)).await;
                assert!(found.is_empty(), "{found}");
                pairs += found.pairs();
            }
            pairs
        })
    });
    let mut pairs = 0;
    for worker in workers.collect::<Vec<_>>() {
        pairs += worker.await.expect("a clean run");
    }
    assert!(pairs > 40_000, "{pairs}");
}

fn ask(id: u64) -> Request<&'static str> {
    let request = Request::builder().uri(format!("/things/{id}"));
    request.body(r#"{"cents":7}"#).expect("a request")
}

/// Errors that repeat the request's path and its id, and whatever changes with each request.
fn service(worker: u64) -> Router {
    let envelope =
        EnvelopeLayer::new(ProblemDetails::new()).with_request_id(REQUEST_ID).with_instance();
    Router::new()
        .route("/things/{id}", any(async |thing: Visible<Thing>| thing.id.to_string()))
        .layer(MaskLayer::new())
        .layer(envelope)
        .layer(from_fn_with_state(Arc::new(AtomicU64::new(worker << 20)), moving))
        .layer(Extension(Account { name: "wile", tenant: "acme" }))
        .with_state(())
}

/// What changes with every request: ids, the date, what the service took, what the caller may still
/// send. Its quota regains something now and then, and others spend of it.
async fn moving(State(seed): State<Arc<AtomicU64>>, mut request: Request, next: Next) -> Response {
    let seed = seed.fetch_add(1, Ordering::Relaxed);
    // As SplitMix64 has it: all bits of two numbers that follow each other differ.
    let random = |salt: u64| {
        let mut bits = (seed ^ salt << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits ^ (bits >> 27)
    };
    let (one, two) = (random(1), random(2));
    let second = seed % 60;
    let others = if one % 64 == 0 { two % 5 } else { 2 };
    let id = format!("{:08x}-{:04x}-4{:03x}", one >> 32, one & 0xffff, two & 0xfff);
    let value = |value: String| HeaderValue::try_from(value).expect("a header's value");
    request.headers_mut().insert(REQUEST_ID, value(id.clone()));
    let mut response = next.run(request).await;
    for (name, said) in [
        (REQUEST_ID, id),
        (HeaderName::from_static("x-trace-id"), format!("{two:x}")),
        (DATE, format!("Sun, {:02} Nov 2026 08:49:{second:02} GMT", 1 + seed % 28)),
        (REMAINING, (9_999_999 - (seed & 0xf_ffff) + others).to_string()),
        (HeaderName::from_static("server-timing"), format!("db;dur={}.{}", two % 300, one % 10)),
    ] {
        response.headers_mut().insert(name, value(said));
    }
    response
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
