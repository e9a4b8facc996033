mod channels;
mod costs;
mod moving;

use std::convert::Infallible;

use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use tower::service_fn;

use super::*;

type Said = Response<BoxBody<Bytes, Infallible>>;

fn full(text: &'static str) -> BoxBody<Bytes, Infallible> {
    Full::from(text).boxed()
}

fn not_found() -> Said {
    let mut response = Response::new(full(r#"{"detail":"Not Found"}"#));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A service that answers what is missing with 404, and what is another's with this.
async fn compared(foreign: impl Fn(&Request<RequestBody>) -> Said + Clone) -> Differences {
    compared_by(&Oracle::new(), foreign, |_| not_found()).await
}

async fn compared_by(
    oracle: &Oracle,
    foreign: impl Fn(&Request<RequestBody>) -> Said + Clone,
    missing: impl Fn(&Request<RequestBody>) -> Said + Clone,
) -> Differences {
    let app = service_fn(|request: Request<RequestBody>| {
        let is_foreign = request.uri().path() == "/2";
        let answer = if is_foreign { foreign(&request) } else { missing(&request) };
        std::future::ready(Ok::<_, Infallible>(answer))
    });
    let request = |path: &str| Request::get(path).body(r#"{"cents":7}"#).unwrap();
    oracle.compare(app, request("/2"), request("/9")).await
}

fn with_header(name: &'static str, value: &'static str) -> Said {
    let mut response = not_found();
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

#[tokio::test]
async fn answers_that_are_the_same_cannot_be_told_apart() {
    let differences = compared(|_| not_found()).await;
    assert!(differences.is_empty(), "{differences}");
    assert!(differences.pairs() > 100, "{}", differences.pairs());
}

#[tokio::test]
async fn one_request_twice_proves_nothing() {
    let app = service_fn(async |_: Request<RequestBody>| Ok::<_, Infallible>(not_found()));
    let request = || Request::get("/2").body("").unwrap();
    let told = Oracle::new().compare(app, request(), request()).await;
    assert!(!told.is_empty());
    assert_eq!(told.to_string(), "both requests are the same, so nothing was compared");
}

#[tokio::test]
async fn every_field_that_differs_is_named_with_what_was_asked() {
    let told = compared(|request| {
        if request.method() != Method::DELETE || request.headers().contains_key("if-match") {
            return not_found();
        }
        let mut response = with_header("etag", "\"7\"");
        *response.status_mut() = StatusCode::FORBIDDEN;
        *response.body_mut() = full("globex's\n");
        response
    })
    .await;
    let text = told.to_string();
    let first: Vec<_> = text.lines().take(5).collect();
    assert_eq!(
        first,
        [
            "another tenant's resource can be told from a missing one",
            "  DELETE",
            r#"    status: 403 Forbidden if it is another's, 404 Not Found if it is missing"#,
            r#"    header etag: "\"7\"" if it is another's, none if it is missing"#,
            r#"    body: "globex\'s\n" if it is another's, "{\"detail\":\"Not Found\"}" if it is missing"#,
        ]
    );
    assert!(
        told.iter().all(|it| it.probe().starts_with("DELETE") && !it.probe().contains("if-match"))
    );
}

#[tokio::test]
async fn what_only_a_precondition_or_a_body_brings_out_is_found() {
    let precondition = compared(|request| {
        let mut response = not_found();
        if request.headers().get("if-none-match").is_some_and(|value| value == "*") {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    });
    let probes: Vec<_> = precondition.await.iter().map(|it| it.probe().to_owned()).collect();
    assert!(probes.contains(&"GET with if-none-match: *".to_owned()), "{probes:?}");

    let body = compared(|request| {
        let mut response = not_found();
        if request.body().size_hint().exact() == Some(1) {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    });
    let probes: Vec<_> = body.await.iter().map(|it| it.probe().to_owned()).collect();
    assert_eq!(
        probes,
        ["POST", "PUT", "PATCH", "DELETE"].map(|method| format!("{method} with a malformed body"))
    );
}

#[tokio::test]
async fn trailers_the_order_of_headers_and_a_cut_connection_are_found() {
    let streamed = |trailers: Option<HeaderMap>| {
        let data = Frame::data(Bytes::from_static(br#"{"detail":"Not Found"}"#));
        let frames =
            [data].into_iter().chain(trailers.map(Frame::trailers)).map(Ok::<_, Infallible>);
        let body = StreamBody::new(Frames(frames.collect()));
        not_found().map(|_| BodyExt::boxed(body))
    };
    let trailers =
        HeaderMap::from_iter([(HeaderName::from_static("x-sum"), HeaderValue::from_static("7"))]);
    let oracle = Oracle::new();
    let trailed =
        compared_by(&oracle, move |_| streamed(Some(trailers.clone())), move |_| streamed(None));
    assert!(trailed.await.iter().all(|it| it.field() == "trailer x-sum"));

    let headers = |names: [&'static str; 2]| {
        let mut response = not_found();
        for name in names {
            response.headers_mut().insert(name, HeaderValue::from_static("1"));
        }
        response
    };
    let reordered =
        compared_by(&oracle, move |_| headers(["x-a", "x-b"]), move |_| headers(["x-b", "x-a"]));
    assert!(reordered.await.iter().all(|it| it.field() == "order of headers"));

    let cut = compared(|request| match *request.method() {
        Method::PATCH => panic!("row 2 is locked"),
        _ => not_found(),
    })
    .await;
    assert!(cut.iter().all(|it| it.field() == "connection"), "{cut}");
    assert!(cut.to_string().contains("the service panicked if it is another's"), "{cut}");
}

/// A stream of frames.
struct Frames(std::collections::VecDeque<Result<Frame<Bytes>, Infallible>>);

impl futures_core::Stream for Frames {
    type Item = Result<Frame<Bytes>, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.pop_front())
    }
}

#[tokio::test]
async fn a_named_header_may_have_another_value_and_not_another_form() {
    let oracle = Oracle::new().ignoring_value_of(HeaderName::from_static("server-timing"));
    let timed = |value| move |_: &Request<RequestBody>| with_header("server-timing", value);
    let same = compared_by(&oracle, timed("db;dur=5.32"), timed("db;dur=41.0")).await;
    assert!(same.is_empty(), "{same}");
    let twice = compared_by(&oracle, timed("db;dur=5.32, row;dur=1"), timed("db;dur=41.0")).await;
    assert!(twice.iter().all(|it| it.field() == "header server-timing"));
    assert!(!twice.is_empty());
    let absent = compared_by(&oracle, timed("db;dur=5.32"), |_| not_found()).await;
    assert!(!absent.is_empty());
}

#[tokio::test]
#[should_panic(
    expected = "nothing was answered 404, so nothing was hidden: what is missing got 401 Unauthorized"
)]
async fn forgotten_credentials_prove_nothing() {
    let app = service_fn(async |_: Request<RequestBody>| {
        let mut response = not_found();
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        Ok::<_, Infallible>(response)
    });
    let request = |path: &str| Request::get(path).body("").unwrap();
    assert_indistinguishable(app, request("/2"), request("/9")).await;
}
