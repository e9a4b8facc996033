//! What both answer alike.

use http::Method;

use super::request::{Request, ask, get, post, ticket};

pub(crate) fn all() -> Vec<Request> {
    [ways(), reasons(), bodies(), types(), deep(), no_json(), queries(), parts()].concat()
}

/// Paths and methods that lead nowhere, and some that lead somewhere.
fn ways() -> Vec<Request> {
    vec![
        get("/nowhere"),
        get("/"),
        get("/tickets/1/nowhere"),
        ask(Method::HEAD, "/nowhere"),
        post("/nowhere", "{"),
        get("/tickets"),
        ask(Method::PUT, "/tickets/1"),
        ask(Method::DELETE, "/search"),
        ask(Method::OPTIONS, "/tickets"),
        post("/tickets/1/note", "{"),
        get("/tickets/1"),
        ticket(r#"{"subject":"a","priority":"low"}"#),
    ]
}

/// `HTTPException` without a detail, with one, and with more.
fn reasons() -> Vec<Request> {
    [
        "/fails/400",
        "/fails/403",
        "/fails/404",
        "/fails/405",
        "/fails/409",
        "/fails/410",
        "/fails/418",
        "/fails/429",
        "/fails/500",
        "/fails/503",
        "/fails/504",
        "/fails/400?detail=Subject%20must%20be%20shorter",
        "/fails/404?detail=Ticket%20not%20found",
        "/fails/409?detail=",
        "/fails/413?detail=That+is+too+long",
        "/fails/422?detail=caf%C3%A9+%22%5C%0A%3C",
        "/fails/500?detail=Internal%20server%20error",
        "/coded",
        "/challenged",
        "/spent",
    ]
    .map(get)
    .into()
}

/// Bodies that are missing, or of which something is.
fn bodies() -> Vec<Request> {
    vec![
        // Neither a body nor a media type: a body is required, and not another media type.
        ask(Method::POST, "/tickets"),
        ticket(""),
        ticket("null"),
        ticket("[]"),
        ticket("5"),
        ticket(r#""low""#),
        ticket("{}"),
        ticket(r#"{"priority":"low"}"#),
        ticket(r#"{"priority":"soon"}"#),
        ticket(r#"{"subject":"a","priority":"low","items":[{}]}"#),
        ticket(r#"{"subject":"a","priority":"low","items":[{"name":"x","qty":1},{"name":"y"}]}"#),
        ticket(r#"{"items":[{"qty":"x"},{"name":5}],"score":"high","counts":{"a":null}}"#),
        ticket(r#"{"priority":"low"}"#).header("content-type", "application/json; charset=utf-8"),
        ticket(r#"{"priority":"low"}"#).header("content-type", "application/merge-patch+json"),
        ticket(r#"{"subject":"a","priority":"low","more":1}"#),
        post("/strict", r#"{"name":"a","more":1}"#),
        post("/strict", r#"{"more":1,"Name":"a"}"#),
    ]
}

/// A member of the wrong type, or beside its choices.
fn types() -> Vec<Request> {
    [
        r#""subject":5"#,
        r#""subject":null"#,
        r#""subject":["a"]"#,
        r#""priority":"Low""#,
        r#""priority":null"#,
        r#""priority":5"#,
        r#""items":null"#,
        r#""items":"x""#,
        r#""items":{}"#,
        r#""items":[null]"#,
        r#""items":["x",[]]"#,
        r#""items":[{"name":"x","qty":"five"}]"#,
        r#""items":[{"name":"x","qty":1.5}]"#,
        r#""items":[{"name":"x","qty":null}]"#,
        r#""items":[{"name":"x","qty":[]}]"#,
        r#""note":null"#,
        r#""note":{}"#,
        r#""score":"high""#,
        r#""score":[]"#,
        r#""score":1"#,
        r#""open":"maybe""#,
        r#""open":2"#,
        r#""open":null"#,
        r#""counts":[]"#,
        r#""counts":{"a":1,"b":"x","c":{}}"#,
    ]
    .map(|wrong| {
        // Of two members by one name FastAPI would take the last.
        let rest = [r#""subject":"a""#, r#""priority":"low""#];
        let name = wrong.split(':').next();
        let rest = rest.into_iter().filter(|right| right.split(':').next() != name);
        ticket(format!("{{{}}}", rest.chain([wrong]).collect::<Vec<_>>().join(",")))
    })
    .into()
}

/// What lies deep within a body.
fn deep() -> Vec<Request> {
    let tree = |leaf: &str| {
        let (open, close) = (r#"{"value":1,"children":["#.repeat(50), "]}".repeat(50));
        post("/trees", format!("{open}{leaf}{close}"))
    };
    vec![
        tree(r#"{"value":1}"#),
        tree(r#"{"value":"x"}"#),
        tree("{}"),
        ticket(format!(r#"{{"subject":{}{},"priority":"low"}}"#, "[".repeat(50), "]".repeat(50))),
        ticket(format!("{}{}", "[".repeat(50), "]".repeat(49))),
        // A whole number that is no boolean is `bool_parsing`, however it is written, up to 64 bits.
        ticket(r#"{"subject":"a","priority":"low","open":5.0}"#),
        ticket(r#"{"subject":"a","priority":"low","open":9223372036854775808}"#),
    ]
}

/// Bodies that are no JSON, each from a certain character on.
fn no_json() -> Vec<Request> {
    [
        "{",
        " ",
        "nul",
        "{'subject':1}",
        r#"{"subject""#,
        r#"{"subject" "a"}"#,
        r#"{"subject":"a" "priority":1}"#,
        r#"{"subject":"a"} {}"#,
        r#"{"subject":"unterminated"#,
        r#"{"subject":"\x"}"#,
        "{\"subject\":\"two\nlines\"}",
        r#"{"subject":01}"#,
        r#"{"subject":-}"#,
        r#"{"subject":"éé", "priority":lo}"#,
        "[1,2",
        "subject=a&priority=low",
        // An escape at the very end of the document is named where it is.
        r#"{"subject":"\u00e9"#,
    ]
    .map(ticket)
    .into()
}

fn queries() -> Vec<Request> {
    [
        "/search",
        "/search?q=",
        "/search?q=a&limit=5&exact=YES&ratio=1e3&priority=low&tag=1&tag=2",
        "/search?q=a&limit=x",
        "/search?q=a&limit=",
        "/search?q=a&limit=1.5",
        "/search?q=a&limit=-5",
        "/search?q=a&exact=maybe",
        "/search?q=a&exact=",
        "/search?q=a&ratio=half",
        "/search?q=a&priority=soon",
        "/search?q=a&tag=1&tag=x&tag=",
        "/search?limit=x&exact=maybe&tag=y&unknown=z",
        "/tickets/abc",
        "/tickets/1e3",
        "/tickets/%C3%A9",
        "/tickets/-1",
    ]
    .map(get)
    .into()
}

/// Headers and cookies, and requests of several parts of which one is wrong.
fn parts() -> Vec<Request> {
    let add = |path, body: &'static str| {
        let ask = ask(Method::PATCH, path).header("content-type", "application/json");
        ask.body(body)
    };
    vec![
        get("/traced"),
        get("/traced").header("x-depth", "3"),
        get("/traced").header("x-depth", "deep"),
        get("/seen"),
        get("/seen").header("cookie", "a=b; visits=3"),
        get("/seen").header("cookie", "visits=often"),
        add("/tickets/1/items?notify=on", r#"{"name":"x","qty":1}"#),
        add("/tickets/x/items?notify=on", r#"{"name":"x","qty":1}"#),
        add("/tickets/1/items?notify=x", r#"{"name":"x","qty":1}"#),
        add("/tickets/1/items?notify=on", r#"{"name":5}"#),
    ]
}
