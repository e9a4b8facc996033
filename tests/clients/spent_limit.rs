//! The helpdesk's limit of a key is spent, and each client asks nevertheless.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use portcullis_tests::Example;

use crate::{
    client::Client,
    recorder::{Exchange, Recorder},
};

/// One, and another after almost two seconds: a `Retry-After` of 2, which is no library's own first
/// pause.
const KEY_LIMIT: &str = "1/1900ms";

async fn gets_through_on_the_first_retry(client: Client) {
    let env = BTreeMap::from([("KEY_LIMIT".to_owned(), KEY_LIMIT.to_owned())]);
    let desk = Example::start("helpdesk", &env).await;
    let recorder = Recorder::before(desk.address(), 1).await;
    let url = recorder.url("/v1/tickets/1");
    let Some(ended_with) = client.get(&url, "hd_acme_full").await else { return };
    assert_eq!(ended_with, 200);
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.first().map(|it| &*it.retry_after), Some("2"), "{exchanges:#?}");
    judge(&exchanges, client.tick()).unwrap_or_else(|fault| panic!("{fault}: {exchanges:#?}"));
}

/// What is not as it should be: a 429, a pause of at least its `Retry-After`, a 200, and nothing
/// else.
fn judge(exchanges: &[Exchange], tick: Duration) -> Result<(), String> {
    let [refused, admitted] = exchanges else { return Err("not two requests".to_owned()) };
    if (refused.status, admitted.status) != (429, 200) {
        return Err("not a 429 and then a 200".to_owned());
    }
    let seconds = refused.retry_after.parse().map_err(|_| "no Retry-After in seconds")?;
    let paused = admitted.came - refused.answered;
    if paused + tick < Duration::from_secs(seconds) {
        return Err(format!("came again after {paused:?}"));
    }
    Ok(())
}

#[tokio::test]
async fn the_python_client_of_the_page_gets_through() {
    gets_through_on_the_first_retry(Client::PageInPython).await;
}

#[tokio::test]
async fn the_typescript_client_of_the_page_gets_through() {
    gets_through_on_the_first_retry(Client::PageInTypeScript).await;
}

#[tokio::test]
async fn urllib3_gets_through() {
    gets_through_on_the_first_retry(Client::Urllib3).await;
}

#[tokio::test]
async fn httpx_with_httpx_retries_gets_through() {
    gets_through_on_the_first_retry(Client::HttpxRetries).await;
}

#[tokio::test]
async fn got_gets_through() {
    gets_through_on_the_first_retry(Client::Got).await;
}

#[tokio::test]
async fn ky_gets_through() {
    gets_through_on_the_first_retry(Client::Ky).await;
}

#[test]
fn who_comes_too_early_or_too_often_is_noticed() {
    let start = Instant::now();
    let at = |came, status| Exchange {
        came: start + Duration::from_millis(came),
        status,
        retry_after: "2".to_owned(),
        answered: start + Duration::from_millis(came + 1),
    };
    let judged = |exchanges: &[Exchange]| judge(exchanges, Duration::ZERO);
    assert_eq!(judged(&[at(0, 429), at(2_001, 200)]), Ok(()));
    for wrong in [
        &[at(0, 200)][..],
        &[at(0, 429), at(2_000, 200)],
        &[at(0, 429), at(2_001, 429)],
        &[at(0, 429), at(500, 429), at(2_502, 200)],
        &[at(0, 503), at(2_001, 200)],
    ] {
        assert!(judged(wrong).is_err(), "{wrong:#?}");
    }
}
