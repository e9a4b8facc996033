//! What says of itself how it wants to be shown.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{
    HeaderValue,
    header::{LINK, SET_COOKIE},
};
use portcullis::{
    ApiError, Bearer, Clock, Code, GuardLayer, Hidden, Issue, MaskLayer, Memory, Principal, Quota,
    RateLimit,
};
use portcullis_tests::{Account, Keys};

use crate::source::Source;

pub(super) fn all() -> Vec<Source> {
    let (clock, _hand) = Clock::manual();
    let limit =
        RateLimit::by_address(Quota::per_hour(1)).with_store(Memory::new().with_clock(clock));
    let bearer = || GuardLayer::new(Bearer::new(Keys));
    let anything = || Router::new().fallback(async || ());
    vec![
        Source::route("an error with everything", 409, get(everything))
            .reads(EVERYTHING)
            .keeps("link", "</names>; rel=help")
            .keeps("retry-after", "3")
            .keeps("set-cookie", "a=1")
            .keeps("set-cookie", "b=2"),
        Source::route("an error with nothing", 500, get(async || Err::<(), _>(nothing()))),
        Source::beneath("bearer guard, none", 401, bearer(), anything())
            .says("Missing bearer token")
            .keeps("www-authenticate", "Bearer"),
        Source::beneath("bearer guard, another", 401, bearer(), anything())
            .asked(|ask| ask.key("stolen"))
            .says("Invalid bearer token")
            .keeps("www-authenticate", r#"Bearer error="invalid_token""#),
        Source::beneath("limit guard", 429, GuardLayer::new(limit), anything())
            .after(portcullis_tests::get("/"))
            .says("Rate limit exceeded")
            .waits(3_600, "3600")
            .keeps("x-ratelimit-limit", "1")
            .keeps("x-ratelimit-remaining", "0"),
        Source::beneath("mask", 404, MaskLayer::new(), Router::new().route("/", get(foreign)))
            .keeps("cache-control", "no-store"),
        Source::route("a principal without a guard", 500, get(async |_: Principal<Account>| ()))
            .reads(NO_PRINCIPAL),
    ]
}

async fn foreign() -> Result<(), Hidden> {
    Err(Hidden::foreign("globex"))
}

fn nothing() -> ApiError {
    ApiError::internal("the database is gone")
}

async fn everything() -> Result<(), ApiError> {
    Err(ApiError::conflict()
        .with_code(Code::new("NAME_TAKEN"))
        .with_message("Name is \"taken\"")
        .with_issue(Issue::new("unique", "Already in use").at("body").at("name"))
        .with_member("limit", 3)
        .with_header(LINK, HeaderValue::from_static("</names>; rel=help"))
        .with_header(SET_COOKIE, HeaderValue::from_static("a=1"))
        .with_header(SET_COOKIE, HeaderValue::from_static("b=2"))
        .with_retry_after(Duration::from_millis(2_001))
        .with_source("duplicate key value violates names_pkey"))
}

const EVERYTHING: [&str; 5] = [
    concat!(
        r#"{"detail":[{"loc":["body","name"],"msg":"Already in use","type":"unique"}],"#,
        r#""limit":3}"#
    ),
    concat!(
        r#"{"error":{"code":"NAME_TAKEN","message":"Name is \"taken\"","details":{"#,
        r#""formErrors":[],"fieldErrors":{"name":["Already in use"]}},"limit":3}}"#
    ),
    concat!(
        r#"{"type":"about:blank","title":"Conflict","status":409,"detail":"Name is \"taken\"","#,
        r##""code":"NAME_TAKEN","errors":[{"detail":"Already in use","code":"unique","##,
        r##""pointer":"#/name"}],"limit":3}"##
    ),
    r#"{"error":"NAME_TAKEN","message":"Name is \"taken\"","retry_after":3,"limit":3}"#,
    "409: Name is \"taken\"\nlimit is 3",
];

/// A contract that shows codes names the layer that is missing; nobody is told why.
const NO_PRINCIPAL: [&str; 5] = [
    r#"{"detail":"Internal Server Error"}"#,
    r#"{"error":{"code":"PRINCIPAL_MISSING","message":"Internal Server Error"}}"#,
    concat!(
        r#"{"type":"about:blank","title":"Internal Server Error","status":500,"#,
        r#""code":"PRINCIPAL_MISSING"}"#
    ),
    r#"{"error":"PRINCIPAL_MISSING","message":"Internal Server Error"}"#,
    "500: Internal Server Error",
];
