//! A new body in an old response: what described the old one goes, the rest stays.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response,
    header::{
        ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
        CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, TRAILER,
        TRANSFER_ENCODING,
    },
};

use crate::Rendered;

/// The headers that describe a body (RFC 9110, sections 6.6, 8 and 14; RFC 9530 for the digests).
static DESCRIBES_BODY: [HeaderName; 16] = [
    CONTENT_LENGTH,
    CONTENT_TYPE,
    CONTENT_ENCODING,
    CONTENT_RANGE,
    CONTENT_DISPOSITION,
    CONTENT_LANGUAGE,
    CONTENT_LOCATION,
    ETAG,
    LAST_MODIFIED,
    ACCEPT_RANGES,
    TRANSFER_ENCODING,
    TRAILER,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-md5"),
];

/// Puts the rendered body in. A `HEAD` response keeps its length and type, and has no body: HTTP/2
/// resets a stream that sends one.
pub(crate) fn body<B: From<Bytes>>(response: &mut Response<B>, rendered: Rendered, is_head: bool) {
    let headers = response.headers_mut();
    // One look at what is there, since a refusal of ours has none of them.
    if headers.keys().any(|name| DESCRIBES_BODY.contains(name)) {
        for name in &DESCRIBES_BODY {
            headers.remove(name);
        }
    }
    headers.insert(CONTENT_TYPE, rendered.content_type);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(rendered.body.len()));
    *response.body_mut() = B::from(if is_head { Bytes::new() } else { rendered.body });
}
