//! Whoever panics around the inner service or in its place, the client gets a 500 in the envelope.

use std::{
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use portcullis::{
    Bearer, BoxError, Layer, MaskLayer, Portcullis, Quota, RateLimit, Token, Verification,
};
use portcullis_tests::{ACME, Account, GLOBEX, Quotas, Stack, get, oneshot, stack};
use tower::Service;

use super::behaviours::{Unspeakable, panics};

/// Where a service panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    PollReady,
    Call,
    Clone,
    /// When the error that it fails with becomes one of ours.
    IntoError,
    /// When that error is put into words.
    Words,
    /// The same two of the error by which it is not ready.
    UnreadyIntoError,
    UnreadyWords,
}

/// A service that panics there.
struct Panicking(Place);

impl Clone for Panicking {
    fn clone(&self) -> Self {
        match self.0 {
            Place::Clone => panics(),
            place => Self(place),
        }
    }
}

impl Service<Request> for Panicking {
    type Response = Response;
    type Error = Broken;
    type Future = Ready<Result<Response, Broken>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        match self.0 {
            Place::PollReady => panics(),
            Place::UnreadyIntoError => Poll::Ready(Err(Broken::IntoError)),
            Place::UnreadyWords => Poll::Ready(Err(Broken::Words)),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, _: Request) -> Self::Future {
        match self.0 {
            Place::Call => panics(),
            Place::IntoError => ready(Err(Broken::IntoError)),
            Place::Words => ready(Err(Broken::Words)),
            _ => ready(Ok(Response::default())),
        }
    }
}

/// An error that panics when it becomes another, or when that is put into words.
#[derive(Debug)]
enum Broken {
    IntoError,
    Words,
}

impl From<Broken> for BoxError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::IntoError => panics(),
            Broken::Words => Box::new(Unspeakable),
        }
    }
}

fn filled() -> Stack {
    stack(Quotas::default()).0
}

/// What the client reads where a guard, or who asks for the mask, panics: nobody knows what was to
/// be stamped.
const BARE: [&str; 5] = [
    "500 Internal Server Error",
    "content-length: 34",
    "content-type: application/json",
    "",
    r#"{"detail":"Internal Server Error"}"#,
];

/// What it reads where the service beneath panics: a 500 that was charged like any answer.
const CHARGED: [&str; 7] = [
    "500 Internal Server Error",
    "content-length: 34",
    "content-type: application/json",
    "x-ratelimit-limit: 300",
    "x-ratelimit-remaining: 299",
    "",
    r#"{"detail":"Internal Server Error"}"#,
];

#[tokio::test]
async fn a_service_that_panics_is_a_500_that_is_charged_like_any_answer() {
    for place in [
        Place::PollReady,
        Place::Call,
        Place::IntoError,
        Place::Words,
        Place::UnreadyIntoError,
        Place::UnreadyWords,
    ] {
        for key in [ACME, GLOBEX] {
            let answer = oneshot(filled().layer(Panicking(place)), get("/").key(key)).await;
            assert_eq!(answer.lines(), CHARGED, "{place:?} {key}");
        }
    }
}

#[tokio::test]
async fn a_service_that_panics_when_it_is_cloned_for_a_guard_that_waits_is_a_500() {
    let waited = oneshot(filled().layer(Panicking(Place::Clone)), get("/").key(GLOBEX)).await;
    assert_eq!(waited.lines(), BARE);
    let at_once = oneshot(filled().layer(Panicking(Place::Clone)), get("/").key(ACME)).await;
    assert_eq!(at_once.status, 200, "nobody cloned it");
}

#[tokio::test]
async fn a_mask_that_panics_when_it_names_who_asks_changes_no_answer() {
    for place in [Place::Nowhere, Place::Words, Place::UnreadyWords] {
        for key in [ACME, GLOBEX] {
            let ask = async |mask| {
                let service = filled().tenant_mask(mask).layer(Panicking(place));
                oneshot(service, get("/").key(key)).await.lines()
            };
            let named = MaskLayer::new().with_principal(|account: &Account| account.name);
            let nameless = MaskLayer::new().with_principal(|_: &Account| -> &str { panics() });
            assert_eq!(ask(nameless).await, ask(named).await, "{place:?} {key}");
        }
    }
}

/// It is not the service that panicked, but who knows the keys: they may well be good in a second.
#[tokio::test]
async fn a_verifier_that_panics_is_a_503_in_the_envelope() {
    let panicking: fn(&Token) -> Verification<Account> = |_| panics();
    let panicking_later: fn(&Token) -> Verification<Account> =
        |_| Verification::later::<Option<Account>>(async { panics() });
    for verify in [panicking, panicking_later] {
        let bearer = Bearer::from_fn(verify);
        let service = Portcullis::new().bearer(bearer).layer(Panicking(Place::Nowhere));
        let answer = oneshot(service, get("/").key(ACME)).await;
        assert_eq!(
            answer.lines(),
            [
                "503 Service Unavailable",
                "content-length: 32",
                "content-type: application/json",
                "retry-after: 1",
                "",
                r#"{"detail":"Service Unavailable"}"#,
            ]
        );
    }
}

#[tokio::test]
async fn a_limit_that_panics_when_it_looks_for_its_key_is_a_500() {
    for key in [ACME, GLOBEX] {
        let limit = RateLimit::by(Quota::per_hour(9), |_: &Account| -> &str { panics() });
        let service = filled().caller_limit(limit).layer(Panicking(Place::Nowhere));
        let answer = oneshot(service, get("/").key(key)).await;
        assert_eq!(answer.lines(), BARE, "{key}");
    }
}
