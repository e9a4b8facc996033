use portcullis::{ApiError, CatalogueEntry};

/// What is wrong with a body stays; what it is called is the endpoint's own.
pub(crate) fn invalid(entry: CatalogueEntry) -> impl FnOnce(ApiError) -> ApiError {
    move |error| match error.issues() {
        [] => error,
        _ => {
            error.with_status(entry.status()).with_code(entry.code()).with_message(entry.message())
        }
    }
}
