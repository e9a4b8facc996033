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

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a bearer key that is good.
    Known,
    /// Somebody without credentials.
    Anonymous,
}

/// A request for [`PATH`].
pub(crate) fn request(caller: Caller) -> Result<Request, BoxError> {
    request_for(PATH, caller)
}

/// A request for any path.
pub(crate) fn request_for(path: &str, caller: Caller) -> Result<Request, BoxError> {
    let authorization = format!("Bearer {KEY}");
    let mut lines = vec![
        (HOST, "api.example.com"),
        (USER_AGENT, "acme-client/2.3 (linux; x86_64)"),
        (ACCEPT, "application/json"),
    ];
    if caller == Caller::Known {
        lines.push((AUTHORIZATION, &authorization));
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
