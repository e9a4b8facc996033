use std::{borrow::Cow, error::Error, fmt, time::Duration};

use portcullis_core::{ApiError, ErrorStatus};

use super::admitted::whole_seconds;

/// What a refused client reads: a template, parsed once.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// The same for all, in the one error that all get.
    Fixed(ApiError),
    Pieces(Vec<Piece>),
}

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    RetryAfter,
    Limit,
}

impl Message {
    pub(super) fn parse(template: Cow<'static, str>) -> Result<Self, InvalidMessage> {
        if !template.contains(['{', '}']) {
            return Ok(Self::fixed(template));
        }
        let is_wrong = || InvalidMessage(template.to_string());
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = &*template;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            let (name, after) = match brace {
                "{" => rest.split_once('}').ok_or_else(is_wrong)?,
                _ => return Err(is_wrong()),
            };
            let piece = match name {
                "retry_after" => Piece::RetryAfter,
                "limit" => Piece::Limit,
                _ => return Err(is_wrong()),
            };
            pieces.extend([Piece::Text(std::mem::take(&mut text)), piece]);
            rest = after;
        }
        text.push_str(rest);
        pieces.push(Piece::Text(text));
        Ok(Self::Pieces(pieces))
    }

    fn fixed(text: Cow<'static, str>) -> Self {
        let error = ApiError::new(ErrorStatus::TOO_MANY_REQUESTS).with_message(text);
        Self::Fixed(error.prepared())
    }

    /// The 429 that says so with these numbers in it; when to come back is no part of it yet.
    pub(super) fn refusal(&self, wait: Duration, limit: u32) -> ApiError {
        let pieces = match self {
            Self::Fixed(error) => return error.clone(),
            Self::Pieces(pieces) => pieces,
        };
        let mut message = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => message.push_str(text),
                Piece::RetryAfter => message.push_str(&whole_seconds(wait).to_string()),
                Piece::Limit => message.push_str(&limit.to_string()),
            }
        }
        ApiError::new(ErrorStatus::TOO_MANY_REQUESTS).with_message(message)
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::fixed(Cow::Borrowed("Rate limit exceeded"))
    }
}

/// A template that asks for what a limit does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMessage(String);

impl fmt::Display for InvalidMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} has other words in braces than {{retry_after}} and {{limit}}; a brace itself is \
             written twice",
            self.0
        )
    }
}

impl Error for InvalidMessage {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_in() {
        for (template, message) in [
            ("Rate limit exceeded", "Rate limit exceeded"),
            ("Retry after {retry_after}s.", "Retry after 12s."),
            ("{limit}{retry_after}", "30012"),
            ("{{limit}} is {limit}", "{limit} is 300"),
            ("a }} b", "a } b"),
            ("", ""),
        ] {
            let refusal =
                Message::parse(template.into()).unwrap().refusal(Duration::from_secs(12), 300);
            assert_eq!(refusal.message(), message);
        }
    }

    #[test]
    fn a_template_that_asks_for_something_else_says_what_it_may_ask_for() {
        for template in ["{seconds}", "{", "}", "{limit", "{}", "{ limit }", "{{limit}", "{limit}}"]
        {
            let error = Message::parse(template.into()).unwrap_err().to_string();
            assert!(error.contains("{retry_after} and {limit}"), "{error}");
        }
    }
}
