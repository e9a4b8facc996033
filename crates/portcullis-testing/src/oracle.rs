mod difference;
mod probe;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header::DATE};
use http_body::Body;
use tower_service::Service;

pub use self::difference::{Difference, Differences};
use self::{difference::compare, probe::Probe};
use crate::{RequestBody, answer::ask};

/// Fails, and says where they differ, unless a service answers these two requests alike: the one for
/// another tenant's resource, and the one for a resource that does not exist.
///
/// Their path, headers, extensions and body are kept; with them it sends every method, preconditions
/// (`If-Match`, `If-None-Match`, `Range` and so on), and bodies that are valid, if theirs is, and not.
/// Status, headers and their order, body and trailers must be the same, byte for byte, but for the
/// values, not the form, of [headers that change with each request](Oracle::new).
///
/// ```
/// # use std::convert::Infallible;
/// # use http::{Response, StatusCode};
/// use http::Request;
/// # use portcullis_testing::RequestBody;
/// use portcullis_testing::assert_indistinguishable;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), http::Error> {
/// # let app = tower::service_fn(async |_: Request<RequestBody>| {
/// #     let mut response = Response::new(http_body_util::Empty::<bytes::Bytes>::new());
/// #     *response.status_mut() = StatusCode::NOT_FOUND;
/// #     Ok::<_, Infallible>(response)
/// # });
/// let ask = |path| Request::builder().uri(path).header("authorization", "Bearer acme-key");
/// let foreign = ask("/invoices/2").body(r#"{"cents":7}"#)?;
/// let missing = ask("/invoices/404").body(r#"{"cents":7}"#)?;
/// assert_indistinguishable(app, foreign, missing).await;
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// When they differ, or when no method answers 404 for what is missing: then nothing has been
/// hidden, and nothing proven.
pub async fn assert_indistinguishable<S, B>(
    app: S,
    foreign: Request<impl Into<Bytes>>,
    missing: Request<impl Into<Bytes>>,
) where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    Oracle::new().assert_indistinguishable(app, foreign, missing).await;
}

/// Asks for a foreign and a missing resource in every way it knows, and compares the answers.
///
/// ```
/// use http::HeaderName;
/// use portcullis_testing::Oracle;
///
/// let oracle = Oracle::new().ignoring_value_of(HeaderName::from_static("server-timing"));
/// # let _ = oracle;
/// ```
#[derive(Clone, Debug)]
pub struct Oracle {
    moving: Vec<HeaderName>,
    methods: Vec<Method>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Oracle {
    /// An oracle that ignores the values of `date`, `x-request-id`, `ratelimit`,
    /// `x-ratelimit-remaining` and `x-ratelimit-reset`.
    pub fn new() -> Self {
        let named = ["x-request-id", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"];
        let named = named.map(HeaderName::from_static);
        let methods = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
        ];
        Self {
            moving: named.into_iter().chain([DATE]).collect(),
            methods: methods.into(),
            headers: Vec::new(),
        }
    }

    /// Ignores the values of this header, but not their form: how many there are, what stands
    /// between words, and how long the words are. Numbers may be of any length.
    #[must_use]
    pub fn ignoring_value_of(mut self, header: HeaderName) -> Self {
        self.moving.push(header);
        self
    }

    /// Asks by these methods, and no longer by all that RFC 9110 and RFC 5789 have but `CONNECT`.
    #[must_use]
    pub fn with_methods(self, methods: impl IntoIterator<Item = Method>) -> Self {
        Self { methods: methods.into_iter().collect(), ..self }
    }

    /// Asks with this header too, by every method: with an `Accept` that the service treats
    /// otherwise, for instance.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Fails unless the service answers both alike. See [`assert_indistinguishable`].
    ///
    /// # Panics
    ///
    /// When they differ, or nothing was hidden.
    pub async fn assert_indistinguishable<S, B>(
        &self,
        app: S,
        foreign: Request<impl Into<Bytes>>,
        missing: Request<impl Into<Bytes>>,
    ) where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let differences = self.compare(app, foreign, missing).await;
        assert!(differences.is_empty(), "{differences}");
    }

    /// Where the answers differ.
    pub async fn compare<S, B>(
        &self,
        app: S,
        foreign: Request<impl Into<Bytes>>,
        missing: Request<impl Into<Bytes>>,
    ) -> Differences
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
        S::Error: Debug,
        B: Body<Error: Debug>,
    {
        let (foreign, missing) = (foreign.map(Into::into), missing.map(Into::into));
        let mut differences = Differences::default();
        for probe in Probe::all(&self.methods, &self.headers) {
            let theirs = ask(&app, probe.dress(&foreign)).await;
            let nobodys = ask(&app, probe.dress(&missing)).await;
            let is_hidden = nobodys.as_ref().is_ok_and(|wire| wire.status == StatusCode::NOT_FOUND);
            differences.note(is_hidden, &nobodys);
            differences.extend(compare(&probe, &self.moving, &theirs, &nobodys));
        }
        differences
    }
}

impl Default for Oracle {
    fn default() -> Self {
        Self::new()
    }
}
