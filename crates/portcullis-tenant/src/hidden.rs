use std::{fmt, sync::LazyLock};

use portcullis_core::ApiError;

/// A resource that this caller cannot see: there is none, or it is another tenant's.
///
/// One type and one response, 404, so that nothing but the logs tells the two apart.
///
/// It converts into an [`ApiError`], so `?` works in a handler that returns one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden(Truth);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Missing,
    Foreign,
}

impl Hidden {
    /// There is no such resource.
    pub const fn missing() -> Self {
        Self(Truth::Missing)
    }

    /// The resource exists, and belongs to another tenant.
    pub const fn foreign() -> Self {
        Self(Truth::Foreign)
    }

    /// Whether the resource exists, and belongs to another tenant. For the logs, never for a client.
    pub const fn is_foreign(self) -> bool {
        matches!(self.0, Truth::Foreign)
    }
}

/// A plain 404. Which of the two it was is its private source.
impl From<Hidden> for ApiError {
    fn from(hidden: Hidden) -> Self {
        // Made once each: the two cost the same to answer, and little.
        static MISSING: LazyLock<ApiError> = LazyLock::new(|| of(Hidden::missing()));
        static FOREIGN: LazyLock<ApiError> = LazyLock::new(|| of(Hidden::foreign()));
        fn of(hidden: Hidden) -> ApiError {
            ApiError::not_found().with_source(hidden)
        }

        match hidden.0 {
            Truth::Missing => MISSING.clone(),
            Truth::Foreign => FOREIGN.clone(),
        }
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Hidden {
    fn into_response(self) -> axum_core::response::Response {
        ApiError::from(self).into_response()
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Truth::Missing => "there is no such resource",
            Truth::Foreign => "the resource belongs to another tenant",
        })
    }
}

impl std::error::Error for Hidden {}
