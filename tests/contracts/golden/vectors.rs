//! The vectors' files. What they may say and this does not know fails the test.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, header::CONTENT_TYPE};
use portcullis_tests::Wire;
use serde::Deserialize;

use super::{
    earlier::Earlier,
    json::Json,
    pattern::{fill, is_header},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vectors {
    pub(crate) service: String,
    pub(crate) cases: Vec<Case>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) request: Asked,
    pub(crate) response: Expected,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    json: Option<Json>,
    body: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    status: u16,
    headers: BTreeMap<String, String>,
    #[serde(default)]
    absent: Vec<String>,
    json: Option<Json>,
    body: Option<String>,
    pub(crate) same_as: Option<usize>,
}

impl Vectors {
    pub(crate) fn parse(file: &str) -> Self {
        serde_json::from_str(file).expect("vectors in the form that their README describes")
    }
}

impl Case {
    /// The same case, but that a step expects another status.
    pub(crate) fn with_another_status(&self, step: usize) -> Self {
        let mut case = self.clone();
        case.steps[step].response.status += 1;
        case
    }
}

impl Step {
    pub(crate) fn is_error(&self) -> bool {
        self.response.status >= 400
    }
}

impl Asked {
    /// With what it takes from earlier answers.
    pub(crate) fn filled(&self, earlier: &Earlier<'_>) -> Self {
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), earlier.fill(value)));
        Self {
            method: self.method.clone(),
            path: earlier.fill(&self.path),
            headers: headers.collect(),
            json: self.json.as_ref().map(|json| earlier.fill_json(json)),
            body: self.body.clone(),
        }
    }

    pub(crate) fn request(&self) -> Request<Bytes> {
        let mut request = Request::builder().method(&*self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = match (&self.json, &self.body) {
            (Some(json), _) => {
                request = request.header(CONTENT_TYPE, "application/json");
                json.compact()
            }
            (None, body) => body.clone().unwrap_or_default(),
        };
        request.body(body.into()).expect("a request")
    }
}

impl Expected {
    /// With what it takes from earlier answers.
    pub(crate) fn filled(&self, earlier: &Earlier<'_>) -> Self {
        let json = self.json.as_ref().map(|json| earlier.fill_json(json));
        Self { json, ..self.clone() }
    }

    /// What of an answer is not as expected.
    pub(crate) fn meets(&self, wire: &Wire) -> Result<(), String> {
        let Self { status, headers, absent, json, body, .. } = self;
        if wire.status != *status {
            return Err(format!("{status} expected: {:#?}", wire.lines()));
        }
        for (name, value) in headers {
            if !wire.headers.contains_key(name) || !is_header(value, wire.header(name)) {
                return Err(format!("{name}: {value} expected: {:#?}", wire.lines()));
            }
        }
        for name in required(*status) {
            if wire.header(name).is_empty() {
                return Err(format!("{name} expected with every {status}: {:#?}", wire.lines()));
            }
        }
        if let Some(name) = absent.iter().find(|name| wire.headers.contains_key(&***name)) {
            return Err(format!("no {name} expected: {:#?}", wire.lines()));
        }
        let body = match (json, body) {
            (Some(json), _) => {
                let came = serde_json::from_slice(&wire.body).ok();
                fill(json, came.as_ref(), wire.header("retry-after")).compact()
            }
            (None, Some(body)) => body.clone(),
            (None, None) => return Ok(()),
        };
        if wire.text() == body { Ok(()) } else { Err(format!("{body} expected: {}", wire.text())) }
    }
}

/// What is common to all contracts, whether or not a vector says so.
fn required(status: u16) -> &'static [&'static str] {
    match status {
        401 => &["content-type", "www-authenticate"],
        405 => &["content-type", "allow"],
        429 => &["content-type", "retry-after"],
        _ => &["content-type"],
    }
}
