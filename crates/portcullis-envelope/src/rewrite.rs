//! A new body in an old response: what described the old one goes, the rest stays.

use bytes::Bytes;
use http::{
    HeaderName, Response, StatusCode,
    header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE},
};
use portcullis_core::header_value;

use crate::Rendered;

/// Whether a header describes a body (RFC 9110, sections 6.6, 8 and 14; RFC 9530 for the digests).
fn describes_body(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "content-length"
            | "content-type"
            | "content-encoding"
            | "content-range"
            | "content-disposition"
            | "content-language"
            | "content-location"
            | "etag"
            | "last-modified"
            | "accept-ranges"
            | "transfer-encoding"
            | "trailer"
            | "content-digest"
            | "repr-digest"
            | "digest"
            | "content-md5"
    )
}

/// Puts the rendered body in. A `HEAD` response keeps its length and type, and has no body: HTTP/2
/// resets a stream that sends one.
pub(crate) fn body<B: From<Bytes>>(response: &mut Response<B>, rendered: Rendered, is_head: bool) {
    let is_range = response.status() == StatusCode::RANGE_NOT_SATISFIABLE;
    let headers = response.headers_mut();
    // A refusal of ours has none of them. Those of a 416 say how long the resource is, which a
    // client that resumes has to know (RFC 9110, section 15.5.17).
    let is_stale = |name: &&HeaderName| {
        describes_body(name) && !(is_range && [CONTENT_RANGE, ACCEPT_RANGES].contains(name))
    };
    let stale: Vec<_> = headers.keys().filter(is_stale).cloned().collect();
    for name in stale {
        headers.remove(name);
    }
    headers.insert(CONTENT_TYPE, rendered.content_type);
    headers.insert(CONTENT_LENGTH, header_value(rendered.body.len() as u64));
    *response.body_mut() = B::from(if is_head { Bytes::new() } else { rendered.body });
}
