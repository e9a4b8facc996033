//! What a handler tells that looks at the row before it asks whose it is: with a `Visible` in front
//! it never does.

use axum::extract::Request;
use http::{HeaderValue, Method};

use super::{Leak, Row, leak};
use crate::things::answer;

pub(crate) const CARELESS: &[Leak] = &[
    leak("malformed-before-authorisation", "status", |row, _, request| {
        told(row, 400, has_body(request, "1"))
    }),
    leak("invalid-before-authorisation", "status", |row, _, request| {
        told(row, 422, has_body(request, "2"))
    }),
    leak("media-type-before-authorisation", "status", |row, _, request| {
        told(row, 415, has(request, "content-type", "text/plain"))
    }),
    leak("acceptable-before-authorisation", "status", |row, _, request| {
        told(row, 406, has(request, "accept", "application/x-portcullis"))
    }),
    leak("conflict-on-state", "status", |row, _, request| {
        told(row, 409, request.method() == Method::PATCH)
    }),
    leak("put-creates", "status", |row, _, request| match row {
        Row::Missing if request.method() == Method::PUT => answer(201, ""),
        _ => answer(404, ""),
    }),
    leak("unique-key", "status", |row, _, request| match row {
        Row::Missing if request.method() == Method::PUT => answer(201, ""),
        row => told(row, 409, request.method() == Method::PUT),
    }),
    leak("if-match", "status", |row, _, request| told(row, 412, has(request, "if-match", "*"))),
    leak("if-none-match", "status", |row, _, request| {
        told(row, 304, has(request, "if-none-match", "*"))
    }),
    leak("its-own-etag", "status", |row, id, request| {
        told(row, 412, has(request, "if-match", &etag(id)))
    }),
    leak("if-unmodified-since", "status", |row, _, request| {
        told(row, 412, request.headers().contains_key("if-unmodified-since"))
    }),
    leak("range", "status", |row, _, request| {
        // Of a row of a thousand bytes.
        told(row, 416, has(request, "range", "bytes=999999999999-"))
    }),
    leak("part", "status", |row, _, request| told(row, 206, has(request, "range", "bytes=0-0"))),
    leak("too-large-before-authorisation", "status", |row, _, request| {
        let length = request.headers().get("content-length").and_then(|it| it.to_str().ok());
        told(row, 413, length.is_some_and(|it| it.len() > "1000".len()))
    }),
    leak("redirect", "header location", |row, _, request| {
        let mut response = told(row, 308, request.method() == Method::GET);
        if response.status() == 308 {
            let place = HeaderValue::from_static("/globex/things/2");
            response.headers_mut().insert("location", place);
        }
        response
    }),
    leak("options", "status", |row, _, request| {
        told(row, 204, request.method() == Method::OPTIONS)
    }),
    leak("head-of-a-row", "status", |row, _, request| {
        told(row, 200, request.method() == Method::HEAD)
    }),
    leak("method-of-a-row", "status", |row, _, request| {
        told(row, 405, request.method() == Method::DELETE)
    }),
    leak("unpaid", "status", |row, _, _| told(row, 402, true)),
    leak("gone", "status", |row, _, _| told(row, 410, true)),
    leak("locked", "status", |row, _, _| told(row, 423, true)),
    leak("sign-in-again", "status", |row, _, _| told(row, 401, true)),
    leak("spent", "status", |row, _, _| told(row, 429, true)),
    leak("shard-down", "status", |row, _, _| told(row, 503, true)),
    leak("panic", "status", |row, _, _| match row {
        Row::Foreign => panic!("the row is locked"),
        Row::Missing => answer(404, ""),
    }),
];

/// This status for a foreign row, if it comes to that.
fn told(row: Row, status: u16, it_comes_to_that: bool) -> axum::response::Response {
    match row {
        Row::Foreign if it_comes_to_that => answer(status, ""),
        _ => answer(404, ""),
    }
}

/// The tag that the owner of a row gets with it.
pub(super) fn etag(id: u64) -> String {
    format!("\"{id}-7\"")
}

fn has(request: &Request, name: &str, value: &str) -> bool {
    request.headers().get(name).is_some_and(|found| found == value)
}

fn has_body(request: &Request, length: &str) -> bool {
    has(request, "content-length", length)
}
