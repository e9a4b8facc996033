//! `fastapi.json` holds what FastAPI answered to bodies and queries, with these types as its models.

use std::collections::BTreeMap;

use portcullis_core::{ApiError, Segment};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::extract::{Json, Query};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Priority {
    Low,
    Medium,
    High,
    Urgent,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Item {
    sku: String,
    qty: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Strict {
    a: i64,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Ticket {
    subject: String,
    priority: Priority,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    count: u32,
    #[serde(default)]
    ratio: f64,
    #[serde(default)]
    flag: bool,
    note: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, i64>,
    #[serde(default)]
    by_id: BTreeMap<i64, String>,
    #[serde(default)]
    point: (i64, i64),
    nested: Option<Strict>,
    #[serde(default)]
    nothing: (),
    #[serde(default)]
    ch: char,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Page {
    page: i64,
    #[serde(default)]
    q: String,
    #[serde(default)]
    ratio: f64,
    #[serde(default)]
    desc: bool,
    #[serde(default)]
    tags: Vec<i64>,
    prio: Option<Priority>,
    opt: Option<i64>,
}

/// What differs from FastAPI, each on purpose.
fn ours(input: &str) -> Option<(u16, Value)> {
    let item =
        |kind: &str, message: &str| (422, json!([[kind, ["body", "items", 0, "qty"], message]]));
    let member =
        |name: &str, kind: &str, message: &str| (422, json!([[kind, ["body", name], message]]));
    let query =
        |name: &str, kind: &str, message: &str| (422, json!([[kind, ["query", name], message]]));
    let integer = "Input should be a valid integer";
    let unparsable = "Input should be a valid integer, unable to parse string as an integer";
    let number = "Input should be a valid number";
    let boolean = "Input should be a valid boolean";
    let rest = input.strip_prefix(r#"{"subject":"s","priority":"low","#);
    Some(match rest.unwrap_or(input) {
        // JSON has numbers, booleans and text, and what is sent as one is not another (pydantic's
        // strict mode).
        r#""items":[{"sku":"a","qty":"5"}]}"#
        | r#""items":[{"sku":"a","qty":1.0}]}"#
        | r#""items":[{"sku":"a","qty":true}]}"# => item("int_type", integer),
        r#""ratio":"1.5"}"# | r#""ratio":true}"# => member("ratio", "float_type", number),
        r#""flag":1}"# | r#""flag":"true"}"# => member("flag", "bool_type", boolean),
        // What is beyond a type's bounds is beyond its bounds, however it is written.
        r#""items":[{"sku":"a","qty":1e20}]}"# => {
            item("less_than_equal", "Input should be less than or equal to 255")
        }
        // A name that comes twice is two callers' opinions, or an attack.
        r#""subject":"t"}"# => member("subject", "duplicate_key", "Key should appear only once"),
        "page=1&page=2" => query("page", "duplicate_key", "Key should appear only once"),
        // Python's own ways to write an integer.
        "page=1_0" | "page=%201" => query("page", "int_parsing", unparsable),
        _ => return None,
    })
}

#[test]
fn bodies_are_refused_as_fastapi_refuses_them() {
    check("bodies", |body| Json::<Ticket>::from_bytes(body.as_bytes()).map(drop));
}

#[test]
fn queries_are_refused_as_fastapi_refuses_them() {
    check("queries", |query| {
        let uri = format!("/?{query}").parse().unwrap();
        Query::<Page>::try_from_uri(&uri).map(drop)
    });
}

fn check(which: &str, ask: impl Fn(&str) -> Result<(), ApiError>) {
    let table: Value = serde_json::from_str(include_str!("fastapi.json")).unwrap();
    let mut differing = Vec::new();
    for case in table[which].as_array().unwrap() {
        let input = case[0].as_str().unwrap();
        let theirs = (case[1].as_u64().unwrap() as u16, case[2].clone());
        let expected = ours(input).unwrap_or(theirs);
        let answer = answer(ask(input));
        if answer != expected {
            differing.push(format!("{input}\n   expected {expected:?}\n   answered {answer:?}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn answer(result: Result<(), ApiError>) -> (u16, Value) {
    let Err(error) = result else { return (200, json!([])) };
    let issues = error.issues().iter().map(|issue| {
        let location: Vec<_> = issue
            .location()
            .iter()
            .map(|segment| match segment {
                Segment::Index(index) => json!(index),
                Segment::Name(name) => json!(name),
                _ => Value::Null,
            })
            .collect();
        json!([issue.kind(), location, issue.message()])
    });
    (error.status().as_u16(), issues.collect())
}
