use std::error::Error;

use portcullis_core::{ApiError, BoxError, ErrorStatus};
use tower::{load_shed::error::Overloaded, timeout::error::Elapsed};

/// The error that an inner service failed with.
///
/// tower's `Buffer` wraps what its service failed with, so the chain of sources is searched.
pub fn error(error: BoxError) -> ApiError {
    let error = match error.downcast::<ApiError>() {
        Ok(ours) => return *ours,
        Err(foreign) => foreign,
    };
    let mut cause: Option<&(dyn Error + 'static)> = Some(&*error);
    while let Some(found) = cause {
        if let Some(ours) = found.downcast_ref::<ApiError>() {
            return ours.clone();
        }
        if found.is::<Elapsed>() {
            return ApiError::new(ErrorStatus::GATEWAY_TIMEOUT).with_source(error);
        }
        if found.is::<Overloaded>() || is_closed_buffer(found) {
            return ApiError::unavailable(error);
        }
        cause = found.source();
    }
    ApiError::internal(error)
}

/// tower's `buffer::error::Closed`, by its text: its type needs a feature of tower's that would
/// bring another crate into every user's tree.
fn is_closed_buffer(error: &(dyn Error + 'static)) -> bool {
    error.to_string() == "buffer's worker closed unexpectedly"
}
