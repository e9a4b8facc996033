//! What is not ours becomes an [`ApiError`], by one table.

use std::{any::Any, fmt};

use http::{HeaderMap, Response, header::CONTENT_TYPE};
use portcullis_core::{ApiError, BoxError, ErrorStatus};
use tower::{load_shed::error::Overloaded, timeout::error::Elapsed};

use crate::Final;

/// The error that a response stands for, if an envelope is to write its body.
pub(crate) fn response<B>(response: &Response<B>) -> Option<ApiError> {
    let status = ErrorStatus::try_from(response.status()).ok()?;
    let extensions = response.extensions();
    if extensions.get::<Final>().is_some() {
        return None;
    }
    if let Some(error) = extensions.get::<ApiError>() {
        return Some(error.clone());
    }
    if speaks_for_itself(response.headers()) { None } else { Some(ApiError::new(status)) }
}

/// Whether the body is JSON of the application's own, or a gRPC answer.
fn speaks_for_itself(headers: &HeaderMap) -> bool {
    let Some(media_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix("application/") else { return false };
    subtype == "json" || subtype.ends_with("+json") || subtype.starts_with("grpc")
}

/// The error that an inner service failed with.
pub(crate) fn error(error: BoxError) -> ApiError {
    let error = match error.downcast::<ApiError>() {
        Ok(ours) => return *ours,
        Err(foreign) => foreign,
    };
    let status = if error.is::<Elapsed>() {
        ErrorStatus::GATEWAY_TIMEOUT
    } else if error.is::<Overloaded>() {
        ErrorStatus::SERVICE_UNAVAILABLE
    } else {
        ErrorStatus::INTERNAL_SERVER_ERROR
    };
    ApiError::new(status).with_source(error)
}

/// The error that a panic beneath the layer is.
pub(crate) fn panic(payload: Box<dyn Any + Send>) -> ApiError {
    let message = match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => match payload.downcast::<&'static str>() {
            Ok(message) => (*message).to_owned(),
            Err(_) => "a panic without a message".to_owned(),
        },
    };
    ApiError::internal(Panicked(message))
}

/// The cause of a 500 that a panic is.
#[derive(Debug)]
struct Panicked(String);

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.0)
    }
}

impl std::error::Error for Panicked {}
