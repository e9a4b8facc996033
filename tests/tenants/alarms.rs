//! A test that cries wolf is switched off: a service that tells nothing raises no alarm.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Extension, Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    routing::any,
};
use http::{HeaderName, HeaderValue, Method};
use portcullis::{MaskLayer, Visible};
use portcullis_testing::Oracle;
use portcullis_tests::Account;

use crate::things::Thing;

const RUNS: u64 = 1_000;

/// A run is both requests of every probe. They are spread over the cores.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clean_runs_raise_no_alarm() {
    let account = Account { name: "wile", tenant: "acme" };
    let app = Router::new()
        .route("/things/{id}", any(async |thing: Visible<Thing>| thing.id.to_string()))
        .layer(MaskLayer::new())
        .layer(from_fn(moving))
        .layer(Extension(account))
        .with_state(());
    let workers = (0..4).map(|_| {
        let app = app.clone();
        tokio::spawn(async move {
            let oracle = Oracle::new()
                .with_methods([Method::GET, Method::HEAD, Method::PATCH])
                .ignoring_value_of(HeaderName::from_static("server-timing"));
            let mut pairs = 0;
            for _ in 0..RUNS / 4 {
                let found = oracle.compare(app.clone(), ask(2), ask(9)).await;
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

/// What changes with every request: an id, the date, what the service took, what the caller may still
/// send.
async fn moving(request: Request, next: Next) -> Response {
    static SEED: AtomicU64 = AtomicU64::new(7);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    // As SplitMix64 has it: all bits of two numbers that follow each other differ.
    let random = |salt: u64| {
        let mut bits = (seed ^ salt << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits ^ (bits >> 27)
    };
    let (one, two) = (random(1), random(2));
    let second = seed % 60;
    let mut response = next.run(request).await;
    for (name, value) in [
        ("x-request-id", format!("{:08x}-{:04x}-4{:03x}", one >> 32, one & 0xffff, two & 0xfff)),
        ("date", format!("Sun, {:02} Nov 2026 08:49:{second:02} GMT", 1 + seed % 28)),
        ("x-ratelimit-remaining", (999_999 - seed).to_string()),
        ("server-timing", format!("db;dur={}.{}", two % 300, one % 10)),
    ] {
        let value = HeaderValue::try_from(value).expect("a header's value");
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}
