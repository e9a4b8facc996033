mod difference;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header::DATE};
use http_body_util::BodyExt;
use hyper::body::Body;

pub use self::difference::{Difference, assert_alike};

/// What came over the wire, whichever protocol it came over.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The status.
    pub status: StatusCode,
    /// The headers, in the order in which they came.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Wire {
    /// Reads a response to its end.
    pub async fn read<B>(response: Response<B>) -> Self
    where
        B: Body<Error: std::fmt::Debug>,
    {
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body that is whole").to_bytes();
        Self { status: head.status, headers: head.headers, body }
    }

    /// A header's value, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    /// The answer line by line, as a person reads it: the status, the headers in the order of the
    /// alphabet and without the date, and under an empty line the body, if there is one.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != DATE)
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        lines.sort_by(|one, other| one.split(':').next().cmp(&other.split(':').next()));
        lines.insert(0, self.status.to_string());
        if !self.body.is_empty() {
            lines.extend([String::new(), String::from_utf8_lossy(&self.body).into_owned()]);
        }
        lines
    }

    /// The answer without this header.
    #[must_use]
    pub fn without(mut self, header: &str) -> Self {
        self.headers.remove(header);
        self
    }

    /// What the answer to a `HEAD` is, if this is the answer to its `GET`.
    #[must_use]
    pub fn without_body(self) -> Self {
        Self { body: Bytes::new(), ..self }
    }
}
