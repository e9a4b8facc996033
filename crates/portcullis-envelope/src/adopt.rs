//! What is not ours becomes an [`ApiError`], by one table.

mod error;
mod panic;
mod text;

use http::{Response, StatusCode};
use http_body::Body;
use portcullis_core::{ApiError, ErrorStatus};

pub use self::{error::error, panic::panic};
use crate::{
    ClientText, Final, Foreign,
    foreign::{Policy, is_grpc, is_text},
};

/// What an error response is to the envelope.
pub(crate) enum Adopted {
    /// In its last form already.
    Not,
    /// An error whose body is to be written.
    Now(ApiError),
    /// A foreign error whose text is to be read first.
    Text(ErrorStatus),
}

/// What an envelope makes of a response of 400 to 599.
pub(crate) fn response<B: Body>(
    response: &Response<B>,
    is_head: bool,
    policy: &Policy,
    client_text: ClientText,
) -> Adopted {
    let Ok(status) = ErrorStatus::try_from(response.status()) else { return Adopted::Not };
    let extensions = response.extensions();
    if extensions.get::<Final>().is_some() {
        return Adopted::Not;
    }
    if let Some(error) = extensions.get::<ApiError>() {
        // `(StatusCode::CONFLICT, error)` has the status that the client sees.
        let is_renamed = error.status() != status;
        let error = error.clone();
        return Adopted::Now(if is_renamed { error.with_status(status) } else { error });
    }
    if is_grpc(response.headers()) {
        return Adopted::Not;
    }
    // Compression answers 406 with the body of the success that it could not encode.
    if response.status() == StatusCode::NOT_ACCEPTABLE {
        return Adopted::Now(ApiError::new(status));
    }
    // Whatever its headers say, there is nothing to keep of an error without a body.
    let is_empty = !is_head && response.body().is_end_stream();
    match policy.of(response.headers()) {
        Foreign::Keep if !is_empty => Adopted::Not,
        _ => {
            let is_wanted = status.is_server_error() || client_text == ClientText::Own;
            if is_wanted && is_text(response.headers()) {
                return Adopted::Text(status);
            }
            Adopted::Now(ApiError::new(status))
        }
    }
}

/// The error that a foreign text stands for; none where it was too long, too slow, or no UTF-8.
pub(crate) fn text(status: ErrorStatus, text: Option<String>) -> ApiError {
    let error = ApiError::new(status);
    match text {
        Some(text) if status.is_server_error() && !text.is_empty() => {
            error.with_source(text::Foreign(text))
        }
        Some(text) if !status.is_server_error() => match text::message(&text) {
            Some(message) => error.with_message(message.to_owned()),
            None => error,
        },
        _ => error,
    }
}
