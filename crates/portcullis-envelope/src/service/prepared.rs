//! Errors whose bodies are written once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use portcullis_core::{ApiError, BoxError, Code};
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    CodePlace, Detail, Envelope, EnvelopeLayer, Flat, OwnEnvelope, ProblemDetails, Rendered,
};

/// What a client reads when a service under this layer answers with this error.
async fn read<E: Envelope>(layer: &EnvelopeLayer<E>, error: &ApiError) -> String {
    body(answer(layer, "/tickets", error.clone()).await).await
}

async fn answer<E: Envelope>(
    layer: &EnvelopeLayer<E>,
    path: &str,
    error: ApiError,
) -> Response<Full<Bytes>> {
    let inner = service_fn(move |_: Request<()>| {
        let error = error.clone();
        async { Ok::<_, BoxError>(error.into_response()) }
    });
    layer.layer(inner).oneshot(Request::builder().uri(path).body(()).unwrap()).await.unwrap()
}

async fn body(response: Response<Full<Bytes>>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// Says how often it was asked.
struct Counting {
    asked: Arc<AtomicUsize>,
    repeats: bool,
}

impl Envelope for Counting {
    fn render(&self, _error: &ApiError) -> Rendered {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        Rendered::new(HeaderValue::from_static("text/plain"), asked.to_string())
    }

    fn repeats(&self, _error: &ApiError) -> bool {
        self.repeats
    }
}

#[tokio::test]
async fn a_body_that_repeats_is_written_once_and_no_other_is() {
    let error = ApiError::conflict().with_message("Sold out");
    for (repeats, error, read_in_turn) in [
        (true, error.clone().prepared(), ["1", "1", "1"]),
        (false, error.clone().prepared(), ["1", "2", "3"]),
        (true, error, ["1", "2", "3"]),
    ] {
        let layer = EnvelopeLayer::new(Counting { asked: Arc::default(), repeats });
        for expected in read_in_turn {
            assert_eq!(read(&layer, &error).await, expected);
        }
    }
}

#[tokio::test]
async fn a_prepared_error_reads_as_each_envelope_says() {
    let error = ApiError::conflict().with_code(Code::new("SOLD_OUT")).with_message("Sold out");
    let prepared = error.clone().prepared();
    let details = [
        EnvelopeLayer::new(Detail::new()),
        EnvelopeLayer::new(Detail::new().with_code(CodePlace::Beside)),
        EnvelopeLayer::new(Detail::new()).with_instance(),
    ];
    for _ in 0..2 {
        for layer in &details {
            assert_eq!(read(layer, &prepared).await, read(layer, &error).await);
        }
        let problems = EnvelopeLayer::new(ProblemDetails::new());
        assert_eq!(read(&problems, &prepared).await, read(&problems, &error).await);
        let own = error.clone().with_extension(OwnEnvelope::new(Flat::new()));
        assert_eq!(read(&details[0], &own.clone().prepared()).await, read(&details[0], &own).await);
    }
    let instances = EnvelopeLayer::new(Detail::new()).with_instance();
    for path in ["/a", "/b"] {
        let read = body(answer(&instances, path, prepared.clone()).await).await;
        assert_eq!(read, format!(r#"{{"detail":"Sold out","instance":"{path}"}}"#));
    }
}

#[tokio::test]
async fn what_differs_from_answer_to_answer_is_never_kept() {
    let prepared = ApiError::too_many_requests(Duration::ZERO).prepared();
    let flat = EnvelopeLayer::new(Flat::new());
    for seconds in [2, 9] {
        let error = prepared.clone().with_retry_after(Duration::from_secs(seconds));
        assert!(read(&flat, &error).await.contains(&format!(r#""retry_after":{seconds}"#)));
    }
    let detail = EnvelopeLayer::new(Detail::new());
    assert_eq!(read(&detail, &prepared).await, r#"{"detail":"Too Many Requests"}"#);
    let changed = prepared.clone().with_message("Slow down");
    assert_eq!(read(&detail, &changed).await, r#"{"detail":"Slow down"}"#);
    assert_eq!(read(&detail, &prepared).await, r#"{"detail":"Too Many Requests"}"#);
}

#[tokio::test]
async fn an_error_that_was_written_is_left_alone_and_written_anew_in_another_answer() {
    let detail = EnvelopeLayer::new(Detail::new());
    let flat = EnvelopeLayer::new(Flat::new());
    let inner = answer(&detail, "/", ApiError::not_found().prepared()).await;
    let error = inner.extensions().get::<ApiError>().cloned().unwrap();

    let inner = Arc::new(Mutex::new(Some(inner)));
    let around = service_fn(move |_: Request<()>| {
        let inner = inner.lock().unwrap().take();
        async move { inner.ok_or_else(|| BoxError::from("one answer")) }
    });
    let outer = flat.layer(around).oneshot(Request::new(())).await.unwrap();
    assert_eq!(body(outer).await, r#"{"detail":"Not Found"}"#);

    assert_eq!(read(&flat, &error).await, r#"{"error":"not_found","message":"Not Found"}"#);
}
