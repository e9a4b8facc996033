use std::fmt;

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request,
    header::{
        ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
        IF_UNMODIFIED_SINCE, RANGE,
    },
};

use crate::RequestBody;

const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const FAR_AWAY: &str = "Fri, 31 Dec 9999 23:59:59 GMT";

/// What may be asked of a resource before it is looked at (RFC 9110, sections 12.5, 13.1 and 14.2).
const CONDITIONS: [(HeaderName, &str); 12] = [
    (IF_MATCH, "*"),
    (IF_MATCH, "\"portcullis\""),
    (IF_NONE_MATCH, "*"),
    (IF_NONE_MATCH, "\"portcullis\""),
    (IF_MODIFIED_SINCE, LONG_AGO),
    (IF_MODIFIED_SINCE, FAR_AWAY),
    (IF_UNMODIFIED_SINCE, LONG_AGO),
    (IF_UNMODIFIED_SINCE, FAR_AWAY),
    (RANGE, "bytes=0-0"),
    // Beyond the end of whatever there is, which a 416 tells.
    (RANGE, "bytes=999999999999-"),
    (IF_RANGE, "\"portcullis\""),
    (ACCEPT, "application/x-portcullis"),
];

/// What a body may be, beside the one that was given.
const BODIES: [(&str, &str, &[u8]); 6] = [
    ("no body", "", b""),
    ("a malformed body", "application/json", b"{"),
    ("an empty object", "application/json", b"{}"),
    ("a list", "application/json", b"[]"),
    ("a text", "text/plain", b"portcullis"),
    ("a large body", "application/json", LARGE),
];

/// A text of 64 KiB, in JSON.
const LARGE: &[u8] = &{
    let mut text = [b'a'; 64 << 10];
    text[0] = b'"';
    text[text.len() - 1] = b'"';
    text
};

/// One way to ask for a resource.
pub(crate) struct Probe {
    method: Method,
    dress: Dress,
}

enum Dress {
    AsGiven,
    Header(HeaderName, HeaderValue),
    Body { name: &'static str, content_type: &'static str, body: &'static [u8] },
}

impl Probe {
    pub(crate) fn all(methods: &[Method], headers: &[(HeaderName, HeaderValue)]) -> Vec<Self> {
        let mut probes = Vec::new();
        for method in methods {
            let mut probe = |dress| probes.push(Self { method: method.clone(), dress });
            probe(Dress::AsGiven);
            for (name, value) in CONDITIONS {
                probe(Dress::Header(name, HeaderValue::from_static(value)));
            }
            for (name, value) in headers {
                probe(Dress::Header(name.clone(), value.clone()));
            }
            if !has_no_body(method) {
                for (name, content_type, body) in BODIES {
                    probe(Dress::Body { name, content_type, body });
                }
            }
        }
        probes
    }

    pub(crate) const fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// What is asked with, whichever the method.
    pub(crate) fn dressing(&self) -> String {
        match &self.dress {
            Dress::AsGiven => String::new(),
            Dress::Header(name, value) => {
                format!(" with {name}: {}", String::from_utf8_lossy(value.as_bytes()))
            }
            Dress::Body { name, .. } => format!(" with {name}"),
        }
    }

    /// One method, and nothing else changed.
    pub(crate) const fn plain(method: Method) -> Self {
        Self { method, dress: Dress::AsGiven }
    }

    /// The request, asked this way.
    pub(crate) fn dress(&self, request: &Request<Bytes>) -> Request<RequestBody> {
        let mut request = request.clone();
        *request.method_mut() = self.method.clone();
        if has_no_body(&self.method) {
            *request.body_mut() = Bytes::new();
        }
        if !request.body().is_empty() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().entry(CONTENT_TYPE).or_insert(json);
        }
        match &self.dress {
            Dress::AsGiven => {}
            Dress::Header(name, value) => {
                request.headers_mut().insert(name, value.clone());
                if *name == IF_RANGE {
                    request.headers_mut().insert(RANGE, HeaderValue::from_static("bytes=0-0"));
                }
            }
            Dress::Body { content_type, body, .. } => {
                request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                *request.body_mut() = Bytes::from_static(body);
            }
        }
        if request.body().is_empty() {
            request.headers_mut().remove(CONTENT_TYPE);
        }
        let length = HeaderValue::from(request.body().len());
        request.headers_mut().remove(CONTENT_LENGTH);
        if !has_no_body(&self.method) {
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }
        request.map(RequestBody::from)
    }
}

/// Whether a request by this method comes without content (RFC 9110, sections 9.3.1, 9.3.2, 9.3.7
/// and 9.3.8).
fn has_no_body(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(method)
}

/// `PUT with if-match: *`.
impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.method, self.dressing())
    }
}
