use std::{error::Error, fmt, future::ready, panic::resume_unwind};

use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use portcullis::{
    ApiError, BoxError, BoxFuture, Final, Hidden, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING,
};

use super::bodies::{Late, Trap};

/// What a service does when it is called.
#[derive(Clone, Copy)]
pub(super) struct Behaviour {
    pub(super) name: &'static str,
    pub(super) outcome: fn() -> Outcome,
}

/// What becomes of a call.
pub(super) type Outcome = BoxFuture<Result<Response, BoxError>>;

pub(super) const ALL: [Behaviour; 28] = [
    does("serves", || answers(says(200, "text/plain", "in"))),
    does("serves within a limit of its own", || answers(limited())),
    does("switches protocols", || answers(with(says(101, "", ""), 7_u8))),
    does("finds nothing", || answers(says(404, "text/plain", "row 7 was deleted"))),
    does("finds nothing in the end", || Box::pin(finds_nothing_in_the_end())),
    does("forbids", || answers(says(403, "", ""))),
    does("hides", || answers(Hidden::foreign("globex").into_response())),
    does("refuses in text", || answers(says(422, "text/plain; charset=utf-8", "Name is taken"))),
    does("refuses in a late text", || answers(refuses_in(Body::new(Late::default())))),
    does("refuses in a text that panics", || answers(refuses_in(Body::new(Trap)))),
    does("refuses in JSON", || answers(says(409, "application/json", "{}"))),
    does("refuses as gRPC does", || answers(says(400, "application/grpc", ""))),
    does("refuses in no known encoding", || answers(says(406, "application/json", "a success"))),
    does("refuses in its last form", || answers(with(says(503, "text/html", "gone"), Final))),
    does("limits", || answers(says(429, "", ""))),
    does("breaks without a word", || answers(says(500, "", ""))),
    does("breaks with a secret", || answers(says(500, "text/plain", "10.0.0.7 is down"))),
    does("asks for credentials", || answers(ApiError::unauthorized().into_response())),
    does("conflicts", || answers(conflict().into_response())),
    does("misses", || answers(ApiError::not_found().with_message("No row").into_response())),
    does("misses by another status", || answers(misses_by_another_status())),
    does("fails", || fails("the database is gone")),
    does("fails with a conflict", || fails(conflict())),
    does("fails with something hidden", || fails(ApiError::from(Hidden::missing()))),
    does("fails with an error that panics", || fails(Unspeakable)),
    does("panics when it is called", || panics()),
    does("panics when it is awaited", || Box::pin(async { panics() })),
    does("panics in the end", || Box::pin(panics_in_the_end())),
];

const fn does(name: &'static str, outcome: fn() -> Outcome) -> Behaviour {
    Behaviour { name, outcome }
}

/// Panics without the hook, which would write down thousands of them.
pub(super) fn panics() -> ! {
    resume_unwind(Box::new("the database is gone"))
}

fn answers(response: Response) -> Outcome {
    Box::pin(ready(Ok(response)))
}

fn fails(error: impl Into<BoxError>) -> Outcome {
    Box::pin(ready(Err(error.into())))
}

/// An answer of this status, media type and text, with a header of its own.
fn says(status: u16, media_type: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-row"), HeaderValue::from_static("7"));
    if !media_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    response
}

/// The response, with this in its extensions.
fn with(mut response: Response, extension: impl Clone + Send + Sync + 'static) -> Response {
    response.extensions_mut().insert(extension);
    response
}

fn refuses_in(text: Body) -> Response {
    says(422, "text/plain", "").map(|_| text)
}

fn limited() -> Response {
    let mut response = says(200, "", "");
    response.headers_mut().insert(X_RATELIMIT_LIMIT, HeaderValue::from_static("5"));
    response.headers_mut().insert(X_RATELIMIT_REMAINING, HeaderValue::from_static("1000"));
    response
}

fn conflict() -> ApiError {
    ApiError::conflict().with_message("Name is taken")
}

fn misses_by_another_status() -> Response {
    let mut response = ApiError::not_found().into_response();
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

async fn finds_nothing_in_the_end() -> Result<Response, BoxError> {
    tokio::task::yield_now().await;
    Ok(says(404, "", ""))
}

async fn panics_in_the_end() -> Result<Response, BoxError> {
    tokio::task::yield_now().await;
    panics()
}

/// An error that panics when it is put into words.
#[derive(Debug)]
pub(super) struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panics()
    }
}

impl Error for Unspeakable {}
