//! Portcullis in front of the assessments.

use axum::Router;
use portcullis::{
    Bearer, CodePlace, Detail, IssuesAs, MaskLayer, Permit, Portcullis, Quota, RateLimit, Reason,
    Refusals, catalogue,
};

use crate::{
    caller::Caller,
    routes::{self, LOGIN, SECOND_FACTOR, Service},
};

pub(crate) struct Limits {
    pub(crate) address: Quota,
    pub(crate) key: Quota,
}

catalogue! {
    pub(crate) SIGN_IN { EMAIL_NOT_VERIFIED: 403, "Verify your e-mail address first"; }
}

/// What a role that is too low reads, on an assessment of one's own too.
pub(crate) const READ_ONLY: &str = "Your role may only read";

// --- Portcullis ---
pub(crate) fn protect(service: Service, limits: &Limits) -> Router {
    let refusals = Refusals::fastapi().with_message(Reason::NotPermitted, READ_ONLY);
    let writers = Permit::only(Caller::may_write).with_refusals(&refusals);
    let bearer = Bearer::new(service.accounts.keys())
        .with_refusals(refusals)
        .exempt(LOGIN)
        .exempt(SECOND_FACTOR);
    let spent = "Rate limit exceeded. Retry after {retry_after}s.";
    let per_address = RateLimit::by_address(limits.address).with_message(spent).silent();
    let per_key = RateLimit::by(limits.key, |caller: &Caller| &caller.name).with_message(spent);
    let stack = Portcullis::new()
        .envelope(Detail::new().with_code(CodePlace::Beside).with_issues(IssuesAs::Text))
        .address_limit(per_address)
        .bearer(bearer)
        .caller_limit(per_key)
        .tenant_mask(MaskLayer::new());
    routes::of(writers).with_state(service).layer(stack)
}
