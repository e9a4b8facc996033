use std::{error::Error, fmt};

use portcullis_core::ApiError;

/// Tells `tracing` the cause of a 5xx, which the client is not told.
pub(crate) fn cause(error: &ApiError, request_id: Option<&str>) {
    let Some(source) = error.source() else { return };
    if error.status().is_server_error() {
        tracing::error!(
            status = error.status().as_u16(),
            code = error.code().map(|code| code.as_str()),
            request_id,
            cause = %Chain(source),
            "a request failed"
        );
    }
}

/// An error and all that it was caused by, on one line.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut error = self.0;
        while let Some(source) = error.source() {
            write!(f, ": {source}")?;
            error = source;
        }
        Ok(())
    }
}
