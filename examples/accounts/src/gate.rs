//! Portcullis in front of the accounts: who gets in, how often, and how every failure reads.

use axum::{Extension, Router};
use portcullis::{
    Bearer, CodePlace, Detail, ErrorStatus, GuardLayer, IssuesAs, Phrases, Portcullis, Quota,
    RateLimit, Reason, Refusals, SessionCookie,
    extract::{ExtractPolicy, OnMalformed},
};

use crate::{accounts::Accounts, routes, session};

pub(crate) fn protect(accounts: Accounts, ip_limit: Quota) -> Router {
    let bearer = Refusals::new().map(|reason, refusal| match reason {
        Reason::Missing => refusal.with_message("missing bearer token"),
        Reason::Empty => refusal.with_message("invalid bearer token"),
        _ if reason.is_failed_verification() => refusal.with_message("invalid token"),
        _ => refusal.with_message("invalid authorization header"),
    });
    let bearer = Bearer::new(accounts.tokens.verifier()).with_refusals(bearer);
    let session = SessionCookie::new(session::COOKIE, accounts.sessions.verifier())
        .with_refusals(Refusals::new().map(|_, refusal| refusal.with_message("no session cookie")));
    let phrases = Phrases::python()
        .with(ErrorStatus::INTERNAL_SERVER_ERROR, "Internal server error")
        .with(ErrorStatus::TOO_MANY_REQUESTS, "Rate limit exceeded");
    let envelope = Detail::new().with_code(CodePlace::Nested).with_issues(IssuesAs::Text);
    let stack = Portcullis::new()
        .envelope(envelope.with_phrases(phrases))
        .address_limit(RateLimit::by_address(ip_limit).silent());

    Router::new()
        .merge(routes::for_everybody())
        .merge(routes::for_tokens().route_layer(GuardLayer::new(bearer)))
        .merge(routes::for_sessions().route_layer(GuardLayer::new(session)))
        .with_state(accounts)
        .layer(Extension(ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest)))
        .layer(stack)
}
