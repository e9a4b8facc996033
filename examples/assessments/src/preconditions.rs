//! Preconditions (RFC 9110, section 13). They are asked of what the caller has been proven to see.

use axum::http::{HeaderName, header::ETAG};
use portcullis::{ApiError, ErrorStatus};
use serde::Deserialize;

use crate::assessment::Assessment;

#[derive(Deserialize)]
pub(crate) struct Preconditions {
    #[serde(default)]
    if_match: Vec<String>,
    #[serde(default)]
    if_none_match: Vec<String>,
}

impl Preconditions {
    /// Refuses a change by who means another version.
    pub(crate) fn permit_change(&self, assessment: &Assessment) -> Result<(), ApiError> {
        if self.if_match.is_empty() || names(&self.if_match, &tag(assessment)) {
            return Ok(());
        }
        let message = "The assessment has changed: read it again";
        Err(ApiError::new(ErrorStatus::PRECONDITION_FAILED).with_message(message))
    }

    /// Whether the caller has this version already.
    pub(crate) fn is_known(&self, assessment: &Assessment) -> bool {
        names(&self.if_none_match, &tag(assessment))
    }
}

/// The `ETag` of this version.
pub(crate) fn etag(assessment: &Assessment) -> [(HeaderName, String); 1] {
    [(ETAG, tag(assessment))]
}

fn tag(assessment: &Assessment) -> String {
    format!("\"{}\"", assessment.version)
}

fn names(lines: &[String], tag: &str) -> bool {
    let mut named = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    named.any(|named| named == "*" || named == tag)
}
