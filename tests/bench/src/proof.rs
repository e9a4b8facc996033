//! That a case does what its name says.

use std::ops::RangeInclusive;

use http::StatusCode;
use portcullis::BoxError;

use crate::exchange::{Response, finish};

/// What an answer has to be.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    status: StatusCode,
    headers: Vec<(&'static str, Value)>,
    body: Option<Body>,
}

/// What a body has to be.
#[derive(Clone, Copy, Debug)]
enum Body {
    /// This text.
    Text(&'static str),
    /// A text that starts like this.
    Start(&'static str),
}

/// What a header has to be.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Not there.
    Absent,
    /// There, whatever it is.
    Present,
    /// This text.
    Text(&'static str),
    /// A number in this range.
    Number(RangeInclusive<u64>),
}

impl Expected {
    /// An answer with this status.
    pub(crate) fn status(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// And with this header.
    pub(crate) fn header(mut self, name: &'static str, value: Value) -> Self {
        self.headers.push((name, value));
        self
    }

    /// And with this body.
    pub(crate) fn body(self, body: &'static str) -> Self {
        Self { body: Some(Body::Text(body)), ..self }
    }

    /// And with a body that starts like this.
    pub(crate) fn body_starts(self, body: &'static str) -> Self {
        Self { body: Some(Body::Start(body)), ..self }
    }

    /// The status that every measured answer has to have.
    pub(crate) fn expected_status(&self) -> StatusCode {
        self.status
    }

    /// Reads a whole answer, and says what is wrong with it.
    pub(crate) fn prove(&self, response: Response) -> Result<(), BoxError> {
        let (head, body) = response.into_parts();
        if head.status != self.status {
            return Err(format!("the status is {}, not {}", head.status, self.status).into());
        }
        for (name, expected) in &self.headers {
            let found = head.headers.get(*name).map(|value| value.to_str()).transpose()?;
            if !expected.is(found) {
                return Err(format!("{name} is {found:?}, not {expected:?}").into());
            }
        }
        let mut bytes = Vec::new();
        finish(Response::new(body), |data| bytes.extend_from_slice(&data));
        match self.body {
            Some(body) if !body.is(&bytes) => {
                Err(format!("the body is {:?}, not {body:?}", String::from_utf8_lossy(&bytes))
                    .into())
            }
            _ => Ok(()),
        }
    }
}

impl Body {
    fn is(self, found: &[u8]) -> bool {
        match self {
            Self::Text(text) => found == text.as_bytes(),
            Self::Start(start) => found.starts_with(start.as_bytes()),
        }
    }
}

impl Value {
    fn is(&self, found: Option<&str>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Present => found.is_some(),
            Self::Text(text) => found == Some(*text),
            Self::Number(range) => found
                .and_then(|digits| digits.parse().ok())
                .is_some_and(|number| range.contains(&number)),
        }
    }
}
