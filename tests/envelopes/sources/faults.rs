//! What our own extractors refuse: every fault of the request at once.

use axum::{Router, routing::any};
use portcullis::extract::{Json, Path, Query};
use serde::Deserialize;

use crate::source::Source;

#[derive(Deserialize)]
struct Ticket {
    #[serde(rename = "subject")]
    _subject: String,
    #[serde(rename = "votes")]
    _votes: u8,
}

pub(super) fn all() -> Vec<Source> {
    let ticket = Router::new().route("/{subject}/{votes}", any(async |_: Path<Ticket>| ()));
    let missing = Fault { member: "subject", kind: "missing", message: "Field required" };
    let wrong = Fault { member: "votes", kind: "int_parsing", message: NO_NUMBER };
    vec![
        Source::route("faults of a body", 422, any(async |_: Json<Ticket>| ()))
            .posted(|ask| ask.json(r#"{"votes":"x"}"#))
            .reads(bodies("body", &[missing, wrong])),
        Source::route("faults of a query", 422, any(async |_: Query<Ticket>| ()))
            .at("/?votes=x")
            .reads(bodies("query", &[missing, wrong])),
        Source::router("faults of a path", 422, ticket)
            .at("/noise/x")
            .reads(bodies("path", &[wrong])),
    ]
}

const NO_NUMBER: &str = "Input should be a valid integer, unable to parse string as an integer";

#[derive(Clone, Copy)]
struct Fault {
    member: &'static str,
    kind: &'static str,
    message: &'static str,
}

/// How each envelope shows these faults of a part of the request.
fn bodies(part: &str, faults: &[Fault]) -> [String; 5] {
    let each =
        |write: &dyn Fn(&Fault) -> String| faults.iter().map(write).collect::<Vec<_>>().join(",");
    let list = each(&|Fault { member, kind, message }| {
        format!(r#"{{"loc":["{part}","{member}"],"msg":"{message}","type":"{kind}"}}"#)
    });
    let fields = each(&|Fault { member, message, .. }| format!(r#""{member}":["{message}"]"#));
    let problems = each(&|Fault { member, kind, message }| {
        let place = match part {
            "body" => format!(r##""pointer":"#/{member}""##),
            _ => format!(r#""in":"{part}","parameter":"{member}""#),
        };
        format!(r#"{{"detail":"{message}","code":"{kind}",{place}}}"#)
    });
    let phrase = "Unprocessable Content";
    [
        format!(r#"{{"detail":[{list}]}}"#),
        format!(
            concat!(
                r#"{{"error":{{"code":"UNPROCESSABLE_CONTENT","message":"{}","details":"#,
                r#"{{"formErrors":[],"fieldErrors":{{{}}}}}}}}}"#
            ),
            phrase, fields
        ),
        format!(
            r#"{{"type":"about:blank","title":"{phrase}","status":422,"errors":[{problems}]}}"#
        ),
        format!(r#"{{"error":"unprocessable_content","message":"{phrase}"}}"#),
        format!("422: {phrase}"),
    ]
}
