use std::{fmt, time::Duration};

use http::{
    HeaderMap, StatusCode, Version,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};

/// What a client gets, and what the service did with its body.
pub(crate) struct Answer {
    pub(crate) wire: Result<Wire, NoAnswer>,
    /// Whether the service asked for the request's body.
    pub(crate) has_read: bool,
}

/// All of a response that goes over the wire.
pub(crate) struct Wire {
    pub(crate) version: Version,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Whether the length was known before the body came.
    pub(crate) is_sized: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: HeaderMap,
    pub(crate) end: End,
}

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    /// By an error or a panic, of which a client sees that the rest is missing.
    CutOff,
    /// Nobody knows: it is longer than what is read of one.
    TooLong(usize),
    /// Nobody knows: it takes longer than one is waited for.
    Late(Duration),
    /// Nobody knows: it is a stream of events, and has none.
    Events,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    Failed(String),
    Panicked,
    Late(Duration),
}

impl Answer {
    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.wire.as_ref().ok().map(|wire| wire.status)
    }

    /// Its status, or what came instead.
    pub(crate) fn name(&self) -> String {
        match &self.wire {
            Ok(wire) => wire.status.to_string(),
            Err(none) => none.to_string(),
        }
    }

    /// Why nobody knows what it comes to, where that is so.
    pub(crate) fn open(&self) -> Option<String> {
        match &self.wire {
            Err(late @ NoAnswer::Late(_)) => Some(late.to_string()),
            Ok(Wire { end: end @ (End::TooLong(_) | End::Late(_) | End::Events), .. }) => {
                Some(end.to_string())
            }
            _ => None,
        }
    }

    /// Whether a limit has refused it.
    pub(crate) fn is_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    pub(crate) fn is_late(&self) -> bool {
        matches!(
            self.wire,
            Err(NoAnswer::Late(_)) | Ok(Wire { end: End::Late(_) | End::TooLong(_), .. })
        )
    }
}

impl Wire {
    /// How a client finds the end of the body (RFC 9112, section 6.3).
    pub(crate) fn framing(&self) -> &'static str {
        if self.headers.contains_key(TRANSFER_ENCODING) {
            "a transfer-encoding"
        } else if self.is_sized || self.headers.contains_key(CONTENT_LENGTH) {
            "a length"
        } else {
            "chunks"
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::CutOff => f.write_str("cut off"),
            Self::TooLong(bytes) => write!(f, "longer than {bytes} bytes"),
            Self::Late(time) => write!(f, "without an end within {time:?}"),
            Self::Events => f.write_str("a stream of events, which is not waited for"),
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "the service failed: {error}"),
            Self::Panicked => f.write_str("the service panicked"),
            Self::Late(time) => write!(f, "no answer within {time:?}"),
        }
    }
}
