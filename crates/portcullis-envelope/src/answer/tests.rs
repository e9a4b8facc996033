//! An answer that is repeated reads as one that is made anew.

use std::{num::NonZeroU64, time::Duration};

use bytes::Bytes;
use http::{
    Extensions, HeaderValue, Method, Request, Response, StatusCode,
    header::{RETRY_AFTER, SERVER, VARY},
    request::Parts,
};
use http_body_util::{BodyExt, Full};
use portcullis_core::{
    Admission, Allowance, ApiError, ErrorStatus, Guard, Guards, Verdict, X_RATELIMIT_REMAINING,
    X_RATELIMIT_RESET,
    stack::{Progress, Stamps},
};

use super::Refused;
use crate::{
    Detail, Envelope, EnvelopeLayer, Final, Flat, OwnEnvelope,
    finish::Finish,
    head::By,
    renderer::{Asked, Renderer},
};

/// Lies in an error's extensions.
#[derive(Clone, Debug, PartialEq)]
struct Beside(u8);

/// Errors, of each kind that has something of its own.
fn errors() -> Vec<ApiError> {
    let of = |status| ApiError::new(status).with_message("No");
    let value = HeaderValue::from_static;
    vec![
        of(ErrorStatus::TOO_MANY_REQUESTS),
        of(ErrorStatus::UNAUTHORIZED),
        of(ErrorStatus::FORBIDDEN).with_extension(Beside(1)).with_extension(Beside(2)),
        of(ErrorStatus::CONFLICT)
            .with_header(VARY, value("accept"))
            .with_header(VARY, value("origin")),
        of(ErrorStatus::CONFLICT).with_header(RETRY_AFTER, value("soon")),
        of(ErrorStatus::CONFLICT).with_header(X_RATELIMIT_REMAINING, value("7")),
        of(ErrorStatus::CONFLICT).with_header(X_RATELIMIT_RESET, value("7")),
        of(ErrorStatus::try_from(StatusCode::RANGE_NOT_SATISFIABLE).unwrap()),
        of(ErrorStatus::SERVICE_UNAVAILABLE).with_source("the database is gone"),
        of(ErrorStatus::CONFLICT).with_extension(OwnEnvelope::new(Flat::new())),
        of(ErrorStatus::CONFLICT).with_extension(Final),
    ]
}

/// The error with what may differ from answer to answer, and who has admitted the request before.
fn told(error: &ApiError) -> Vec<(ApiError, Admits)> {
    let waits = [None, Some(1), Some(70_000)];
    let mut told = Vec::new();
    for (wait, allowance) in waits.iter().flat_map(|wait| allowances().map(|it| (wait, it))) {
        let mut error = error.clone();
        if let Some(seconds) = wait {
            error = error.with_retry_after(Duration::from_secs(*seconds));
        }
        if let Some(allowance) = allowance {
            error = error.with_allowance(allowance);
        }
        let paired = allowances().map(|allowance| Admits(allowance, false));
        let admitting = paired.into_iter().chain([Admits(None, true)]);
        told.extend(admitting.map(|admits| (error.clone(), admits)));
    }
    told
}

fn allowances() -> [Option<Allowance>; 4] {
    [
        None,
        Some(Allowance::new(5, 0)),
        Some(Allowance::new(6, 4_000)),
        Some(Allowance::new(7, 3).with_reset(NonZeroU64::MIN)),
    ]
}

/// A guard that admits, with this pair on the answer, or with a header.
#[derive(Debug)]
struct Admits(Option<Allowance>, bool);

impl Guard for Admits {
    fn check(&self, _head: &mut Parts) -> Verdict {
        let mut admission = Admission::new();
        if let Some(allowance) = self.0 {
            admission = admission.with_allowance(allowance);
        }
        if self.1 {
            admission = admission.with_header(SERVER, HeaderValue::from_static("ours"));
        }
        Verdict::from(admission)
    }
}

impl Admits {
    fn stamps(&self) -> Stamps {
        let (mut head, ()) = Request::new(()).into_parts();
        let mut progress = Progress::default();
        assert!(self.ask(&mut progress, &mut head).is_ok());
        progress.stamps
    }
}

/// All that is to be seen of an answer: the headers in their order.
type Seen = (StatusCode, Vec<(String, HeaderValue)>, Bytes, Option<String>, [Option<u8>; 2]);

async fn seen(response: Response<Full<Bytes>>) -> Seen {
    let (head, body) = response.into_parts();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.clone()));
    let error = head.extensions.get::<ApiError>();
    let error = error.map(|it| format!("{it:?} {:?} {:?}", it.retry_after(), it.allowance()));
    let left = [
        head.extensions.get::<Final>().map(|_| 0),
        head.extensions.get::<Beside>().map(|Beside(number)| *number),
    ];
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, headers.collect(), body, error, left)
}

/// What each layer would have made of it.
fn anew<E: Envelope>(
    renderer: &Renderer<E>,
    error: ApiError,
    stamps: Stamps,
    asked: &Asked,
) -> Response<Full<Bytes>> {
    let mut response = error.into_response();
    stamps.stamp(&mut response);
    assert!(matches!(renderer.finish(&mut response, asked), Finish::Now));
    response
}

async fn compare<E: Envelope>(layer: &EnvelopeLayer<E>) {
    let renderer = layer.renderer();
    let mut compared = 0;
    for error in errors() {
        let plain = told(&error);
        // Each of them comes first once, and what was kept of it must do for no other.
        for first in 0..plain.len() {
            let prepared = told(&error.clone().prepared());
            for place in (first..plain.len()).chain(0..first) {
                let method = if place % 3 == 0 { Method::HEAD } else { Method::GET };
                let request = Request::builder().method(method).uri("/a").body(()).unwrap();
                let asked = renderer.note(&request);

                let (error, admits) = &prepared[place];
                let mut extensions = Extensions::new();
                error.extend(&mut extensions);
                let refused = Refused { by: By::Guard, error: error.clone(), extensions };
                let whole = |Refused { error, .. }: Refused| error.into_response();
                let answer = renderer.answer(refused, admits.stamps(), &asked, whole);

                let (error, admits) = &plain[place];
                let anew = anew(&renderer, error.clone(), admits.stamps(), &asked);
                assert_eq!(seen(answer).await, seen(anew).await, "{admits:?} after {first}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 39_600, "11 errors, told and admitted in 60 ways, from each on");
}

#[tokio::test]
async fn a_repeated_answer_is_the_same_as_a_new_one() {
    compare(&EnvelopeLayer::new(Detail::new())).await;
    compare(&EnvelopeLayer::new(Flat::new())).await;
}

#[test]
fn two_who_refuse_with_one_error_do_not_take_each_others_headers() {
    let layer = EnvelopeLayer::new(Detail::new());
    let renderer = layer.renderer();
    let error = ApiError::not_found().prepared();
    let asked = renderer.note(&Request::new(()));
    for _ in 0..3 {
        for by in [By::Guard, By::Mask] {
            let refused = Refused { by, error: error.clone(), extensions: Extensions::new() };
            let plain = |Refused { by, error, .. }: Refused| {
                let mut response = error.into_response::<Full<Bytes>>();
                if matches!(by, By::Mask) {
                    response.headers_mut().insert(VARY, HeaderValue::from_static("cookie"));
                }
                response
            };
            let answer = renderer.answer(refused, Stamps::default(), &asked, plain);
            assert_eq!(answer.headers().contains_key(VARY), matches!(by, By::Mask));
        }
    }
}

#[test]
fn what_is_logged_or_shows_something_of_the_request_is_answered_anew_each_time() {
    let plain = ApiError::conflict().prepared();
    let caused = ApiError::unavailable("the database is gone").prepared();
    let layer = EnvelopeLayer::new(Detail::new());
    let showing = layer.clone().with_instance();
    for (layer, error, expected) in
        [(&layer, &plain, 1), (&layer, &caused, 3), (&showing, &plain, 3)]
    {
        let renderer = layer.renderer();
        let asked = renderer.note(&Request::new(()));
        let mut anew = 0;
        for _ in 0..3 {
            let (error, extensions) = (error.clone(), Extensions::new());
            let refused = Refused { by: By::Guard, error, extensions };
            let whole = |Refused { error, .. }: Refused| {
                anew += 1;
                error.into_response::<Full<Bytes>>()
            };
            renderer.answer(refused, Stamps::default(), &asked, whole);
        }
        assert_eq!(anew, expected, "{error:?}");
    }
}
