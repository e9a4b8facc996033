use crate::{ApiError, Code, ErrorStatus};

/// One way to fail, as an API documents it: a code, its status or several, and its message.
///
/// [`catalogue!`](crate::catalogue) makes constants of it. It converts into an [`ApiError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    code: Code,
    status: ErrorStatus,
    statuses: &'static [u16],
    message: &'static str,
    remedy: Option<&'static str>,
    is_retryable: bool,
    since: Option<&'static str>,
    deprecated: Option<&'static str>,
}

impl CatalogueEntry {
    /// An entry; the first status is the one that it has unless another is [chosen](Self::at).
    ///
    /// # Panics
    ///
    /// When the code is none, or a status is missing or not 400 to 599; in a `const`, as
    /// [`catalogue!`](crate::catalogue) writes it, that is a compile error.
    #[track_caller]
    pub const fn new(code: &'static str, statuses: &'static [u16], message: &'static str) -> Self {
        assert!(!statuses.is_empty(), "an entry needs a status");
        let mut at = statuses.len();
        let status = loop {
            at -= 1;
            let status = match ErrorStatus::from_u16(statuses[at]) {
                Ok(status) => status,
                Err(_) => panic!("an entry's statuses are 400 to 599"),
            };
            if at == 0 {
                break status;
            }
        };
        Self {
            code: Code::new(code),
            status,
            statuses,
            message,
            remedy: None,
            is_retryable: false,
            since: None,
            deprecated: None,
        }
    }

    /// What the caller can do about it.
    #[must_use]
    pub const fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy: Some(remedy), ..self }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn retryable(self, is_retryable: bool) -> Self {
        Self { is_retryable, ..self }
    }

    /// The version of the API that brought the code.
    #[must_use]
    pub const fn since(self, version: &'static str) -> Self {
        Self { since: Some(version), ..self }
    }

    /// The code is no longer used; what took its place.
    #[must_use]
    pub const fn deprecated(self, instead: &'static str) -> Self {
        Self { deprecated: Some(instead), ..self }
    }

    /// The same entry with another of its statuses.
    ///
    /// # Panics
    ///
    /// When the entry does not list the status; in a `const`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn at(self, status: u16) -> Self {
        let mut place = 0;
        while place < self.statuses.len() {
            if self.statuses[place] == status
                && let Ok(status) = ErrorStatus::from_u16(status)
            {
                return Self { status, ..self };
            }
            place += 1;
        }
        panic!("the catalogue's entry does not list this status")
    }

    /// The code, as it goes over the wire.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The status that an error of it has.
    pub const fn status(&self) -> ErrorStatus {
        self.status
    }

    /// All statuses that it is documented with.
    pub const fn statuses(&self) -> &'static [u16] {
        self.statuses
    }

    /// The message that clients read.
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// What the caller can do about it, for the reference pages.
    pub const fn remedy_text(&self) -> Option<&'static str> {
        self.remedy
    }

    /// Whether the same request may succeed later, for the reference pages.
    pub const fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// The version that brought it, for the reference pages.
    pub const fn since_version(&self) -> Option<&'static str> {
        self.since
    }

    /// What took its place, for the reference pages.
    pub const fn deprecated_for(&self) -> Option<&'static str> {
        self.deprecated
    }

    /// Whether a client is told the same: statuses and message.
    pub(crate) fn means(&self, other: &Self) -> bool {
        self.statuses == other.statuses && self.message == other.message
    }
}

impl From<CatalogueEntry> for ApiError {
    fn from(entry: CatalogueEntry) -> Self {
        Self::new(entry.status).with_code(entry.code).with_message(entry.message)
    }
}
