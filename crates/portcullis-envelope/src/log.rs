use std::{
    error::Error,
    fmt::{self, Write},
};

use portcullis_core::ApiError;

/// Tells `tracing` the cause of an error, which the client is not told.
pub(crate) fn cause(error: &ApiError, request_id: Option<&str>) {
    let Some(source) = error.source() else { return };
    let status = error.status().as_u16();
    let code = error.code().map(|code| code.as_str());
    let cause = Chain(source);
    if error.status().is_server_error() {
        tracing::error!(status, code, request_id, %cause, "a request failed");
    } else {
        tracing::debug!(status, code, request_id, %cause, "a request was refused");
    }
}

/// An error and all that it was caused by, on one line: a cause may quote what a caller sent, and
/// must not be able to write a line of its own.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(OneLine(f), "{}", self.0)?;
        let mut error = self.0;
        while let Some(source) = error.source() {
            write!(OneLine(f), ": {source}")?;
            error = source;
        }
        Ok(())
    }
}

/// Writes control characters as their escapes.
struct OneLine<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(char::is_control) {
            match part.char_indices().next_back() {
                Some((at, last)) if last.is_control() => {
                    write!(self.0, "{}{}", &part[..at], last.escape_debug())?;
                }
                _ => self.0.write_str(part)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_cannot_write_a_line_of_its_own() {
        let cause = ApiError::internal("no row\n2026 INFO app: admin\u{1b}[2J \u{e9}");
        let shown = cause.source().map(|source| Chain(source).to_string());
        assert_eq!(shown.as_deref(), Some("no row\\n2026 INFO app: admin\\u{1b}[2J \u{e9}"));
    }
}
