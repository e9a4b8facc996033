use http::HeaderValue;
use portcullis::{ApiError, Envelope, Rendered};

/// A user's own envelope, in plain text: the status and the message, then a line for each member.
pub(crate) struct House;

impl Envelope for House {
    fn render(&self, error: &ApiError) -> Rendered {
        let mut lines = vec![format!("{}: {}", error.status().as_u16(), error.message())];
        lines.extend(error.members().map(|(name, value)| format!("{name} is {value}")));
        Rendered::new(HeaderValue::from_static("text/plain; charset=utf-8"), lines.join("\n"))
    }
}
