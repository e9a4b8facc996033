//! A forgotten layer is a 500 with a code, and a line in the log that names it.

use axum::{Router, routing::get as on_get};
use portcullis::{
    Bearer, ErrorObject, GuardLayer, PRINCIPAL_MISSING, Permit, Portcullis, Principal,
    RequireScopes,
};
use portcullis_tests::get;

use crate::{
    secrecy::was_logged,
    service::{Caller, OneKey, answer},
};

#[tokio::test]
async fn who_asks_for_a_principal_without_a_bearer_is_told_which_layer_is_missing() {
    let handler = || on_get(async |_: Principal<Caller>| "served");
    let scopes = GuardLayer::new(RequireScopes::new(["a"], |_: &Caller, _: &str| true));
    let permit = GuardLayer::new(Permit::only(|_: &Caller| true));
    let app = Router::new()
        .route("/handler", handler())
        .route("/scopes", on_get(async || "served").layer(scopes))
        .route("/permit", on_get(async || "served").layer(permit))
        .route("/optional", on_get(async |caller: Option<Principal<Caller>>| format!("{caller:?}")))
        .layer(Portcullis::new().envelope(ErrorObject::new()));

    for (path, who) in [
        ("/handler", "a handler"),
        ("/optional", "a handler"),
        ("/scopes", "a RequireScopes"),
        ("/permit", "a Permit"),
    ] {
        let answer = answer(&app, get(path)).await;
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.text().contains(PRINCIPAL_MISSING.as_str()), "{}", answer.text());
        assert!(was_logged(&format!(
            "{who} asks for a Principal that no guard provides: add a Bearer"
        )));
    }
}

#[tokio::test]
async fn who_asks_for_another_principal_than_the_bearers_is_not_told_that_nobody_called() {
    let app = Router::new()
        .route("/", on_get(async |caller: Option<Principal<u8>>| format!("{caller:?}")))
        .layer(Portcullis::new().bearer(Bearer::new(OneKey)));
    assert_eq!(answer(&app, get("/").key("hunter2")).await.status, 500);
}
