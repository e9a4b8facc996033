//! The tables of four published contracts, each in a few lines, with their exact words.

use std::time::Duration;

use axum::{Router, routing::get as on_get};
use http::header::AUTHORIZATION;
use portcullis::{
    Bearer, CodePlace, Detail, ErrorObject, GuardLayer, Outcome, Permit, Portcullis, Reason,
    Refusals, RequireScopes, SessionCookie, Token, Verification, catalogue,
};
use portcullis_tests::{Ask, get};

use crate::service::answer;

/// What the four services know.
#[derive(Clone)]
struct Caller;

fn verify(token: &Token) -> Verification<Caller> {
    match token.as_str() {
        "hunter2" => Outcome::Accepted(Caller),
        "hunter2expired" => Outcome::Rejected(Reason::Expired),
        "hunter2revoked" => Outcome::Rejected(Reason::Revoked),
        "hunter2down" => Outcome::unavailable(Duration::from_secs(1), "connection refused"),
        _ => Outcome::Rejected(Reason::Unknown),
    }
    .into()
}

fn accounts() -> Refusals {
    Refusals::new().map(|reason, refusal| match reason {
        Reason::Missing => refusal.with_message("missing bearer token"),
        Reason::Empty => refusal.with_message("invalid bearer token"),
        _ if reason.is_failed_verification() => refusal.with_message("invalid token"),
        _ if reason.is_forbidden() => refusal,
        _ => refusal.with_message("invalid authorization header"),
    })
}

fn assessments() -> Refusals {
    Refusals::fastapi().with_message(Reason::InsufficientScope, "Missing scope: {scope}")
}

catalogue! {
    DIRECTORY {
        AUTH_001: 401, "Missing or invalid authentication token";
        AUTH_002: 401, "Token expired";
        SRV_002: 503, "Service temporarily unavailable";
    }
}

fn directory() -> Refusals {
    let refusals = Refusals::new().map(|reason, refusal| match reason {
        Reason::Expired => AUTH_002.into(),
        _ if reason.is_forbidden() => refusal,
        _ => AUTH_001.into(),
    });
    refusals.with_unavailable(SRV_002.into())
}

fn helpdesk() -> Refusals {
    let refusals = Refusals::new().map(|reason, refusal| {
        refusal.with_message(match reason {
            Reason::Missing => "Missing authentication credentials",
            Reason::InsufficientScope => "API key missing required scope: {scope}",
            Reason::NotPermitted => "API keys are not permitted for this endpoint",
            _ => "Invalid API key",
        })
    });
    refusals.with_plain_challenges()
}

fn bearer(refusals: Refusals) -> Bearer<impl portcullis::Verify<Principal = Caller>> {
    Bearer::from_fn(verify).with_refusals(refusals)
}

fn routes(refusals: &Refusals) -> Router {
    let scope = RequireScopes::new(["tickets:write"], |_: &Caller, _: &str| false);
    let sessions = Permit::only(|_: &Caller| false);
    Router::new()
        .route("/", on_get(async || "served"))
        .route("/scope", on_get(|| async {}).layer(GuardLayer::new(scope.with_refusals(refusals))))
        .route(
            "/kind",
            on_get(|| async {}).layer(GuardLayer::new(sessions.with_refusals(refusals))),
        )
}

/// The status, the challenge and the body.
async fn wire(app: &Router, ask: Ask) -> (u16, String, String) {
    let answer = answer(app, ask).await;
    let challenge = answer.header("www-authenticate").to_owned();
    (answer.status.as_u16(), challenge, answer.text().to_owned())
}

fn said(status: u16, challenge: &str, body: &str) -> (u16, String, String) {
    (status, challenge.to_owned(), body.to_owned())
}

fn authorization(line: &str) -> Ask {
    get("/").header(AUTHORIZATION, line)
}

const INVALID_REQUEST: &str = r#"Bearer error="invalid_request""#;
const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;

#[tokio::test]
async fn accounts_says_what_its_page_says() {
    let stack = Portcullis::new()
        .envelope(Detail::new().with_code(CodePlace::Nested))
        .bearer(bearer(accounts()));
    let app = routes(&accounts()).layer(stack);
    for (ask, challenge, detail) in [
        (get("/"), "Bearer", "missing bearer token"),
        (authorization("Basic YTpi"), "Bearer", "invalid authorization header"),
        (authorization("hunter2"), INVALID_REQUEST, "invalid authorization header"),
        (authorization("Bearer a b"), INVALID_REQUEST, "invalid authorization header"),
        (authorization("Bearer "), INVALID_REQUEST, "invalid bearer token"),
        (authorization("Bearer hunter2unknown"), INVALID_TOKEN, "invalid token"),
        (authorization("Bearer hunter2revoked"), INVALID_TOKEN, "invalid token"),
    ] {
        let body = format!(r#"{{"detail":"{detail}"}}"#);
        assert_eq!(wire(&app, ask.clone()).await, said(401, challenge, &body), "{ask:?}");
    }

    // One route takes a session only.
    let session = SessionCookie::from_fn("__Host-aius_session", |_| None::<Caller>.into())
        .with_refusals(Refusals::new().with_message(Reason::Missing, "no session cookie"));
    let app = routes(&accounts()).layer(GuardLayer::new(session)).layer(Portcullis::new());
    let challenge = r#"Cookie cookie-name="__Host-aius_session""#;
    let expected = said(401, challenge, r#"{"detail":"no session cookie"}"#);
    assert_eq!(wire(&app, get("/")).await, expected);
}

#[tokio::test]
async fn assessments_says_what_its_page_says() {
    let app = routes(&assessments()).layer(Portcullis::new().bearer(bearer(assessments())));
    for (ask, status, challenge, detail) in [
        (get("/"), 401, "Bearer", "Not authenticated"),
        (authorization("Basic YTpi"), 401, "Bearer", "Not authenticated"),
        (get("/").key("hunter2unknown"), 401, "Bearer", "Invalid authentication credentials"),
        (get("/").key("hunter2expired"), 401, "Bearer", "Invalid authentication credentials"),
        (get("/scope").key("hunter2"), 403, "Bearer", "Missing scope: tickets:write"),
    ] {
        let body = format!(r#"{{"detail":"{detail}"}}"#);
        assert_eq!(wire(&app, ask.clone()).await, said(status, challenge, &body), "{ask:?}");
    }
}

#[tokio::test]
async fn directory_says_what_its_page_says() {
    let stack = Portcullis::new().envelope(ErrorObject::new()).bearer(bearer(directory()));
    let app = routes(&directory()).layer(stack);
    let invalid = (401, "AUTH_001", "Missing or invalid authentication token");
    let expired = (401, "AUTH_002", "Token expired");
    let down = (503, "SRV_002", "Service temporarily unavailable");
    for (ask, (status, code, message), challenge) in [
        (get("/"), invalid, "Bearer"),
        (authorization("Token x"), invalid, "Bearer"),
        (authorization("hunter2"), invalid, INVALID_REQUEST),
        (get("/").key("hunter2unknown"), invalid, INVALID_TOKEN),
        (get("/").key("hunter2expired"), expired, INVALID_TOKEN),
        (get("/").key("hunter2down"), down, ""),
    ] {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        assert_eq!(wire(&app, ask.clone()).await, said(status, challenge, &body), "{ask:?}");
    }
}

#[tokio::test]
async fn helpdesk_says_what_its_page_says() {
    let app = routes(&helpdesk()).layer(Portcullis::new().bearer(bearer(helpdesk())));
    for (ask, status, detail) in [
        (get("/"), 401, "Missing authentication credentials"),
        (get("/").key("hunter2nobody"), 401, "Invalid API key"),
        (get("/").key("hunter2revoked"), 401, "Invalid API key"),
        (authorization("Bearer"), 401, "Invalid API key"),
        (get("/scope").key("hunter2"), 403, "API key missing required scope: tickets:write"),
        (get("/kind").key("hunter2"), 403, "API keys are not permitted for this endpoint"),
    ] {
        let body = format!(r#"{{"detail":"{detail}"}}"#);
        // Exactly `Bearer`, as the page promises.
        assert_eq!(wire(&app, ask.clone()).await, said(status, "Bearer", &body), "{ask:?}");
    }
}
