//! What clients do with a 500, a 503 and what is their own fault.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, routing::get};
use portcullis::{ApiError, Detail, ErrorStatus, Portcullis};
use portcullis_tests::Server;

use crate::{client::Client, judge::judge, recorder::Recorder};

const OF_THE_PAGE: [Client; 2] = [Client::PageInPython, Client::PageInTypeScript];

/// The least of a first pause: 2⁰ seconds, and then the jitter.
const BASE: Duration = Duration::from_secs(1);

/// Fails once with this, and then never again.
fn fails_once(error: ApiError) -> Router {
    let has_failed = Arc::new(AtomicBool::new(false));
    let handler = async move |State(has_failed): State<Arc<AtomicBool>>| {
        if has_failed.swap(true, Ordering::Relaxed) { Ok("here") } else { Err(error) }
    };
    let service = Router::new().route("/", get(handler)).with_state(has_failed);
    service.layer(Portcullis::new().envelope(Detail::new()))
}

async fn backs_off(status: ErrorStatus) {
    for client in OF_THE_PAGE {
        let service = Server::of(fails_once(ApiError::new(status))).await;
        let recorder = Recorder::before(&service.address().to_string(), 0).await;
        let Some(ended_with) = client.get(&recorder.url("/"), "any").await else { continue };
        let exchanges = recorder.exchanges();
        let statuses: Vec<_> = exchanges.iter().map(|it| it.status).collect();
        assert_eq!((&*statuses, ended_with), (&[status.as_u16(), 200][..], 200), "{client:?}");
        let paused = exchanges[1].came - exchanges[0].answered;
        assert!(paused + client.tick() >= BASE, "{client:?} came again after {paused:?}");
    }
}

#[tokio::test]
async fn the_pages_clients_back_off_from_a_500() {
    backs_off(ErrorStatus::INTERNAL_SERVER_ERROR).await;
}

#[tokio::test]
async fn the_pages_clients_back_off_from_a_503() {
    backs_off(ErrorStatus::SERVICE_UNAVAILABLE).await;
}

#[tokio::test]
async fn the_pages_clients_take_their_own_faults_for_an_answer() {
    let nothing = Router::new().layer(Portcullis::new().envelope(Detail::new()));
    let service = Server::of(nothing).await;
    for client in OF_THE_PAGE {
        let recorder = Recorder::before(&service.address().to_string(), 0).await;
        let Some(ended_with) = client.get(&recorder.url("/"), "any").await else { continue };
        assert_eq!((recorder.exchanges().len(), ended_with), (1, 404), "{client:?}");
    }
}

#[tokio::test]
async fn libraries_come_again_when_a_503_says_and_not_before() {
    for client in [Client::Urllib3, Client::HttpxRetries, Client::Got, Client::Ky] {
        let unavailable = ApiError::new(ErrorStatus::SERVICE_UNAVAILABLE);
        let error = unavailable.with_retry_after(Duration::from_secs(2));
        let service = Server::of(fails_once(error)).await;
        let recorder = Recorder::before(&service.address().to_string(), 0).await;
        let Some(ended_with) = client.get(&recorder.url("/"), "any").await else { continue };
        let exchanges = recorder.exchanges();
        judge(&exchanges, 503, client.tick())
            .unwrap_or_else(|fault| panic!("{client:?}, {fault}: {exchanges:#?}"));
        assert_eq!(ended_with, 200);
    }
}
