//! What a handler tells by a 404 or a 403 of its own: the mask takes it away.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body::Frame;

use super::{Leak, Row, leak};
use crate::things::answer;

pub(crate) const PLANTS: &[Leak] = &[
    leak("status", "status", |row, _, _| match row {
        Row::Foreign => answer(403, ""),
        Row::Missing => answer(404, ""),
    }),
    leak("words", "body", |row, _, _| json(row, r#"{"detail":"somebody else's"}"#)),
    leak("code", "body", |row, _, _| json(row, r#"{"detail":"Not Found","code":"NO_ACCESS"}"#)),
    leak("noun", "body", |row, _, _| json(row, r#"{"detail":"Thing not found"}"#)),
    leak("echoed-id", "body", |_, id, _| said("application/json", format!("{{\"detail\":{id}}}"))),
    leak("content-type", "header content-type", |row, _, _| match row {
        Row::Foreign => said("application/problem+json", NOT_FOUND),
        Row::Missing => plain(),
    }),
    leak("content-length", "header content-length", |row, _, request| match row {
        Row::Foreign if request.method() == Method::HEAD => with(&[("content-length", "1200")]),
        _ => plain(),
    }),
    leak("etag", "header etag", |row, _, _| only(row, "etag", "\"7\"")),
    leak("last-modified", "header last-modified", |row, _, _| {
        only(row, "last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")
    }),
    leak("set-cookie", "header set-cookie", |row, _, _| only(row, "set-cookie", "last=2")),
    leak("cache-control", "header cache-control", |row, _, _| {
        only(row, "cache-control", "private")
    }),
    leak("vary", "header vary", |row, _, _| only(row, "vary", "authorization")),
    leak("link", "header link", |row, _, _| only(row, "link", "</things/2/parts>; rel=next")),
    leak("location", "header location", |row, _, _| only(row, "location", "/globex/things/2")),
    leak("content-location", "header content-location", |row, _, _| {
        only(row, "content-location", "/globex/things/2")
    }),
    leak("server-timing", "header server-timing", |row, _, _| match row {
        Row::Foreign => with(&[("server-timing", "db;dur=5.2, policy;dur=0.3")]),
        Row::Missing => with(&[("server-timing", "db;dur=4.9")]),
    }),
    leak("request-id", "header x-request-id", |row, _, _| match row {
        Row::Foreign => with(&[("x-request-id", "globex-1f0c77aa")]),
        Row::Missing => with(&[("x-request-id", "1f0c77ab")]),
    }),
    leak("rate-limit", "header x-ratelimit-cost", |row, _, _| only(row, "x-ratelimit-cost", "5")),
    leak("retry-after", "header retry-after", |row, _, _| only(row, "retry-after", "30")),
    leak("challenge", "header www-authenticate", |row, _, _| {
        only(row, "www-authenticate", "Bearer error=\"insufficient_scope\"")
    }),
    leak("allow", "header allow", |row, _, _| only(row, "allow", "GET,HEAD,PATCH")),
    leak("language", "header content-language", |row, _, _| only(row, "content-language", "nl")),
    leak("ranges", "header accept-ranges", |row, _, _| only(row, "accept-ranges", "bytes")),
    leak("cors", "header access-control-allow-origin", |row, _, _| {
        only(row, "access-control-allow-origin", "https://globex.example")
    }),
    leak("own-header", "header x-owner", |row, _, _| only(row, "x-owner", "globex")),
    leak("order", "order of headers", |row, _, _| match row {
        Row::Foreign => with(&[("x-a", "1"), ("x-b", "1")]),
        Row::Missing => with(&[("x-b", "1"), ("x-a", "1")]),
    }),
    leak("trailer", "trailer x-rows", |row, _, _| match row {
        Row::Foreign => plain().map(|_| Body::new(Trailed::new())),
        Row::Missing => plain(),
    }),
    leak("head", "status", |row, _, request| match row {
        Row::Foreign if request.method() == Method::HEAD => answer(403, ""),
        _ => plain(),
    }),
    leak("one-method", "header etag", |row, _, request| match row {
        Row::Foreign if request.method() == Method::PATCH => with(&[("etag", "\"7\"")]),
        _ => plain(),
    }),
];

const NOT_FOUND: &str = r#"{"detail":"Not Found"}"#;

fn plain() -> Response {
    said("application/json", NOT_FOUND)
}

/// These words for a foreign row, and the plain ones for a missing one.
fn json(row: Row, words: &'static str) -> Response {
    match row {
        Row::Foreign => said("application/json", words),
        Row::Missing => plain(),
    }
}

/// A header for a foreign row, and none for a missing one.
fn only(row: Row, name: &'static str, value: &'static str) -> Response {
    match row {
        Row::Foreign => with(&[(name, value)]),
        Row::Missing => plain(),
    }
}

fn with(headers: &[(&'static str, &'static str)]) -> Response {
    let mut response = plain();
    for (name, value) in headers {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        response.headers_mut().append(name, value);
    }
    response
}

fn said(content_type: &'static str, words: impl Into<Body>) -> Response {
    let mut response = answer(404, words);
    response.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    response
}

/// A body that ends in a trailer.
struct Trailed(VecDeque<Frame<Bytes>>);

impl Trailed {
    fn new() -> Self {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-rows", HeaderValue::from_static("1"));
        let words = Frame::data(Bytes::from_static(NOT_FOUND.as_bytes()));
        Self([words, Frame::trailers(trailers)].into())
    }
}

impl http_body::Body for Trailed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}
