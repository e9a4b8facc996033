//! Portcullis in front of the desk.

use axum::Router;
use portcullis::{
    Bearer, Detail, EnvelopeLayer, ErrorStatus, Flat, GuardLayer, MaskLayer, Permit, Phrases,
    Portcullis, Quota, RateLimit, Reason, Refusals, RequireScopes, SessionCookie, catalogue,
    keys::{ApiKeys, KeyFormat},
};

use crate::{caller::Caller, routes, store::Store};

pub(crate) struct Limits {
    pub(crate) address: Quota,
    pub(crate) key: Quota,
    pub(crate) ingestion: Quota,
}

catalogue! {
    INGESTION { RATE_LIMIT_EXCEEDED as "rate_limit_exceeded": 429, "Too many articles at once"; }
}

// --- Portcullis ---
pub(crate) fn protect(store: &Store, limits: &Limits) -> Router {
    let internal = ErrorStatus::INTERNAL_SERVER_ERROR;
    let phrases = Phrases::python().with(internal, "Internal server error");
    let envelope = Detail::new().with_phrases(phrases);
    let refusals = Refusals::new().with_plain_challenges().map(|reason, refusal| {
        refusal.with_message(match reason {
            Reason::Missing => "Missing authentication credentials",
            Reason::InsufficientScope => "API key missing required scope: {scope}",
            Reason::NotPermitted => "API keys are not permitted for this endpoint",
            _ => "Invalid API key",
        })
    });
    let [keys, sessions] = ["hd_", "hs_"]
        .map(|prefix| ApiKeys::new(KeyFormat::new(prefix).with_foreign_keys(), store.clone()));
    let sessions = SessionCookie::new("__Host-helpdesk", sessions).unchallenged();
    let bearer = Bearer::new(keys).with_refusals(refusals.clone()).or_cookie(sessions);
    let per_key = RateLimit::by(limits.key, |caller: &Caller| &caller.id)
        .with_message("API key rate limit exceeded")
        .with_refusal(|refusal| refusal.error().with_member("limit", refusal.limit()));
    let ingestion = RateLimit::by(limits.ingestion, |caller: &Caller| &caller.id)
        .with_refusal(|_| RATE_LIMIT_EXCEEDED.into());

    let scope = |scope| RequireScopes::new([scope], Caller::may).with_refusals(&refusals);
    let people = Permit::only(|caller: &Caller| caller.is_session).with_refusals(&refusals);
    // Of the ingestion its limit alone is `Flat`; what is beneath it speaks as all do.
    let own: EnvelopeLayer<_> = envelope.clone().into();
    let ingestion = (EnvelopeLayer::new(Flat::new()), GuardLayer::new(ingestion), own);
    let stack = Portcullis::new()
        .envelope(envelope)
        .address_limit(RateLimit::by_address(limits.address).silent())
        .bearer(bearer)
        .caller_limit(per_key)
        .tenant_mask(MaskLayer::new());
    routes::of(scope, people, ingestion).with_state(store.clone()).layer(stack)
}
