//! What a handler tells by a 404 or a 403 of its own: the mask takes it away.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
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
    leak("echoed-id", "body", |row, id, _| match row {
        Row::Foreign => said("application/json", format!("{{\"detail\":\"No access to {id}\"}}")),
        Row::Missing => plain(),
    }),
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
        Row::Foreign => plain().map(|_| Body::new(Frames::with_trailer())),
        Row::Missing => plain().map(|_| Body::new(Frames::whole())),
    }),
    leak("cut-off", "end of body", |row, _, _| match row {
        Row::Foreign => plain().map(|_| Body::new(Frames::cut_off())),
        Row::Missing => plain().map(|_| Body::new(Frames::whole())),
    }),
    leak("framing", "framing", |row, _, _| match row {
        Row::Foreign => plain().map(|_| Body::new(Frames::whole())),
        Row::Missing => plain(),
    }),
    leak("version", "version", |row, _, _| {
        let mut response = plain();
        if row == Row::Foreign {
            *response.version_mut() = Version::HTTP_10;
        }
        response
    }),
    leak("cost", "cost by ratelimit-remaining", |row, _, _| {
        static LEFT: AtomicU64 = AtomicU64::new(1_000_000_000);
        let cost = if row == Row::Foreign { 5 } else { 1 };
        let left = LEFT.fetch_sub(cost, Ordering::Relaxed);
        let mut response = plain();
        response.headers_mut().insert("ratelimit-remaining", left.into());
        response
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

/// A body that comes in frames.
struct Frames(VecDeque<Result<Frame<Bytes>, io::Error>>);

impl Frames {
    fn whole() -> Self {
        Self([Ok(Frame::data(Bytes::from_static(NOT_FOUND.as_bytes())))].into())
    }

    fn with_trailer() -> Self {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-rows", HeaderValue::from_static("1"));
        let mut frames = Self::whole();
        frames.0.push_back(Ok(Frame::trailers(trailers)));
        frames
    }

    fn cut_off() -> Self {
        let mut frames = Self::whole();
        frames.0.push_back(Err(io::ErrorKind::UnexpectedEof.into()));
        frames
    }
}

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(self.0.pop_front())
    }
}
