//! The service: all of Portcullis is in `of`.

use std::time::Duration;

use axum::{Json, Router, routing::get};
use portcullis::{
    Bearer, BoxError, GuardLayer, Portcullis, Principal, Quota, RateLimit, Refusals, RequireScopes,
    jwt::{Algorithm, Claims, Issuer, Jwks, Jwt},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How the provider calls this service.
pub(crate) const AUDIENCE: &str = "reports";

/// What the service reads of a token.
#[derive(Deserialize)]
struct Person {
    sub: String,
}

/// The service, which believes this issuer. Its keys are there before it serves.
pub(crate) async fn of(issuer: &str, cool_down: Duration) -> Result<Router, BoxError> {
    // The name, the algorithms and the audience are what the provider's documentation says.
    let keys = Jwks::at(format!("{issuer}/jwks.json")).with_cool_down(cool_down);
    let issuer = Issuer::new(issuer, keys).with_algorithms([Algorithm::Es256]);
    let jwt = Jwt::<Person>::builder()
        .with_issuer(issuer)
        .with_audience(AUDIENCE)
        .with_type("at+jwt")
        .with_leeway(Duration::from_secs(5))
        .build()?;
    jwt.ready().await?;

    let refusals = Refusals::rfc6750().with_realm("reports");
    let readers = RequireScopes::new(["reports:read"], Claims::<Person>::may);
    let reports = get(reports).layer(GuardLayer::new(readers.with_refusals(&refusals)));
    let portcullis = Portcullis::new()
        .address_limit(RateLimit::by_address(Quota::per_minute(600)))
        .bearer(Bearer::new(jwt).with_refusals(refusals))
        .caller_limit(RateLimit::by(Quota::per_minute(60), |person: &Claims<Person>| &person.sub));
    Ok(Router::new().route("/me", get(me)).route("/reports", reports).layer(portcullis))
}

async fn me(person: Principal<Claims<Person>>) -> Json<Value> {
    Json(json!({ "sub": person.sub, "scopes": person.scopes() }))
}

async fn reports() -> Json<Value> {
    Json(json!(["Q3", "Q4"]))
}
