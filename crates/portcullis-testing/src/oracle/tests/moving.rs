//! What changes with every request, and what only seems to.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    channels::{
        Answered,
        Row::{Foreign, Missing},
        asked, fields, not_found, said,
    },
    *,
};

/// A 404 with this header and this body.
fn with(name: &'static str, value: &str, body: String) -> Answered {
    let mut response = said(StatusCode::NOT_FOUND, body);
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}

/// Counts answers.
fn turns() -> impl Fn() -> usize + Clone {
    let turn = Arc::new(AtomicUsize::new(0));
    move || turn.fetch_add(1, Ordering::Relaxed)
}

#[tokio::test]
async fn a_short_value_of_an_ignored_header_excuses_nothing_in_a_body() {
    let oracle = Oracle::new().ignoring_value_of(HeaderName::from_static("age"));
    let told = asked(&oracle, |row, _| {
        let matches = if row == Foreign { "1" } else { "0" };
        with("age", matches, format!(r#"{{"matches":{matches}}}"#))
    });
    let told = told.await;
    assert!(told.iter().any(|it| it.field() == "body"), "{told}");
}

#[tokio::test]
async fn a_value_that_stands_still_excuses_nothing_and_tells() {
    let told = fields(|row, _| {
        let owner = if row == Foreign { "globex-inc" } else { "nobody-inc" };
        with("x-request-id", owner, format!(r#"{{"owner":"{owner}"}}"#))
    });
    assert_eq!(told.await, ["body", "header x-request-id"]);
    let told = fields(|row, _| {
        let seconds = if row == Foreign { "3" } else { "3600" };
        with("x-ratelimit-reset", seconds, String::new())
    });
    assert_eq!(told.await, ["header x-ratelimit-reset"]);
}

#[tokio::test]
async fn what_was_named_to_be_ignored_may_stand_still() {
    let oracle = Oracle::new().ignoring_value_of(HeaderName::from_static("x-request-id"));
    let told = asked(&oracle, |row, _| {
        let id = if row == Foreign { "00000001" } else { "00000002" };
        with("x-request-id", id, String::new())
    });
    let told = told.await;
    assert!(told.is_empty(), "{told}");
}

#[tokio::test]
async fn machines_that_answer_in_turn_and_windows_that_begin_with_a_request_are_no_alarm() {
    let turn = turns();
    let in_turn = fields(move |_, _| {
        let machine = if turn().is_multiple_of(2) { "00000001" } else { "00000002" };
        with("x-request-id", machine, String::new())
    });
    assert_eq!(in_turn.await, [""; 0]);
    let windows = fields(|row, _| {
        let ends = if row == Foreign { "1795339199" } else { "1795339200" };
        with("x-ratelimit-reset", ends, String::new())
    });
    assert_eq!(windows.await, [""; 0]);
}

#[tokio::test]
async fn every_line_of_a_header_that_changes_may_be_repeated() {
    let turn = turns();
    let told = fields(move |_, _| {
        let (id, trace) = (turn(), turn() * 7_919);
        let body = format!(r#"{{"id":"{id:08x}","trace":"{trace:016x}"}}"#);
        let mut response = with("x-request-id", &format!("{id:08x}"), body);
        response.headers_mut().append("x-request-id", format!("{trace:016x}").parse().unwrap());
        response
    });
    assert_eq!(told.await, [""; 0]);
}

#[tokio::test]
async fn what_expires_by_the_clock_is_no_alarm() {
    let turn = turns();
    let told = fields(move |_, _| {
        let second = turn() / 101 % 60;
        with("expires", &format!("Sun, 22 Nov 2026 08:49:{second:02} GMT"), String::new())
    });
    assert_eq!(told.await, [""; 0]);
}

#[tokio::test]
async fn a_count_is_told_from_an_id_of_one_digit() {
    let app = service_fn(async |request: Request<RequestBody>| {
        let matches = if request.uri().path() == "/things/1" { 1 } else { 0 };
        Ok::<_, Infallible>(said(StatusCode::NOT_FOUND, format!(r#"{{"matches":{matches}}}"#)))
    });
    let request = |path: &str| Request::get(path).body("").unwrap();
    let told = Oracle::new().compare(app, request("/things/1"), request("/things/0")).await;
    assert!(told.iter().count() > 0);
    assert!(told.iter().all(|it| it.field() == "body"), "{told}");
    assert!(told.to_string().ends_with("if an answer does repeat it, ask for longer ones"));
}

#[tokio::test]
async fn a_limit_that_runs_out_between_two_is_no_leak() {
    let (oracle, turn) = (Oracle::new(), turns());
    let spent_once = asked(&oracle, move |_, _| match turn() {
        101 => said(StatusCode::TOO_MANY_REQUESTS, ""),
        _ => not_found(),
    });
    let spent_once = spent_once.await;
    assert!(spent_once.is_empty(), "{spent_once}");

    let turn = turns();
    let spent = asked(&oracle, move |_, _| match turn() {
        0..101 => not_found(),
        _ => said(StatusCode::TOO_MANY_REQUESTS, ""),
    });
    let spent = spent.await;
    assert_eq!(spent.iter().count(), 0, "{spent}");
    assert!(!spent.is_empty());

    let of_the_row = asked(&oracle, |row, _| match row {
        Foreign => said(StatusCode::TOO_MANY_REQUESTS, ""),
        Missing => not_found(),
    });
    let of_the_row = of_the_row.await.to_string();
    assert!(of_the_row.contains("status: 429 Too Many Requests if it is another's"));
    assert!(of_the_row.ends_with("raise it for this test"), "{of_the_row}");
}
