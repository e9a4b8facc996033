use std::{fmt, hash::Hash};

use http::{HeaderName, HeaderValue, Method, request::Parts};

use super::{Key, KeyHasher, NoKey, ValueType};

/// The values of a header, as a [`Key`]: an API key that something else checks, say.
///
/// Requests without it are one client together. Whoever writes the header chooses what it is counted
/// by, and may choose another next time: where that matters, limit by address as well.
#[derive(Clone, Debug)]
pub struct ByHeader(pub HeaderName);

impl Key for ByHeader {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        for value in head.headers.get_all(&self.0) {
            value.hash(hasher);
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        "header"
    }

    fn value_type(&self) -> ValueType {
        ValueType::of::<HeaderValue>()
    }
}

/// The request's method, as a [`Key`]: together with another, a quota for each method. All methods
/// that nobody has registered are one, so that who makes them up gains nothing.
#[derive(Clone, Copy, Default)]
pub struct ByMethod;

impl Key for ByMethod {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        let known = KNOWN.iter().position(|method| *method == head.method);
        known.hash(hasher);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "method"
    }

    fn value_type(&self) -> ValueType {
        ValueType::several()
    }
}

/// The methods of RFC 9110, section 9, and RFC 5789.
const KNOWN: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::CONNECT,
    Method::OPTIONS,
    Method::TRACE,
    Method::PATCH,
];

impl fmt::Debug for ByMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByMethod")
    }
}
