use std::{fmt, hash::Hash};

use http::{HeaderName, Method, request::Parts};

use super::{Key, KeyHasher, NoKey};

/// The values of a header, as a [`Key`]: an API key that something else checks, say.
///
/// Requests without it are one client together. Whoever writes the header chooses what it is counted
/// by, and may choose another next time: where that matters, limit by address as well.
#[derive(Clone, Debug)]
pub struct ByHeader(pub HeaderName);

impl Key for ByHeader {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        for value in head.headers.get_all(&self.0) {
            value.as_bytes().hash(hasher);
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        "header"
    }
}

/// The request's method, as a [`Key`]: together with another, a quota for each method.
#[derive(Clone, Copy, Default)]
pub struct ByMethod;

impl Key for ByMethod {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        Method::hash(&head.method, hasher);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "method"
    }
}

impl fmt::Debug for ByMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByMethod")
    }
}
