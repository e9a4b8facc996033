//! The helpdesk's limit of a key is spent, and each client asks nevertheless.

use std::collections::BTreeMap;

use portcullis_tests::Example;

use crate::{client::Client, judge::judge, recorder::Recorder};

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
    judge(&exchanges, 429, client.tick()).unwrap_or_else(|fault| panic!("{fault}: {exchanges:#?}"));
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
