use std::fmt::Display;

use http::{Response, StatusCode, header::RETRY_AFTER};
use portcullis_core::{ApiError, Segment};

/// What an error response says, one question at a time.
///
/// ```
/// use http::Response;
/// use portcullis_core::{ApiError, Code};
/// use portcullis_testing::assert_error;
/// use std::time::Duration;
///
/// const SPENT: Code = Code::new("QUOTA_SPENT");
///
/// let refusal = ApiError::too_many_requests(Duration::from_secs(12)).with_code(SPENT);
/// let response: Response<()> = refusal.into_response();
/// assert_error(&response).status(429).code(SPENT).retry_after(12);
/// ```
///
/// Code, message and issues are read from the [`ApiError`] that lies in the response's extensions, so
/// they are known in process only, whatever the envelope makes of them; status and headers of any
/// response.
///
/// # Panics
///
/// When the response is no error: 400 to 599.
#[track_caller]
pub fn assert_error<B>(response: &Response<B>) -> ErrorAssertion<'_> {
    let status = response.status();
    assert!(
        status.is_client_error() || status.is_server_error(),
        "the response is no error: its status is {status}"
    );
    let error = response.extensions().get::<ApiError>();
    ErrorAssertion { status, headers: response.headers(), error }
}

/// See [`assert_error`].
#[derive(Clone, Copy, Debug)]
pub struct ErrorAssertion<'a> {
    status: StatusCode,
    headers: &'a http::HeaderMap,
    error: Option<&'a ApiError>,
}

impl ErrorAssertion<'_> {
    /// The status is this.
    ///
    /// # Panics
    ///
    /// When it is another.
    #[track_caller]
    pub fn status(self, status: u16) -> Self {
        assert!(self.status.as_u16() == status, "the status is {}, not {status}", self.status);
        self
    }

    /// The code is this.
    ///
    /// # Panics
    ///
    /// When it is another, or there is none.
    #[track_caller]
    pub fn code(self, code: impl Display) -> Self {
        let (found, code) = (self.error().code().map(|it| it.to_string()), code.to_string());
        match found {
            Some(found) => assert!(found == code, "the code is {found}, not {code}"),
            None => panic!("there is no code, and not {code}"),
        }
        self
    }

    /// The message is this, or the status's phrase is.
    ///
    /// # Panics
    ///
    /// When it is another.
    #[track_caller]
    pub fn message(self, message: &str) -> Self {
        let found = self.error().message();
        assert!(found == message, "the message is {found:?}, not {message:?}");
        self
    }

    /// There is a fault at this place of the request: `["body", "items", "1", "qty"]`.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[track_caller]
    pub fn issue_at<'p>(self, place: impl IntoIterator<Item = &'p str>) -> Self {
        let place: Vec<_> = place.into_iter().collect();
        let places = self.error().issues().iter().map(|issue| {
            issue.location().iter().map(|segment| match segment {
                Segment::Name(name) => name.to_string(),
                Segment::Index(index) => index.to_string(),
                _ => String::new(),
            })
        });
        let places: Vec<Vec<String>> = places.map(Iterator::collect).collect();
        assert!(places.iter().any(|found| *found == place), "{place:?} is not among {places:?}");
        self
    }

    /// `Retry-After` is this many seconds (RFC 9110, section 10.2.3).
    ///
    /// # Panics
    ///
    /// When it is another number, or there is none.
    #[track_caller]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(RETRY_AFTER.as_str(), &seconds.to_string())
    }

    /// A header is this.
    ///
    /// # Panics
    ///
    /// When it is another, there is none, or there are several.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        let found: Vec<_> =
            values.iter().map(|it| String::from_utf8_lossy(it.as_bytes())).collect();
        assert!(found == [value], "{name} is {found:?}, not {value:?}");
        self
    }

    #[track_caller]
    fn error(&self) -> &ApiError {
        match self.error {
            Some(error) => error,
            None => panic!(
                "nobody can say: the response carries no ApiError. It came over a socket, or \
                 somebody else has written it"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use portcullis_core::Issue;

    use super::*;

    fn refused(error: ApiError) -> Response<()> {
        error.into_response()
    }

    #[test]
    fn what_is_right_passes() {
        let issue = Issue::new("missing", "Field required").at("body").at("items").at(1);
        let refusal = refused(ApiError::unprocessable().with_message("No").with_issue(issue));
        assert_error(&refusal).status(422).message("No").issue_at(["body", "items", "1"]);
        let spent = refused(ApiError::too_many_requests(Duration::from_millis(1_500)));
        assert_error(&spent).status(429).retry_after(2).message("Too Many Requests");
    }

    #[test]
    #[should_panic(expected = "the response is no error: its status is 200 OK")]
    fn a_success_is_no_error() {
        assert_error(&Response::new(()));
    }

    #[test]
    #[should_panic(expected = "the status is 409 Conflict, not 404")]
    fn another_status_is_named() {
        assert_error(&refused(ApiError::conflict())).status(404);
    }

    #[test]
    #[should_panic(expected = "there is no code, and not NAME_TAKEN")]
    fn a_missing_code_is_named() {
        assert_error(&refused(ApiError::conflict())).code("NAME_TAKEN");
    }

    #[test]
    #[should_panic(expected = "retry-after is [], not \"1\"")]
    fn a_missing_header_is_named() {
        assert_error(&refused(ApiError::conflict())).retry_after(1);
    }

    #[test]
    #[should_panic(expected = "nobody can say")]
    fn what_somebody_else_wrote_has_no_code() {
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::NOT_FOUND;
        assert_error(&response).status(404).code("NOT_FOUND");
    }
}
