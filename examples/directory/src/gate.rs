//! Portcullis in front of the directory: who gets in, how often, and how every failure reads.

use axum::{Extension, Router};
use portcullis::{
    Bearer, ErrorObject, GuardLayer, Permit, Portcullis, Quota, RateLimit, Reason, Refusals,
    extract::{ExtractPolicy, OnMalformed},
    keys::ApiKeys,
};

use crate::{catalogue::*, records::*, routes};

// --- Portcullis: all of its settings ---
/// A body that is no JSON is a 400. See `invalid.rs` for what is JSON, and wrong.
pub(crate) const EXTRACTORS: ExtractPolicy =
    ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest);

pub(crate) fn protect(directory: Directory, login_limit: Quota) -> Router {
    let refusals = Refusals::new().with_unavailable(SRV_002.into()).map(|reason, _| match reason {
        Reason::Expired => AUTH_002.into(),
        _ => AUTH_001.into(),
    });
    let managers = Permit::only(|it: &Caller| it.is_manager).with_refusal(APP_005);
    let services = Permit::only(|it: &Caller| it.is_client).with_refusal(CONS_004);
    let attempts = RateLimit::by_address(login_limit).silent().with_refusal(|_| AUTH_007.into());
    // The demo's tokens were not made here.
    let tokens = ApiKeys::new(token_format().with_foreign_keys(), directory.clone());
    let bearer = Bearer::new(tokens).with_refusals(refusals);
    let bearer = bearer.exempt("/login").exempt("/password-reset");
    let envelope = ErrorObject::new().with_entries(REQUESTS.entries());
    let envelope = envelope.with_entries(&[SRV_001, SRV_002]);

    Router::new()
        .merge(routes::managed().route_layer(GuardLayer::new(managers)))
        .merge(routes::reported().route_layer(GuardLayer::new(services)))
        .merge(routes::login().route_layer(GuardLayer::new(attempts)))
        .merge(routes::password_reset())
        .merge(routes::demo())
        .with_state(directory)
        .layer(Extension(EXTRACTORS))
        .layer(Portcullis::new().envelope(envelope).bearer(bearer))
}
// --- end of Portcullis ---
