//! What tower's own layers fail with, which is no response at all.

use std::{future::pending, time::Duration};

use axum::{Router, extract::Request, response::Response, routing::get};
use portcullis::{ApiError, BoxError, Code};
use tower::{
    buffer::BufferLayer,
    limit::ConcurrencyLimitLayer,
    load_shed::LoadShedLayer,
    timeout::TimeoutLayer,
    util::{AndThenLayer, MapRequestLayer},
};

use crate::{source::Source, unready::Unready};

pub(super) fn all() -> Vec<Source> {
    let overloaded = (LoadShedLayer::new(), ConcurrencyLimitLayer::new(0));
    let buffer = BufferLayer::<Request>::new(8);
    let cannot_finish = AndThenLayer::new(broken);
    let stops = AndThenLayer::new(stopped);
    vec![
        Source::beneath("timeout", 504, TimeoutLayer::new(Duration::ZERO), never()),
        Source::beneath("load shed", 503, overloaded.clone(), never()),
        Source::beneath("buffer around a load shed", 503, (buffer, overloaded), never()),
        Source::beneath(
            "buffer around a timeout",
            504,
            (buffer, TimeoutLayer::new(Duration::ZERO)),
            never(),
        ),
        Source::beneath(
            "buffer without a worker",
            503,
            (buffer, MapRequestLayer::new(dies)),
            never(),
        ),
        Source::beneath("not ready", 500, Unready::Says, Router::new()),
        Source::beneath("buffer of what is not ready", 500, (buffer, Unready::Says), Router::new()),
        Source::beneath("any error", 500, cannot_finish.clone(), Router::new()),
        Source::beneath("any error in a buffer", 500, (buffer, cannot_finish), Router::new()),
        Source::beneath("an error of ours", 423, stops.clone(), Router::new()).reads(STOPPED),
        Source::beneath("an error of ours in a buffer", 423, (buffer, stops), Router::new())
            .reads(STOPPED),
    ]
}

/// A service that never answers.
fn never() -> Router {
    Router::new().route("/", get(async || pending::<()>().await))
}

async fn broken(_: Response) -> Result<Response, BoxError> {
    Err("the pipe is broken".into())
}

async fn stopped(_: Response) -> Result<Response, BoxError> {
    let error = ApiError::new(portcullis::ErrorStatus::LOCKED)
        .with_code(Code::new("STOPPED"))
        .with_message("Stopped for repairs");
    Err(error.into())
}

const STOPPED: [&str; 5] = [
    r#"{"detail":"Stopped for repairs"}"#,
    r#"{"error":{"code":"STOPPED","message":"Stopped for repairs"}}"#,
    concat!(
        r#"{"type":"about:blank","title":"Locked","status":423,"#,
        r#""detail":"Stopped for repairs","code":"STOPPED"}"#
    ),
    r#"{"error":"STOPPED","message":"Stopped for repairs"}"#,
    "423: Stopped for repairs",
];

/// Takes a buffer's worker with it.
fn dies(_: Request) -> Request {
    panic!("the worker dies");
}
