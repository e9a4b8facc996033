//! Bearer credentials alone, in one `Router::layer`, and the check that tower-http has.

use http::StatusCode;
use portcullis::{Bearer, GuardLayer, Outcome, Reason, Verify};
use tower_http::validate_request::ValidateRequestHeaderLayer;

use super::{OK, account, router};
use crate::{
    case::Case,
    proof::{Expected, Value},
    request::{Caller, KEY, PATH},
};

/// 100 accounts in a map, by their keys.
pub(super) fn looked_up_in_memory(caller: Caller) -> Case {
    behind(Bearer::from_fn(account::lookup()), caller)
}

/// One token, as tower-http's has, and a principal of no size.
pub(super) fn one_fixed_token(caller: Caller) -> Case {
    let verify = |token: &portcullis::Token| match token.as_bytes() == KEY.as_bytes() {
        true => Outcome::Accepted(()).into(),
        false => Outcome::Rejected(Reason::Unknown).into(),
    };
    behind(Bearer::from_fn(verify), caller)
}

/// A key that is digested and found in the cache.
pub(super) fn cached_key(caller: Caller) -> Case {
    behind(Bearer::new(account::keys()), caller)
}

fn behind<V: Verify>(bearer: Bearer<V>, caller: Caller) -> Case {
    let router = router().layer(GuardLayer::new(bearer)).with_state(());
    Case::new(router, caller, ok()).proven_by(PATH, Caller::Anonymous, refused("Bearer"))
}

/// A peer: one token, compared with `==`, a 401 without a challenge, no principal.
#[expect(deprecated, reason = "it is the bearer check that tower-http has")]
pub(super) fn tower_http(caller: Caller) -> Case {
    let router = router().layer(ValidateRequestHeaderLayer::bearer(KEY)).with_state(());
    let refused = Expected::status(StatusCode::UNAUTHORIZED)
        .header("www-authenticate", Value::Absent)
        .body("");
    Case::new(router, caller, ok()).proven_by(PATH, Caller::Anonymous, refused)
}

fn ok() -> Expected {
    Expected::status(StatusCode::OK).body(OK)
}

fn refused(challenge: &'static str) -> Expected {
    Expected::status(StatusCode::UNAUTHORIZED).header("www-authenticate", Value::Text(challenge))
}
