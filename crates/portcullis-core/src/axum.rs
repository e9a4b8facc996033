use axum_core::response::{IntoResponse, Response};

use crate::ApiError;

/// Returns the status and the headers; the envelope above writes the body.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        Self::into_response(self)
    }
}
