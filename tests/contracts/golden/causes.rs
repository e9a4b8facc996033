//! What fails beneath an envelope.

use std::time::Duration;

use axum::Router;
use http::{HeaderValue, header::WWW_AUTHENTICATE};
use portcullis::ApiError;

/// How long a client is told to wait, where a vector wants some number of seconds.
pub(crate) const WAIT: Duration = Duration::from_secs(12);

/// A handler or a guard that refuses whatever it is asked.
pub(crate) fn refused(error: impl Into<ApiError>) -> Router {
    let error = error.into();
    Router::new().fallback(async move || error)
}

/// A handler that panics.
pub(crate) fn panicking() -> Router {
    async fn panics() {
        panic!("the database password is hunter2");
    }
    Router::new().fallback(panics)
}

/// A 401 with its challenge, and this text.
pub(crate) fn unauthorized(message: &'static str) -> ApiError {
    challenged(ApiError::unauthorized().with_message(message))
}

/// The refusal with a challenge, which every 401 carries.
pub(crate) fn challenged(error: impl Into<ApiError>) -> ApiError {
    error.into().with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}
