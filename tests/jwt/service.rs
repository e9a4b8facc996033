//! A service whose callers have JWTs: what each reads, and that the policies of the bearer apply.

use axum::{Router, routing::get as on_get};
use http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use portcullis::{
    Bearer, GuardLayer, Portcullis, Principal, Refusals, RequireScopes,
    jwt::{Claims, Jwt},
};
use portcullis_tests::{Wire, get, oneshot};
use serde_json::json;

use crate::{
    provider::{Account, Answer, Provider, SHORT},
    signer::{Signer, claims, now},
};

fn service(jwt: Jwt<Account>) -> Router {
    let refusals = Refusals::rfc6750();
    let writers = RequireScopes::new(["invoices:write"], Claims::<Account>::may);
    let write = on_get(async || "written").layer(GuardLayer::new(writers.with_refusals(&refusals)));
    Router::new()
        .route("/me", on_get(async |me: Principal<Claims<Account>>| me.sub.clone()))
        .route("/write", write)
        .layer(Portcullis::new().bearer(Bearer::new(jwt).with_refusals(refusals)))
}

async fn answer(app: &Router, path: &'static str, token: &str) -> Wire {
    let ask = get(path).header(AUTHORIZATION, &format!("Bearer {token}"));
    oneshot(app.clone(), ask).await
}

fn challenge(answer: &Wire) -> &str {
    let challenge = answer.headers.get(WWW_AUTHENTICATE).expect("a challenge");
    challenge.to_str().expect("visible ASCII")
}

#[tokio::test]
async fn a_caller_is_who_the_token_says_and_may_what_it_says() {
    let signer = Signer::new("a");
    let provider = Provider::new(Answer::Keys(signer.set())).await;
    let jwt = provider.builder(provider.jwks()).build().expect("a verifier");
    jwt.ready().await.expect("keys");
    let app = service(jwt);

    let reader = signer.token(&claims("invoices:read"));
    let writer = signer.token(&claims("invoices:read invoices:write"));
    // Twice, the second time out of what is remembered.
    for _ in 0..2 {
        let me = answer(&app, "/me", &reader).await;
        assert_eq!((me.status.as_u16(), &*me.body), (200, b"alice".as_slice()));
        assert_eq!(answer(&app, "/write", &writer).await.status, 200);
        let refused = answer(&app, "/write", &reader).await;
        assert_eq!(refused.status, 403);
        let insufficient = "Bearer error=\"insufficient_scope\"";
        assert!(challenge(&refused).starts_with(insufficient), "{}", challenge(&refused));
    }
}

#[tokio::test]
async fn expired_and_unknown_read_differently() {
    let signer = Signer::new("a");
    let provider = Provider::new(Answer::Keys(signer.set())).await;
    let jwt = provider.builder(provider.jwks()).build().expect("a verifier");
    jwt.ready().await.expect("keys");
    let app = service(jwt);

    let mut over = claims("");
    over["exp"] = json!(now() - 1);
    let unknown = Signer::new("a").token(&claims(""));
    let stranger = Signer::new("stranger").token(&claims(""));
    for (token, says) in [
        (signer.token(&over), "Bearer token expired"),
        (unknown, "Invalid bearer token"),
        (stranger, "Invalid bearer token"),
        ("opaque".to_owned(), "Invalid bearer token"),
    ] {
        let refused = answer(&app, "/me", &token).await;
        assert_eq!(refused.status, 401, "{says}");
        assert!(String::from_utf8_lossy(&refused.body).contains(says), "{refused:?}");
        assert!(challenge(&refused).starts_with("Bearer error=\"invalid_token\""));
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_a_503_with_the_time_to_come_back() {
    let signer = Signer::new("a");
    let provider = Provider::new(Answer::Silence(String::new())).await;
    let jwt = provider.builder(provider.jwks().with_timeout(SHORT)).build().expect("a verifier");
    let app = service(jwt);
    let token = signer.token(&claims(""));
    for _ in 0..2 {
        let refused = answer(&app, "/me", &token).await;
        assert_eq!(refused.status, 503);
        let wait = refused.headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok());
        let wait: u64 = wait.expect("a time").parse().expect("seconds");
        assert!((1..=10).contains(&wait), "{wait}");
        assert!(!refused.headers.contains_key(WWW_AUTHENTICATE));
    }
    assert_eq!(provider.asked(), 1);
}
