//! What the two answer differently, each on purpose.

mod python;
mod values;

use http::Method;
use serde_json::json;

use super::{
    answer::Answer,
    request::{Request, ask, get, post, ticket},
};

pub(crate) use self::python::since_python_3_13;

/// A request that the two answer differently, and both answers.
pub(crate) struct Difference {
    pub(crate) why: &'static str,
    pub(crate) request: Request,
    pub(crate) theirs: Answer,
    pub(crate) ours: Answer,
}

fn differ(why: &'static str, request: Request, theirs: Answer, ours: Answer) -> Difference {
    Difference { why, request, theirs, ours }
}

/// Whichever Python it is.
pub(crate) fn always() -> Vec<Difference> {
    let groups = [
        routing(),
        media_types(),
        values::types(),
        values::text(),
        values::numbers(),
        failures(),
        parts(),
    ];
    groups.into_iter().flatten().collect()
}

fn routing() -> Vec<Difference> {
    vec![
        differ(
            "axum answers HEAD where it answers GET",
            ask(Method::HEAD, "/tickets/1"),
            Answer::error(405, json!(null)).allow("GET"),
            Answer::plain(200),
        ),
        differ(
            "axum compares a path as it is written",
            get("/%74ickets/1"),
            Answer::plain(200),
            Answer::error(404, json!("Not Found")),
        ),
        differ(
            "a path with one slash more is another path",
            post("/tickets/", "{}"),
            Answer::plain(307),
            Answer::error(404, json!("Not Found")),
        ),
    ]
}

fn media_types() -> Vec<Difference> {
    let body = r#"{"subject":"a","priority":"low"}"#;
    let why = "a body that does not say that it is JSON is a 415";
    let theirs = || {
        Answer::issue(
            json!(["body"]),
            "Input should be a valid dictionary or object to extract fields from",
            "model_attributes_type",
        )
    };
    let ours = || Answer::error(415, json!("Unsupported Media Type"));
    vec![
        differ(why, ask(Method::POST, "/tickets").body(body), theirs(), ours()),
        differ(why, ticket(body).header("content-type", "text/plain"), theirs(), ours()),
    ]
}

fn failures() -> Vec<Difference> {
    let open = r#"{"value":1,"children":["#;
    vec![
        differ(
            "an unforeseen failure has the contract's shape too",
            get("/panics"),
            Answer::error(500, json!({"text": "Internal Server Error"})),
            Answer::error(500, json!("Internal Server Error")),
        ),
        differ(
            "a 401 has a challenge, as RFC 9110, section 15.5.2, asks for",
            get("/fails/401"),
            Answer::error(401, json!("Unauthorized")),
            Answer::error(401, json!("Unauthorized")).challenge("Bearer"),
        ),
        differ(
            "a body is read 127 levels deep",
            post("/trees", format!("{}{}", open.repeat(70), "]}".repeat(70))),
            Answer::plain(200),
            // The list in the 64th object is level 128.
            Answer::no_json(open.len() * 64 - 1),
        ),
    ]
}

fn parts() -> Vec<Difference> {
    let item = ask(Method::PATCH, "/tickets/x/items").header("content-type", "application/json");
    let path = json!({
        "loc": ["path", "ticket_id"],
        "msg": "Input should be a valid integer, unable to parse string as an integer",
        "type": "int_parsing",
    });
    let query = json!({"loc": ["query", "notify"], "msg": "Field required", "type": "missing"});
    let body = json!({"loc": ["body", "qty"], "msg": "Field required", "type": "missing"});
    vec![differ(
        "the first part of a request that is wrong speaks alone",
        item.body(r#"{"name":"x"}"#),
        Answer::error(422, json!([path, query, body])),
        Answer::error(422, json!([path])),
    )]
}
