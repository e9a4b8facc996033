use crate::ApiError;

/// In a request's extensions: a guard let it in without a principal, and meant to.
///
/// A bearer leaves it where callers may be anonymous, and with CORS preflights and health checks. So
/// a guard or a handler further in that finds no principal can tell a caller who sent no credentials,
/// which is a 401, from a layer that was forgotten, which is a 500:
///
/// ```
/// use http::request::Parts;
/// use portcullis_core::{Anonymous, ApiError, ErrorStatus};
///
/// #[derive(Clone)]
/// struct Account { id: u64 }
///
/// fn account(head: &Parts) -> Result<Account, ApiError> {
///     match (head.extensions.get::<Account>(), head.extensions.get::<Anonymous>()) {
///         (Some(account), _) => Ok(account.clone()),
///         (None, Some(anonymous)) => Err(anonymous.refusal()),
///         (None, None) => Err(ErrorStatus::INTERNAL_SERVER_ERROR.into()),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Anonymous {
    refusal: ApiError,
}

impl Anonymous {
    /// The mark of a guard that would have refused the request with this.
    pub fn new(refusal: ApiError) -> Self {
        Self { refusal }
    }

    /// What to answer where a principal is needed: the refusal of who sent no credentials.
    pub fn refusal(&self) -> ApiError {
        self.refusal.clone()
    }
}
