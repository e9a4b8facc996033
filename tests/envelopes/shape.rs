use std::sync::Arc;

use http::StatusCode;
use portcullis::{Detail, Envelope, ErrorObject, Flat, ProblemDetails};

use crate::house::House;

/// An envelope, and what its contract says that a plain error looks like.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) envelope: Arc<dyn Envelope>,
    pub(crate) content_type: &'static str,
    plain: fn(&Plain) -> String,
}

/// An error that is a status, and perhaps a message and a wait: what nearly all of them are.
#[derive(Clone, Copy)]
pub(crate) struct Plain {
    pub(crate) status: u16,
    pub(crate) message: Option<&'static str>,
    pub(crate) retry_after: Option<u64>,
}

impl Shape {
    /// In the order in which [`Expected`](crate::source::Expected) lists bodies.
    pub(crate) fn all() -> [Self; 5] {
        const JSON: &str = "application/json";
        const PROBLEM: &str = "application/problem+json";
        const TEXT: &str = "text/plain; charset=utf-8";
        [
            Self::of("Detail", Detail::new(), JSON, Plain::detail),
            Self::of("ErrorObject", ErrorObject::new(), JSON, Plain::error_object),
            Self::of("ProblemDetails", ProblemDetails::new(), PROBLEM, Plain::problem),
            Self::of("Flat", Flat::new(), JSON, Plain::flat),
            Self::of("House", House, TEXT, Plain::house),
        ]
    }

    fn of(
        name: &'static str,
        envelope: impl Envelope,
        content_type: &'static str,
        plain: fn(&Plain) -> String,
    ) -> Self {
        Self { name, envelope: Arc::new(envelope), content_type, plain }
    }

    /// The body of a plain error.
    pub(crate) fn plain(&self, plain: &Plain) -> String {
        (self.plain)(plain)
    }
}

/// Written by hand and not by way of what is tested.
impl Plain {
    fn detail(&self) -> String {
        let python = match self.status {
            413 => "Request Entity Too Large",
            416 => "Requested Range Not Satisfiable",
            422 => "Unprocessable Entity",
            _ => self.phrase(),
        };
        format!(r#"{{"detail":"{}"}}"#, self.message.unwrap_or(python))
    }

    fn error_object(&self) -> String {
        let code = self.phrase().to_uppercase().replace(' ', "_");
        format!(r#"{{"error":{{"code":"{code}","message":"{}"}}}}"#, self.words())
    }

    fn problem(&self) -> String {
        let detail = self.message.map_or(String::new(), |text| format!(r#","detail":"{text}""#));
        let (title, status) = (self.phrase(), self.status);
        format!(r#"{{"type":"about:blank","title":"{title}","status":{status}{detail}}}"#)
    }

    fn flat(&self) -> String {
        let code = self.phrase().to_lowercase().replace(' ', "_");
        let wait =
            self.retry_after.map_or(String::new(), |wait| format!(r#","retry_after":{wait}"#));
        format!(r#"{{"error":"{code}","message":"{}"{wait}}}"#, self.words())
    }

    fn house(&self) -> String {
        format!("{}: {}", self.status, self.words())
    }

    fn words(&self) -> &'static str {
        self.message.unwrap_or(self.phrase())
    }

    /// RFC 9110's.
    fn phrase(&self) -> &'static str {
        match self.status {
            413 => "Content Too Large",
            422 => "Unprocessable Content",
            599 => "Error",
            status => StatusCode::from_u16(status)
                .ok()
                .and_then(|status| status.canonical_reason())
                .expect("a status with a phrase"),
        }
    }
}
