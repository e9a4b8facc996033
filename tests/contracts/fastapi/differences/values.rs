//! What is a value of which type.

use serde_json::json;

use super::{Difference, differ};
use crate::fastapi::{
    answer::Answer,
    request::{get, ticket},
};

/// JSON has numbers, booleans and text, and what is sent as one is not another.
pub(super) fn types() -> Vec<Difference> {
    let why = "what JSON sends as one type is not another";
    let taken = |body: &'static str, loc, msg, kind| {
        differ(why, ticket(body), Answer::plain(200), Answer::issue(loc, msg, kind))
    };
    let qty = || json!(["body", "items", 0, "qty"]);
    let integer = "Input should be a valid integer";
    vec![
        taken(
            r#"{"subject":"a","priority":"low","items":[{"name":"x","qty":"5"}]}"#,
            qty(),
            integer,
            "int_type",
        ),
        taken(
            r#"{"subject":"a","priority":"low","items":[{"name":"x","qty":5.0}]}"#,
            qty(),
            integer,
            "int_type",
        ),
        taken(
            r#"{"subject":"a","priority":"low","score":"1.5"}"#,
            json!(["body", "score"]),
            "Input should be a valid number",
            "float_type",
        ),
        taken(
            r#"{"subject":"a","priority":"low","open":"yes"}"#,
            json!(["body", "open"]),
            "Input should be a valid boolean",
            "bool_type",
        ),
        differ(
            "a name that comes twice is refused, and not its last value taken",
            ticket(r#"{"subject":"b","subject":"a","priority":"low"}"#),
            Answer::plain(200),
            Answer::issue(
                json!(["body", "subject"]),
                "Key should appear only once",
                "duplicate_key",
            ),
        ),
        differ(
            "a name that comes twice is refused, and not its last value taken",
            get("/search?q=a&limit=1&limit=2"),
            Answer::plain(200),
            Answer::issue(
                json!(["query", "limit"]),
                "Key should appear only once",
                "duplicate_key",
            ),
        ),
    ]
}

pub(super) fn text() -> Vec<Difference> {
    let why = "JSON is UTF-8, without a mark before it (RFC 8259, section 8.1)";
    vec![
        differ(
            why,
            ticket("\u{feff}{\"subject\":\"a\",\"priority\":\"low\"}"),
            Answer::plain(200),
            Answer::no_json(0),
        ),
        differ(
            why,
            ticket(b"{\"subject\":\"\xFF\"}".as_slice()),
            Answer::error(400, json!("There was an error parsing the body")),
            Answer::no_json(12),
        ),
        differ(
            "half a surrogate pair is no text",
            ticket(r#"{"subject":"\ud800","priority":"low"}"#),
            Answer::error(500, json!({"text": "Internal Server Error"})),
            Answer::no_json(12),
        ),
        differ(
            "a path is UTF-8",
            get("/tickets/%FF"),
            Answer::issue(
                json!(["path", "ticket_id"]),
                "Input should be a valid integer, unable to parse string as an integer",
                "int_parsing",
            ),
            Answer::issue(
                json!(["path"]),
                "Input should be a valid string, unable to parse raw data as a unicode string",
                "string_unicode",
            ),
        ),
    ]
}

pub(super) fn numbers() -> Vec<Difference> {
    let parsing = "Input should be a valid integer, unable to parse string as an integer";
    vec![
        differ(
            "JSON has no NaN",
            ticket(r#"{"subject":NaN,"priority":"low"}"#),
            Answer::error(500, json!({"text": "Internal Server Error"})),
            Answer::no_json(11),
        ),
        differ(
            "a number is finite",
            ticket(r#"{"subject":"a","priority":"low","score":1e400}"#),
            Answer::plain(200),
            Answer::no_json(40),
        ),
        differ(
            "a number is finite",
            get("/search?q=a&ratio=nan"),
            Answer::plain(200),
            Answer::issue(
                json!(["query", "ratio"]),
                "Input should be a finite number",
                "finite_number",
            ),
        ),
        differ(
            "an integer ends where its type does",
            get("/tickets/9223372036854775808"),
            Answer::plain(200),
            Answer::issue(
                json!(["path", "ticket_id"]),
                "Input should be less than or equal to 9223372036854775807",
                "less_than_equal",
            ),
        ),
        differ(
            "an integer has digits and nothing else",
            get("/search?q=a&limit=1_0"),
            Answer::plain(200),
            Answer::issue(json!(["query", "limit"]), parsing, "int_parsing"),
        ),
        differ(
            "an integer has digits and nothing else",
            get("/tickets/1.0"),
            Answer::plain(200),
            Answer::issue(json!(["path", "ticket_id"]), parsing, "int_parsing"),
        ),
    ]
}
