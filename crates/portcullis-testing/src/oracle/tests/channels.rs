//! What tells the two apart beside status, headers and body; and what repeats the request and tells
//! nothing.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use http::{Version, header::CONTENT_LENGTH};
use http_body::Frame;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use tower::service_fn;

use super::*;

pub(super) type Answered = Response<UnsyncBoxBody<Bytes, String>>;

const WORDS: &str = r#"{"detail":"Not Found"}"#;

pub(super) fn said(status: StatusCode, words: impl Into<Bytes>) -> Answered {
    let body = Full::new(words.into()).map_err(|never| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response
}

pub(super) fn not_found() -> Answered {
    said(StatusCode::NOT_FOUND, WORDS)
}

/// Whose is asked for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Row {
    Foreign,
    Missing,
}

use Row::{Foreign, Missing};

/// A service that answers by whose row it is.
pub(super) async fn asked(
    oracle: &Oracle,
    answer: impl Fn(Row, &Request<RequestBody>) -> Answered + Clone,
) -> Differences {
    let app = service_fn(|request: Request<RequestBody>| {
        let row = if request.uri().path() == "/things/2" { Foreign } else { Missing };
        std::future::ready(Ok::<_, Infallible>(answer(row, &request)))
    });
    let request = |path: &str| Request::get(path).body(r#"{"cents":7}"#).unwrap();
    oracle.compare(app, request("/things/2"), request("/things/404")).await
}

pub(super) async fn fields(
    answer: impl Fn(Row, &Request<RequestBody>) -> Answered + Clone,
) -> Vec<String> {
    let differences = asked(&Oracle::new(), answer).await;
    let mut fields: Vec<_> = differences.iter().map(|it| it.field().to_owned()).collect();
    fields.dedup();
    fields
}

/// A body in pieces, of which the last may be an error.
struct Pieces(VecDeque<Result<&'static str, String>>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        let piece = self.0.pop_front();
        Poll::Ready(piece.map(|it| it.map(|text| Frame::data(Bytes::from_static(text.as_bytes())))))
    }
}

fn in_pieces<const N: usize>(status: u16, pieces: [Result<&'static str, String>; N]) -> Answered {
    let mut response = Response::new(Pieces(pieces.into()).boxed_unsync());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

#[tokio::test]
async fn a_body_that_is_cut_off_hides_neither_its_status_nor_what_came_of_it() {
    let cut = |status, words| in_pieces(status, [Ok(words), Err("row 2 is gone".to_owned())]);
    let by_status = fields(|row, request| match (row, request.method()) {
        (Foreign, &Method::DELETE) => cut(200, "a"),
        (Missing, &Method::DELETE) => cut(404, "a"),
        _ => not_found(),
    });
    assert_eq!(by_status.await, ["status"]);
    let by_words = fields(|row, request| match (row, request.method()) {
        (Foreign, &Method::DELETE) => cut(404, "a"),
        (Missing, &Method::DELETE) => cut(404, "b"),
        _ => not_found(),
    });
    assert_eq!(by_words.await, ["body"]);
    let by_end = fields(|row, _| match row {
        Foreign => in_pieces(404, [Ok(WORDS), Err("row 2 is gone".to_owned())]),
        Missing => in_pieces(404, [Ok(WORDS)]),
    });
    assert_eq!(by_end.await, ["end of body"]);
    let by_nothing = fields(|_, request| {
        let why = format!("no {}", request.uri());
        in_pieces(404, [Ok(WORDS), Err(why)])
    });
    assert_eq!(by_nothing.await, [""; 0]);
}

#[tokio::test]
async fn the_version_and_the_framing_are_compared() {
    let by_version = fields(|row, _| {
        let mut response = not_found();
        if row == Foreign {
            *response.version_mut() = Version::HTTP_10;
        }
        response
    });
    assert_eq!(by_version.await, ["version"]);
    let by_framing = fields(|row, _| match row {
        Foreign => in_pieces(404, [Ok(WORDS)]),
        Missing => not_found(),
    });
    assert_eq!(by_framing.await, ["framing"]);
}

#[tokio::test]
async fn whether_the_body_was_asked_for_is_compared() {
    let service = service_fn(async |request: Request<RequestBody>| {
        if request.uri().path() == "/things/2" {
            let _ = request.into_body().collect().await;
        }
        Ok::<_, Infallible>(not_found())
    });
    let request = |path: &str| Request::get(path).body("{}").unwrap();
    let told = Oracle::new().compare(service, request("/things/2"), request("/things/9")).await;
    assert!(told.iter().count() > 0);
    assert!(told.iter().all(|it| it.field() == "request's body"), "{told}");
}

#[tokio::test]
async fn a_spent_limit_proves_nothing_and_hides_no_leak() {
    let asked_for = Arc::new(AtomicUsize::new(0));
    let told = asked(&Oracle::new(), move |row, request| {
        if asked_for.fetch_add(1, Ordering::Relaxed) >= 10 {
            return said(StatusCode::TOO_MANY_REQUESTS, "");
        }
        match (row, request.method()) {
            (Foreign, &Method::DELETE) => said(StatusCode::CONFLICT, ""),
            _ => not_found(),
        }
    })
    .await;
    assert_eq!(told.iter().count(), 0);
    assert!(!told.is_empty());
    let text = told.to_string();
    let first =
        "GET with if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT first: refused by a limit";
    assert!(text.contains(first), "{text}");
    assert!(text.contains("Raise the limit for this test"), "{text}");
}

#[tokio::test]
async fn what_has_no_end_is_not_waited_for() {
    let oracle = Oracle::new().with_timeout(Duration::from_millis(20)).with_body_limit(1_000);
    let never = || {
        let mut response = Response::new(StreamBody::new(Never).boxed_unsync());
        *response.status_mut() = StatusCode::OK;
        response
    };
    let leaking = asked(&oracle, move |row, _| if row == Foreign { never() } else { not_found() });
    let leaking = leaking.await.to_string();
    assert!(leaking.contains("status: 200 OK if it is another's"), "{leaking}");
    assert!(leaking.contains("end of body: without an end within 20ms"), "{leaking}");
    assert!(leaking.contains(" more pairs were not asked for"), "{leaking}");

    let both = asked(&oracle, move |_, request| match *request.method() {
        Method::PATCH => never(),
        _ => not_found(),
    });
    let both = both.await;
    assert!(!both.is_empty());
    assert!(both.to_string().contains("PATCH first: without an end within 20ms"), "{both}");

    let long = asked(&oracle, move |_, request| match *request.method() {
        Method::PATCH => said(StatusCode::NOT_FOUND, vec![b'a'; 1_001]),
        _ => said(StatusCode::NOT_FOUND, vec![b'a'; 1_000]),
    });
    let long = long.await.to_string();
    assert!(long.contains("PATCH first: longer than 1000 bytes"), "{long}");
}

/// A stream on which nothing ever comes.
struct Never;

impl futures_core::Stream for Never {
    type Item = Result<Frame<Bytes>, String>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_head_that_never_comes_is_not_waited_for() {
    let oracle = Oracle::new().with_timeout(Duration::from_millis(20));
    let service = service_fn(async |request: Request<RequestBody>| {
        if request.uri().path() == "/things/2" {
            std::future::pending::<()>().await;
        }
        Ok::<_, Infallible>(not_found())
    });
    let request = |path: &str| Request::get(path).body("").unwrap();
    let told = oracle.compare(service, request("/things/2"), request("/things/9")).await;
    let expected =
        "connection: no answer within 20ms if it is another's, 404 Not Found if it is missing";
    assert!(told.to_string().contains(expected), "{told}");
}

#[tokio::test]
async fn what_panics_when_nobody_waits_for_it_any_more_is_late() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("a lock was left behind");
            }
        }
    }
    let oracle = Oracle::new().with_timeout(Duration::from_millis(20));
    let service = service_fn(async |request: Request<RequestBody>| {
        if request.uri().path() == "/things/2" {
            let _held = Bomb;
            std::future::pending::<()>().await;
        }
        Ok::<_, Infallible>(not_found())
    });
    let request = |path: &str| Request::get(path).body("").unwrap();
    let told = oracle.compare(service, request("/things/2"), request("/things/9")).await;
    assert!(told.to_string().contains("connection: no answer within 20ms"), "{told}");
}

#[tokio::test]
async fn a_cost_is_not_looked_into_by_answers_without_an_end() {
    let oracle = Oracle::new().with_timeout(Duration::from_millis(20));
    let (asked_for, left) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(1_000_000)));
    let counted = Arc::clone(&asked_for);
    let told = asked(&oracle, move |row, _| {
        let cost = if row == Foreign { 5 } else { 1 };
        let now = counted.fetch_add(1, Ordering::Relaxed);
        let mut response = match now {
            0..4 => not_found(),
            _ => Response::new(StreamBody::new(Never).boxed_unsync()),
        };
        *response.status_mut() = StatusCode::NOT_FOUND;
        let left = left.fetch_sub(cost, Ordering::Relaxed);
        response.headers_mut().insert("x-ratelimit-remaining", left.into());
        response
    });
    assert!(!told.await.is_empty());
    let asked_for = asked_for.load(Ordering::Relaxed);
    assert!(asked_for <= 4 + MOST_LATE + 1, "{asked_for}");
}

#[tokio::test]
async fn the_validators_of_what_the_owner_got_are_asked_with() {
    let owners = Response::builder()
        .header("etag", "W/\"7\"")
        .header("last-modified", "Sat, 21 Nov 2026 08:49:37 GMT")
        .body(())
        .unwrap();
    let oracle = Oracle::new().with_validators_of(&owners);
    for (name, value) in [
        ("if-match", "\"7\""),
        ("if-none-match", "W/\"7\""),
        ("if-modified-since", "Sat, 21 Nov 2026 08:49:37 GMT"),
        ("if-unmodified-since", "Sat, 21 Nov 2026 08:49:37 GMT"),
        ("if-range", "Sat, 21 Nov 2026 08:49:37 GMT"),
    ] {
        let told = asked(&oracle, move |row, request| {
            let is_it = request.headers().get(name).is_some_and(|it| it == value);
            if row == Foreign && is_it { said(StatusCode::NOT_MODIFIED, "") } else { not_found() }
        });
        let told = told.await;
        let probe = format!("GET with {name}: {value}");
        assert!(told.iter().any(|it| it.probe() == probe && it.field() == "status"), "{told}");
    }
}

#[tokio::test]
async fn an_answer_may_repeat_its_own_request() {
    let told = asked(&Oracle::new(), |_, request| {
        static NEXT: AtomicUsize = AtomicUsize::new(0xe);
        let path = request.uri().path();
        let id = format!("{:08x}", NEXT.fetch_add(1, Ordering::Relaxed));
        let body = format!(r#"{{"instance":"{path}","request_id":"{id}"}}"#);
        let is_head = request.method() == Method::HEAD;
        let length = body.len();
        let mut response = said(StatusCode::NOT_FOUND, if is_head { String::new() } else { body });
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        response.headers_mut().insert("link", format!("<{path}/parts>").parse().unwrap());
        response.headers_mut().insert("x-request-id", id.parse().unwrap());
        response
    })
    .await;
    assert!(told.is_empty(), "{told}");
}

#[tokio::test]
async fn an_id_in_hexadecimal_may_lack_leading_zeros() {
    let next = Arc::new(AtomicUsize::new(0xf));
    let told = fields(move |_, _| {
        let mut response = not_found();
        let id = format!("{:x}", next.fetch_add(1, Ordering::Relaxed));
        response.headers_mut().insert("x-request-id", id.parse().unwrap());
        response
    });
    assert_eq!(told.await, [""; 0]);
}

#[tokio::test]
async fn what_is_said_of_the_row_is_no_repetition() {
    let body = fields(|row, _| {
        let words = if row == Foreign { "thing 2 is globex's" } else { "thing 404 is nobody's" };
        said(StatusCode::NOT_FOUND, words)
    });
    assert_eq!(body.await, ["body"]);
    let id = fields(|row, _| {
        let words = if row == Foreign { "no thing 2" } else { "no thing" };
        said(StatusCode::NOT_FOUND, words)
    });
    assert_eq!(id.await, ["body"]);
    let head = fields(|row, request| {
        let mut response = said(StatusCode::NOT_FOUND, "");
        if request.method() == Method::HEAD {
            let length = if row == Foreign { 12 } else { 10 };
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        response
    });
    assert_eq!(head.await, ["header content-length"]);
}
