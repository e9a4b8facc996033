use std::fmt;

use http::StatusCode;

/// A status that says that a request failed: 400 to 599 (RFC 9110, sections 15.5 and 15.6).
///
/// An [`ApiError`](crate::ApiError) carries one of these, so that no refusal can leave as a success.
///
/// ```
/// use http::StatusCode;
/// use portcullis_core::ErrorStatus;
///
/// assert_eq!(ErrorStatus::try_from(StatusCode::CONFLICT)?, ErrorStatus::CONFLICT);
/// assert!(ErrorStatus::try_from(StatusCode::OK).is_err());
/// # Ok::<(), portcullis_core::NotAnErrorStatus>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorStatus(StatusCode);

macro_rules! statuses {
    ($($name:ident $text:literal,)*) => {
        impl ErrorStatus {
            $(
                #[doc = $text]
                pub const $name: Self = Self(StatusCode::$name);
            )*
        }
    };
}

statuses! {
    BAD_REQUEST "400",
    UNAUTHORIZED "401",
    PAYMENT_REQUIRED "402",
    FORBIDDEN "403",
    NOT_FOUND "404",
    METHOD_NOT_ALLOWED "405",
    NOT_ACCEPTABLE "406",
    REQUEST_TIMEOUT "408",
    CONFLICT "409",
    GONE "410",
    LENGTH_REQUIRED "411",
    PRECONDITION_FAILED "412",
    PAYLOAD_TOO_LARGE "413",
    URI_TOO_LONG "414",
    UNSUPPORTED_MEDIA_TYPE "415",
    UNPROCESSABLE_ENTITY "422",
    LOCKED "423",
    PRECONDITION_REQUIRED "428",
    TOO_MANY_REQUESTS "429",
    INTERNAL_SERVER_ERROR "500",
    NOT_IMPLEMENTED "501",
    BAD_GATEWAY "502",
    SERVICE_UNAVAILABLE "503",
    GATEWAY_TIMEOUT "504",
}

impl ErrorStatus {
    /// The status of this number.
    ///
    /// # Errors
    ///
    /// [`NotAnErrorStatus`] unless it is 400 to 599.
    pub const fn from_u16(number: u16) -> Result<Self, NotAnErrorStatus> {
        match StatusCode::from_u16(number) {
            Ok(status) if 400 <= number && number <= 599 => Ok(Self(status)),
            _ => Err(NotAnErrorStatus(number)),
        }
    }

    /// The status's number, 400 to 599.
    pub const fn as_u16(self) -> u16 {
        self.0.as_u16()
    }

    /// Whether the fault is the service's (5xx) and not the caller's (4xx).
    pub fn is_server_error(self) -> bool {
        self.0.is_server_error()
    }

    /// The reason phrase that RFC 9110 gives the status, `Error` for one that it does not know.
    pub fn phrase(self) -> &'static str {
        match self.0.as_u16() {
            // The http crate has these by the names of older RFCs.
            413 => "Content Too Large",
            416 => "Range Not Satisfiable",
            422 => "Unprocessable Content",
            _ => self.0.canonical_reason().unwrap_or("Error"),
        }
    }
}

impl TryFrom<StatusCode> for ErrorStatus {
    type Error = NotAnErrorStatus;

    fn try_from(status: StatusCode) -> Result<Self, NotAnErrorStatus> {
        Self::from_u16(status.as_u16())
    }
}

impl From<ErrorStatus> for StatusCode {
    fn from(status: ErrorStatus) -> Self {
        status.0
    }
}

impl PartialEq<StatusCode> for ErrorStatus {
    fn eq(&self, other: &StatusCode) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for ErrorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for ErrorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.as_u16(), self.phrase())
    }
}

/// The status is no error: only 400 to 599 are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnErrorStatus(u16);

impl fmt::Display for NotAnErrorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not an error status: use one from 400 to 599", self.0)
    }
}

impl std::error::Error for NotAnErrorStatus {}
