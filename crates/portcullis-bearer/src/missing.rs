use portcullis_core::{ApiError, Code, ErrorStatus};

/// The code of the 500 that is answered where a handler or a guard asks for a principal and no layer
/// in front of it provides one.
pub const PRINCIPAL_MISSING: Code = Code::new("PRINCIPAL_MISSING");

/// The 500 itself, and a line in the log that names the layer.
#[cold]
pub(crate) fn missing<T>(who: &str) -> ApiError {
    tracing::error!(
        principal = std::any::type_name::<T>(),
        "{who} asks for a Principal that no guard provides: add a Bearer, or a guard of your own, \
         whose principal is this type, in front of its route"
    );
    ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(PRINCIPAL_MISSING)
}
