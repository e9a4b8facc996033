//! The requests, as they come out of hyper and axum's connect info.

use std::{net::SocketAddr, ops::Range};

use axum::{body::Body, extract::ConnectInfo};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Uri,
    header::{ACCEPT, AUTHORIZATION, HOST, USER_AGENT},
};
use portcullis::BoxError;

pub(crate) type Request = http::Request<Body>;

/// The one path that there is a route for.
pub(crate) const PATH: &str = "/whoami";

/// The key of the one account that calls.
pub(crate) const KEY: &str = "pk_live_4eC39HqLyjWDarjtT1zdp7dc";

/// Others that [`Caller::Verbose`] sends. Names that nobody allocates, so that dropping them costs
/// every case the same.
const MORE: [&str; 18] = [
    "x-more-03",
    "x-more-04",
    "x-more-05",
    "x-more-06",
    "x-more-07",
    "x-more-08",
    "x-more-09",
    "x-more-10",
    "x-more-11",
    "x-more-12",
    "x-more-13",
    "x-more-14",
    "x-more-15",
    "x-more-16",
    "x-more-17",
    "x-more-18",
    "x-more-19",
    "x-more-20",
];

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a bearer key that is good.
    Known,
    /// Somebody without credentials.
    Anonymous,
    /// Somebody with a good key, and 20 more headers: [`SHORT`], [`LONG`], and others.
    Verbose,
    /// Somebody with a good key, behind a proxy that has given the request an id: [`REQUEST_ID`].
    Numbered,
}

/// The header of a request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An id as nginx's `$request_id` has it.
const ID: &str = "7b0c6e1f9d2a4835be61f07a93cd5e24";

/// A header whose value is 10 bytes long.
pub(crate) const SHORT: &str = "x-short";

/// A header whose value is 200 bytes long.
pub(crate) const LONG: &str = "x-long";

/// A request for [`PATH`].
pub(crate) fn request(caller: Caller) -> Result<Request, BoxError> {
    request_for(PATH, caller)
}

/// A request for any path.
pub(crate) fn request_for(path: &str, caller: Caller) -> Result<Request, BoxError> {
    let authorization = format!("Bearer {KEY}");
    let long = "0123456789".repeat(20);
    let mut lines = vec![
        (HOST, "api.example.com"),
        (USER_AGENT, "acme-client/2.3 (linux; x86_64)"),
        (ACCEPT, "application/json"),
    ];
    if caller != Caller::Anonymous {
        lines.push((AUTHORIZATION, &authorization));
    }
    if caller == Caller::Numbered {
        lines.push((REQUEST_ID, ID));
    }
    if caller == Caller::Verbose {
        lines.push((HeaderName::from_static(SHORT), "0123456789"));
        lines.push((HeaderName::from_static(LONG), &long));
        lines.extend(MORE.map(|name| (HeaderName::from_static(name), "0123456789")));
    }

    // As in hyper, whose parser hands out slices of the buffer that the head was read into.
    let mut text = String::new();
    let uri = append(&mut text, path);
    let lines: Vec<_> =
        lines.into_iter().map(|(name, value)| (name, append(&mut text, value))).collect();
    let buffer = Bytes::from(text);

    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_maybe_shared(buffer.slice(uri))?;
    *request.headers_mut() = headers(&buffer, lines)?;
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 7], 49_152))));
    Ok(request)
}

/// A request of [`Caller::Known`] for [`PATH`], as it is sent.
pub(crate) fn bytes() -> Result<Vec<u8>, BoxError> {
    let request = request(Caller::Known)?;
    let mut bytes = format!("GET {} HTTP/1.1\r\n", request.uri()).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes)
}

fn append(text: &mut String, part: &str) -> Range<usize> {
    let start = text.len();
    text.push_str(part);
    start..text.len()
}

fn headers(
    buffer: &Bytes,
    lines: Vec<(HeaderName, Range<usize>)>,
) -> Result<HeaderMap, http::header::InvalidHeaderValue> {
    let mut headers = HeaderMap::with_capacity(lines.len());
    for (name, value) in lines {
        headers.insert(name, HeaderValue::from_maybe_shared(buffer.slice(value))?);
    }
    Ok(headers)
}
