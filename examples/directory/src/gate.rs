//! Portcullis in front of the directory: who gets in, how often, and how every failure reads.

use axum::{Extension, Router};
use portcullis::{
    Bearer, ErrorObject, GuardLayer, Permit, Portcullis, Quota, RateLimit, Reason, Refusals,
    extract::{ExtractPolicy, OnMalformed},
};

use crate::{catalogue::*, records::*, routes};

pub(crate) fn protect(directory: Directory, tokens: Tokens, login_limit: Quota) -> Router {
    let refusals = Refusals::new().map(|reason, _| match reason {
        Reason::Expired => AUTH_002.into(),
        _ if reason.is_forbidden() => APP_005.into(),
        _ => AUTH_001.into(),
    });
    let refusals = refusals.with_unavailable(SRV_002.into());
    let reported = refusals.clone().map(|_, _| CONS_004.into());
    let managers = Permit::only(|it: &Caller| it.is_manager).with_refusals(&refusals);
    let services = Permit::only(|it: &Caller| it.is_client).with_refusals(&reported);
    let attempts = RateLimit::by_address(login_limit).silent().with_refusal(|_| AUTH_007.into());
    let bearer = Bearer::new(tokens.clone()).with_refusals(refusals);
    let bearer = bearer.exempt("/login").exempt("/password-reset");
    let codes = REQUESTS.entries().iter().chain([&SRV_001, &SRV_002]);
    let envelope = codes.fold(ErrorObject::new(), |it, code| it.with_entry(code.status(), *code));

    Router::new()
        .merge(routes::managed(tokens.clone()).route_layer(GuardLayer::new(managers)))
        .merge(routes::reported().route_layer(GuardLayer::new(services)))
        .merge(routes::login(tokens.clone()).route_layer(GuardLayer::new(attempts)))
        .merge(routes::password_reset(tokens))
        .merge(routes::demo())
        .with_state(directory)
        .layer(Extension(ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest)))
        .layer(Portcullis::new().envelope(envelope).bearer(bearer))
}
