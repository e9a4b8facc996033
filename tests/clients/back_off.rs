//! What the page's own clients do with a 500, a 503 and what is their own fault.

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

use crate::{client::Client, recorder::Recorder};

const OF_THE_PAGE: [Client; 2] = [Client::PageInPython, Client::PageInTypeScript];

/// The least of a first pause: 2⁰ seconds, and then the jitter.
const BASE: Duration = Duration::from_secs(1);

/// Fails once with this status, and then never again.
fn fails_once(status: ErrorStatus) -> Router {
    let has_failed = Arc::new(AtomicBool::new(false));
    let handler = async move |State(has_failed): State<Arc<AtomicBool>>| match has_failed
        .swap(true, Ordering::Relaxed)
    {
        false => Err(ApiError::new(status)),
        true => Ok("here"),
    };
    let service = Router::new().route("/", get(handler)).with_state(has_failed);
    service.layer(Portcullis::new().envelope(Detail::new()))
}

async fn backs_off(status: ErrorStatus) {
    for client in OF_THE_PAGE {
        let service = Server::of(fails_once(status)).await;
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
