//! Random responses through the layer: nothing that must survive is lost, nothing stale stays, and
//! what is no error is not touched.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use portcullis_core::{ApiError, BoxError};
use proptest::{collection::vec, prelude::*, sample::select};
use tower::{Layer, ServiceExt, service_fn};

use crate::{Detail, EnvelopeLayer};

/// Headers that describe a body: they go with it.
const STALE: &[&str] = &[
    "content-length",
    "content-encoding",
    "content-range",
    "content-disposition",
    "content-language",
    "content-location",
    "content-digest",
    "repr-digest",
    "digest",
    "content-md5",
    "etag",
    "last-modified",
    "accept-ranges",
    "transfer-encoding",
    "trailer",
];

/// Headers that say something else, one of our own among them.
const LASTING: &[&str] = &[
    "allow",
    "www-authenticate",
    "set-cookie",
    "vary",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "access-control-allow-origin",
    "cache-control",
    "location",
    "link",
    "server-timing",
    "content-security-policy",
    "x-acme",
];

fn lines(names: &'static [&'static str]) -> impl Strategy<Value = Vec<(&'static str, String)>> {
    vec((select(names), "[!-~]([ -~]{0,20}[!-~])?"), 0..12)
}

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    is_ours: bool,
    content_type: Option<&'static str>,
    lasting: Vec<(&'static str, String)>,
    stale: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn answer() -> impl Strategy<Value = Answer> {
    let media_types = select(vec![
        None,
        Some("text/plain; charset=utf-8"),
        Some("text/html"),
        Some("application/json"),
        Some("application/octet-stream"),
    ]);
    let body = vec(any::<u8>(), 1..10_000);
    (100..=599_u16, any::<bool>(), media_types, lines(LASTING), lines(STALE), body).prop_map(
        |(status, is_ours, content_type, lasting, stale, body)| Answer {
            status,
            is_ours,
            content_type,
            lasting,
            stale,
            body,
        },
    )
}

impl Answer {
    fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(self.body.clone())));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in self.lasting.iter().chain(&self.stale) {
            let value = HeaderValue::from_str(value).unwrap();
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        if let Some(media_type) = self.content_type {
            let value = HeaderValue::from_static(media_type);
            response.headers_mut().insert("content-type", value);
        }
        if self.is_ours {
            response.extensions_mut().insert(ApiError::not_found().with_message("ours"));
        }
        response
    }
}

/// The answer's head and body, through the layer.
fn enveloped(answer: &Answer, method: Method) -> (StatusCode, HeaderMap, Bytes) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let inner = service_fn(async |_: Request<()>| Ok::<_, BoxError>(answer.response()));
        let request = Request::builder().method(method).body(()).unwrap();
        let response =
            EnvelopeLayer::new(Detail::new()).layer(inner).oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        (head.status, head.headers, body.collect().await.unwrap().to_bytes())
    })
}

fn all_lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

proptest! {
    #[test]
    fn what_must_survive_does_and_what_is_stale_does_not(answer in answer()) {
        let before = answer.response().headers().clone();
        let (status, headers, body) = enveloped(&answer, Method::GET);
        prop_assert_eq!(status.as_u16(), answer.status);

        let is_kept = answer.content_type == Some("application/json") && answer.status != 406;
        let is_error = answer.status >= 400;
        if !is_error || (is_kept && !answer.is_ours) {
            prop_assert_eq!(&headers, &before);
            prop_assert_eq!(&body, &Bytes::from(answer.body));
            return Ok(());
        }
        for name in LASTING {
            prop_assert_eq!(all_lines(&headers, name), all_lines(&before, name), "{}", name);
        }
        let is_range = answer.status == 416;
        let stays = |name: &&&str| is_range && ["content-range", "accept-ranges"].contains(*name);
        for name in STALE.iter().filter(stays) {
            prop_assert_eq!(all_lines(&headers, name), all_lines(&before, name), "{}", name);
        }
        let goes = |name: &&&str| **name != "content-length" && !stays(name);
        for name in STALE.iter().filter(goes) {
            prop_assert!(!headers.contains_key(*name), "{}", name);
        }
        prop_assert_eq!(&headers["content-type"], "application/json");
        let length = body.len().to_string();
        prop_assert_eq!(all_lines(&headers, "content-length"), [length.as_bytes()]);
        prop_assert!(body.starts_with(b"{\"detail\":\""), "{:?}", body);
    }

    #[test]
    fn head_says_of_an_error_what_get_says_and_sends_nothing(answer in answer()) {
        prop_assume!(answer.status >= 400);
        let (get_status, get_headers, _) = enveloped(&answer, Method::GET);
        let (status, headers, body) = enveloped(&answer, Method::HEAD);
        prop_assert_eq!((status, headers), (get_status, get_headers));
        let is_kept = answer.content_type == Some("application/json")
            && answer.status != 406
            && !answer.is_ours;
        prop_assert!(is_kept || body.is_empty());
    }
}
