use http::{
    HeaderMap, HeaderName, Method,
    header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN},
    request::Parts,
};

/// What becomes of a request without credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnMissing {
    /// It is refused.
    #[default]
    Refuse,
    /// It is admitted, and has no principal but an [`Anonymous`](portcullis_core::Anonymous):
    /// handlers take an `Option<Principal<T>>`, and one that takes a `Principal<T>` is a 401.
    /// Credentials that are not good are refused still, and so are those of another scheme. A limit
    /// by a part of the principal does not count it: that is left to the limit per address.
    Anonymous,
}

/// What becomes of a CORS preflight, which browsers send without credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnPreflight {
    /// It is admitted, and has no principal. Only what is one by the Fetch standard is: `OPTIONS`
    /// with `Origin` and `Access-Control-Request-Method`, and without credentials. It passes
    /// [`RequireScopes`](crate::RequireScopes) and [`Permit`](crate::Permit) too, so that a CORS layer
    /// further in may answer it.
    #[default]
    Admit,
    /// It needs credentials as any request does. Choose this where the CORS layer stands outside,
    /// as it should, and where a handler that does not ask for a principal answers `OPTIONS` itself,
    /// as those of `any(…)` do: anybody can send what looks like a preflight.
    Verify,
}

/// What handlers find of the credentials that were admitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inbound {
    /// The header, marked sensitive, so that its `Debug` does not show it.
    #[default]
    MarkSensitive,
    /// No credentials: the header is gone, and of a `Cookie` header the session.
    Remove,
}

/// In a request's extensions: the bearer took it for a preflight, and admits those.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdmittedPreflight;

/// Whether this is a CORS preflight (Fetch standard, section 3.2.2), credentials aside.
pub(crate) fn is_preflight(head: &Parts) -> bool {
    let headers = &head.headers;
    head.method == Method::OPTIONS
        && headers.get(ORIGIN).is_some_and(|origin| !origin.is_empty())
        && headers
            .get(ACCESS_CONTROL_REQUEST_METHOD)
            .is_some_and(|method| Method::from_bytes(method.as_bytes()).is_ok())
}

/// Paths that need no credentials.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exempt(Vec<Box<str>>);

impl Exempt {
    #[track_caller]
    pub(crate) fn add(&mut self, path: &str) {
        assert!(
            path.starts_with('/') && !path.contains(['?', '#', '{', '*']),
            "{path:?} is no path: exempt one path as it is requested, such as \"/healthz\""
        );
        self.0.push(path.into());
    }

    #[inline]
    pub(crate) fn covers(&self, head: &Parts) -> bool {
        // Mostly there are none.
        !self.0.is_empty() && self.has(head.uri.path())
    }

    #[inline(never)]
    fn has(&self, path: &str) -> bool {
        self.0.iter().any(|exempt| **exempt == *path)
    }
}

/// Marks every line of this header as sensitive.
pub(crate) fn hide(headers: &mut HeaderMap, name: &HeaderName) {
    let lines = headers.iter_mut().filter(|(known, _)| *known == name);
    lines.for_each(|(_, line)| line.set_sensitive(true));
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_what_a_browser_sends_is_a_preflight() {
        let head = |method: &str, headers: &[(&str, &str)]| {
            let request = Request::builder().method(method);
            let request =
                headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
            request.body(()).unwrap().into_parts().0
        };
        let origin = ("origin", "https://app.test");
        let method = ("access-control-request-method", "PUT");
        assert!(is_preflight(&head("OPTIONS", &[origin, method])));
        assert!(!is_preflight(&head("OPTIONS", &[origin])));
        assert!(!is_preflight(&head("OPTIONS", &[method])));
        assert!(!is_preflight(&head("OPTIONS", &[(origin.0, ""), method])));
        assert!(!is_preflight(&head("OPTIONS", &[origin, (method.0, "P UT")])));
        assert!(!is_preflight(&head("GET", &[origin, method])));
    }

    #[test]
    fn a_path_is_exempt_and_not_what_begins_or_ends_like_it() {
        let mut exempt = Exempt::default();
        exempt.add("/healthz");
        for (uri, expected) in [
            ("/healthz", true),
            ("/healthz?verbose", true),
            ("http://host/healthz", true),
            ("/healthz/", false),
            ("/healthz/../invoices", false),
            ("//healthz", false),
            ("/HEALTHZ", false),
            ("/%68ealthz", false),
        ] {
            let head = Request::get(uri).body(()).unwrap().into_parts().0;
            assert_eq!(exempt.covers(&head), expected, "{uri}");
        }
    }

    #[test]
    #[should_panic = "exempt one path as it is requested"]
    fn a_pattern_is_refused_when_the_layer_is_built() {
        Exempt::default().add("/health/*");
    }
}
