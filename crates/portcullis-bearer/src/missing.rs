use http::request::Parts;
use portcullis_core::{Anonymous, ApiError, Code, ErrorStatus};

/// The code of the 500 that is answered where a handler or a guard asks for a principal and no layer
/// in front of it provides one.
pub const PRINCIPAL_MISSING: Code = Code::new("PRINCIPAL_MISSING");

/// What to answer who has no principal: a 401 where a bearer let it in without, and else a 500, with
/// a line in the log that names the layer.
#[cold]
pub(crate) fn missing<T>(head: &Parts, who: &str) -> ApiError {
    if let Some(anonymous) = head.extensions.get::<Anonymous>() {
        return anonymous.refusal();
    }
    tracing::error!(
        principal = std::any::type_name::<T>(),
        "{who} asks for a Principal that no guard provides: add a Bearer, or a guard of your own, \
         whose principal is this type, in front of its route"
    );
    ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(PRINCIPAL_MISSING)
}
