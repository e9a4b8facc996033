mod prepared;
mod response;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, error::Error, fmt, num::NonZeroU64, sync::Arc, time::Duration};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use self::prepared::Prepared;
use crate::{Allowance, BoxError, Code, ErrorStatus, Issue};

/// A refusal before it has a wire form.
///
/// It holds everything that any contract may want to show: a status (4xx or 5xx by type), an
/// optional stable [`Code`], a public message, the [`Issue`]s of a validation, extra members,
/// headers, and a private source, which is logged (of a 5xx as an error, of a 4xx at the level
/// `DEBUG`) and never sent. Which of these a client sees, and in which shape, is the envelope's
/// choice.
///
/// A few words wide and cheap to clone. Handlers return it like any error; `?` reaches it through
/// `From` on your own error type, or `map_err`:
///
/// ```
/// use portcullis_core::{ApiError, Code};
///
/// const NAME_TAKEN: Code = Code::new("NAME_TAKEN");
///
/// fn rename(name: &str) -> Result<(), ApiError> {
///     if name == "root" {
///         return Err(ApiError::conflict().with_code(NAME_TAKEN).with_message("Name is taken"));
///     }
///     std::fs::write("/names", name).map_err(ApiError::internal)?; // logged, not sent
///     Ok(())
/// }
/// # assert_eq!(rename("root").unwrap_err().code(), Some(NAME_TAKEN));
/// ```
#[derive(Clone)]
pub struct ApiError {
    inner: Arc<Inner>,
    // What may differ from answer to answer lies beside what is shared, so that a limit makes one
    // error, and not one for each request.
    retry_after: Option<NonZeroU64>,
    allowance: Option<Allowance>,
}

#[derive(Clone)]
struct Inner {
    status: ErrorStatus,
    code: Option<Code>,
    message: Option<Cow<'static, str>>,
    issues: Vec<Issue>,
    members: Vec<(Cow<'static, str>, Value)>,
    headers: HeaderMap,
    extensions: Extensions,
    /// How each of them is copied to where an answer's lie, without a map between.
    copies: Vec<CopyExtension>,
    source: Option<Arc<dyn Error + Send + Sync>>,
    prepared: Option<Prepared>,
}

/// Puts one of an error's extensions beside others.
type CopyExtension = fn(&Extensions, &mut Extensions);

impl ApiError {
    /// A refusal with this status and nothing else yet.
    pub fn new(status: ErrorStatus) -> Self {
        Self {
            inner: Arc::new(Inner {
                status,
                code: None,
                message: None,
                issues: Vec::new(),
                members: Vec::new(),
                headers: HeaderMap::new(),
                extensions: Extensions::new(),
                copies: Vec::new(),
                source: None,
                prepared: None,
            }),
            retry_after: None,
            allowance: None,
        }
    }

    /// 400: the request is malformed, or breaks a rule of the business.
    pub fn bad_request() -> Self {
        Self::new(ErrorStatus::BAD_REQUEST)
    }

    /// 401: credentials are missing or not valid.
    ///
    /// It leaves with `WWW-Authenticate: Bearer` unless it was given another: RFC 9110, section
    /// 15.5.2, wants a challenge with every 401.
    pub fn unauthorized() -> Self {
        Self::new(ErrorStatus::UNAUTHORIZED)
    }

    /// 403: the caller is known, and may not.
    pub fn forbidden() -> Self {
        Self::new(ErrorStatus::FORBIDDEN)
    }

    /// 404: there is no such thing, or none that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(ErrorStatus::NOT_FOUND)
    }

    /// 409: the request contradicts the state of the resource.
    pub fn conflict() -> Self {
        Self::new(ErrorStatus::CONFLICT)
    }

    /// 422: the request is well formed, and its content is not valid. See [`ApiError::with_issue`].
    pub fn unprocessable() -> Self {
        Self::new(ErrorStatus::UNPROCESSABLE_ENTITY)
    }

    /// 429: a quota is spent; come back after `wait`.
    pub fn too_many_requests(wait: Duration) -> Self {
        Self::new(ErrorStatus::TOO_MANY_REQUESTS).with_retry_after(wait)
    }

    /// 500, because of `source`, which is logged and never sent.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_source(source)
    }

    /// 503, because of `source`, which is logged and never sent.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::new(ErrorStatus::SERVICE_UNAVAILABLE).with_source(source)
    }

    /// The same refusal with another status.
    #[must_use]
    pub fn with_status(mut self, status: ErrorStatus) -> Self {
        self.edit().status = status;
        self
    }

    /// Names the failure for machines.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.edit().code = Some(code);
        self
    }

    /// Says what went wrong, to the client. Without a message it reads the status's phrase.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.edit().message = Some(message.into());
        self
    }

    /// Adds one fault of a validation, after those that are there.
    #[must_use]
    pub fn with_issue(mut self, issue: Issue) -> Self {
        self.edit().issues.push(issue);
        self
    }

    /// Adds a member of the error's object, after those that are there, or in place of the one by
    /// that name. An envelope leaves out a member whose name it writes itself.
    #[must_use]
    pub fn with_member(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Self {
        let (name, value) = (name.into(), value.into());
        let members = &mut self.edit().members;
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, there)) => *there = value,
            None => members.push((name, value)),
        }
        self
    }

    /// Adds a header line to the response, after those by the same name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.edit().headers.append(name, value);
        self
    }

    /// Puts a value into the response's extensions, for layers further out. It is never sent.
    ///
    /// So a layer may act on why a request was refused without knowing who refused it: a limit that
    /// charges failed verifications alone, a metric by reason.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        let inner = self.edit();
        if inner.extensions.insert(value).is_none() {
            inner.copies.push(|extensions, others| {
                if let Some(value) = extensions.get::<T>() {
                    others.insert(value.clone());
                }
            });
        }
        self
    }

    /// Says when to come back: `Retry-After` (RFC 9110, section 10.2.3) in whole seconds, rounded
    /// **up** and at least 1, so that a client that waits that long has waited long enough.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        let started = u64::from(wait.subsec_nanos() > 0);
        self.retry_after = NonZeroU64::new(wait.as_secs().saturating_add(started).max(1));
        self
    }

    /// Says what the caller may still send: `X-RateLimit-Limit` and `X-RateLimit-Remaining`.
    #[must_use]
    pub fn with_allowance(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    /// Keeps the cause, for the logs. It is never sent.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.edit().source = Some(Arc::from(source.into()));
        self
    }

    /// The status: 400 to 599.
    pub fn status(&self) -> ErrorStatus {
        self.inner.status
    }

    /// The stable code, where it has one.
    pub fn code(&self) -> Option<Code> {
        self.inner.code
    }

    /// What the client is told: the message, or the status's phrase.
    pub fn message(&self) -> &str {
        match &self.inner.message {
            Some(message) => message,
            None => self.inner.status.phrase(),
        }
    }

    /// The message, where it has one of its own; an envelope has a phrase for every status.
    pub fn own_message(&self) -> Option<&str> {
        self.inner.message.as_deref()
    }

    /// The faults of a validation, in the order in which they were found.
    pub fn issues(&self) -> &[Issue] {
        &self.inner.issues
    }

    /// The extra members, in the order in which they were added.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.inner.members.iter().map(|(name, value)| (&**name, value))
    }

    /// The headers that it was given, beside those that are written of its
    /// [`retry_after`](Self::retry_after) and its [`allowance`](Self::allowance).
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// What it was given for the response's extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.inner.extensions
    }

    /// Puts what it was given for the response's extensions there.
    #[doc(hidden)]
    #[inline]
    pub fn extend(&self, extensions: &mut Extensions) {
        for copy in &self.inner.copies {
            copy(&self.inner.extensions, extensions);
        }
    }

    /// The seconds to wait, at least 1, where that is known.
    pub fn retry_after(&self) -> Option<NonZeroU64> {
        self.retry_after
    }

    /// What the caller may still send, where a limit refused.
    pub fn allowance(&self) -> Option<Allowance> {
        self.allowance
    }

    fn edit(&mut self) -> &mut Inner {
        let inner = Arc::make_mut(&mut self.inner);
        inner.prepared = None;
        inner
    }
}

impl From<ErrorStatus> for ApiError {
    fn from(status: ErrorStatus) -> Self {
        Self::new(status)
    }
}

impl Error for ApiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// One level: the status and what the client is told. The cause is [`Error::source`].
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner.status.as_u16())?;
        if let Some(code) = self.inner.code {
            write!(f, " {code}")?;
        }
        write!(f, ": {}", self.message())
    }
}

/// Shows what a client may see. Headers, members and the cause may hold secrets and are left out.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.inner.status)
            .field("code", &self.inner.code)
            .field("message", &self.message())
            .finish_non_exhaustive()
    }
}
