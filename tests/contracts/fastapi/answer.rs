use std::{collections::BTreeSet, fmt};

use http::header::CONTENT_TYPE;
use portcullis_tests::Wire;
use serde_json::{Map, Value, json};

/// What a client of either service goes by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    status: u16,
    /// An error's `detail`, and of each issue in it `loc`, `msg` and `type`; null of a success and
    /// where there is no body, and `{"text": …}` of what is no JSON.
    detail: Value,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    /// An error with this detail.
    pub(crate) fn error(status: u16, detail: Value) -> Self {
        Self { status, detail, headers: Vec::new() }
    }

    /// A success, or a redirection.
    pub(crate) fn plain(status: u16) -> Self {
        Self::error(status, Value::Null)
    }

    /// 422 with one issue.
    pub(crate) fn issue(loc: Value, msg: &str, kind: &str) -> Self {
        Self::error(422, json!([{"loc": loc, "msg": msg, "type": kind}]))
    }

    /// 422 for a body that is no JSON from this character on.
    pub(crate) fn no_json(offset: usize) -> Self {
        Self::issue(json!(["body", offset]), "JSON decode error", "json_invalid")
    }

    pub(crate) fn allow(self, methods: &str) -> Self {
        Self { headers: vec![("allow", methods.to_owned())], ..self }
    }

    pub(crate) fn challenge(self, challenge: &str) -> Self {
        Self { headers: vec![("www-authenticate", challenge.to_owned())], ..self }
    }

    pub(crate) fn of(wire: &Wire) -> Self {
        let status = wire.status.as_u16();
        if status < 400 {
            return Self::plain(status);
        }
        let mut headers = Vec::new();
        for name in ["allow", "retry-after", "www-authenticate"] {
            match (name, wire.header(name)) {
                (_, "") => {}
                ("allow", methods) => headers.push((name, set(methods))),
                (_, value) => headers.push((name, value.to_owned())),
            }
        }
        Self { status, detail: detail(wire), headers }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.detail)?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, " {name}: {value}"))
    }
}

fn detail(wire: &Wire) -> Value {
    if wire.body.is_empty() {
        return Value::Null;
    }
    let is_json = wire.headers.get(CONTENT_TYPE).is_some_and(|it| it == "application/json");
    let body: Option<Value> = is_json.then(|| serde_json::from_slice(&wire.body).ok()).flatten();
    match body {
        Some(Value::Object(mut body)) => match body.remove("detail") {
            Some(Value::Array(issues)) => issues.into_iter().map(issue).collect(),
            Some(detail) => detail,
            None => Value::Object(body),
        },
        _ => json!({"text": wire.text()}),
    }
}

/// What both write of an issue: FastAPI adds `input` and `ctx`.
fn issue(issue: Value) -> Value {
    let Value::Object(members) = issue else { return issue };
    let is_common = |name: &str| matches!(name, "loc" | "msg" | "type");
    members.into_iter().filter(|(name, _)| is_common(name)).collect::<Map<_, _>>().into()
}

/// The methods in the order of the alphabet. axum answers `HEAD` where it answers `GET`, and says
/// so: see the difference of that name.
fn set(methods: &str) -> String {
    let mut methods: BTreeSet<_> = methods.split(',').map(str::trim).collect();
    if methods.contains("GET") {
        methods.remove("HEAD");
    }
    methods.into_iter().collect::<Vec<_>>().join(",")
}
