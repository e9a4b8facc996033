//! Within axum: the swap of an import, and what the client gets.

use std::collections::HashMap;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use axum_core::body::Body;
use http::{Request, StatusCode, header::CONTENT_TYPE};
use http_body_util::BodyExt;
use portcullis_core::Issue;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

use crate::{
    Detail, EnvelopeLayer, ErrorObject,
    extract::{
        Cookie, ExtractPolicy, Header, Json, OnInvalid, OnMalformed, Path, Query, Rules, Valid,
    },
};

#[derive(Deserialize, Serialize)]
struct Ticket {
    subject: String,
    votes: u8,
}

async fn echo(Json(ticket): Json<Ticket>) -> Json<Ticket> {
    Json(ticket)
}

fn app() -> Router {
    Router::new()
        .route("/tickets", post(echo))
        .route("/maybe", post(async |body: Option<Json<Ticket>>| format!("{}", body.is_some())))
        .route("/tickets/{id}", get(async |Path(id): Path<u32>| id.to_string()))
        .route(
            "/pairs/{left}/{right}",
            get(async |Path((l, r)): Path<(u8, char)>| format!("{l}{r}")),
        )
        .route("/wrong/{one}/{two}", get(async |Path(_): Path<(u8, u8, u8)>| ()))
        .route("/named/{one}/{two}", get(async |Path(named): Path<Named>| named.two.to_string()))
        .route("/missing/{one}", get(async |Path(_): Path<Named>| ()))
        .route(
            "/map/{one}/{two}",
            get(async |Path(map): Path<HashMap<String, u8>>| {
                format!("{} {}", map["one"], map["two"])
            }),
        )
        .route("/list/{one}/{two}", get(async |Path(list): Path<Vec<u8>>| format!("{list:?}")))
        .route(
            "/listed/{one}/{two}",
            get(async |Path(pairs): Path<Vec<(String, u8)>>| format!("{pairs:?}")),
        )
        .route("/pairs", get(async |Query(pairs): Query<Vec<(String, u8)>>| format!("{pairs:?}")))
        .route(
            "/valid",
            get(async |Valid(Query(named)): Valid<Query<Named>>| named.two.to_string())
                .post(async |Valid(Json(named)): Valid<Json<Named>>| named.two.to_string()),
        )
        .route("/maybe-path", get(async |path: Option<Path<u8>>| format!("{}", path.is_some())))
        .route(
            "/headers",
            get(async |Header(heads): Header<Heads>, Cookie(jar): Cookie<Jar>| {
                format!("{} {:?} {}", heads.x_depth, heads.accept, jar.rows)
            }),
        )
        .route("/query", get(async |Query(named): Query<Named>| named.two.to_string()))
        .layer(EnvelopeLayer::new(Detail::new()))
}

#[derive(Deserialize)]
struct Named {
    one: u8,
    two: u8,
}

impl Rules for Named {
    fn broken(&self) -> Vec<Issue> {
        let issue = Issue::new("greater_than", "Input should be greater than one");
        if self.two > self.one { Vec::new() } else { vec![issue.at("two")] }
    }
}

#[derive(Deserialize)]
struct Heads {
    x_depth: u8,
    accept: Vec<String>,
}

#[derive(Deserialize)]
struct Jar {
    rows: u16,
}

async fn ask(app: Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn post_json(app: Router, body: impl Into<Body>) -> (StatusCode, String) {
    let request = Request::post("/tickets").header(CONTENT_TYPE, "application/json");
    ask(app, request.body(body.into()).unwrap()).await
}

async fn get_path(path: &str) -> (StatusCode, String) {
    ask(app(), Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_valid_body_is_the_handlers_and_its_answer_is_json() {
    let body = r#"{"subject":"s","votes":1}"#;
    assert_eq!(post_json(app(), body).await, (StatusCode::OK, body.to_owned()));
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_at_its_place() {
    let (status, body) = post_json(app(), r#"{"votes":256}"#).await;
    assert_eq!(status, 422);
    assert_eq!(
        body,
        concat!(
            r#"{"detail":[{"loc":["body","subject"],"msg":"Field required","type":"missing"},"#,
            r#"{"loc":["body","votes"],"msg":"Input should be less than or equal to 255","#,
            r#""type":"less_than_equal"}]}"#
        )
    );
}

#[tokio::test]
async fn an_empty_body_is_missing_and_a_malformed_one_says_where() {
    assert_eq!(
        post_json(app(), "").await.1,
        r#"{"detail":[{"loc":["body"],"msg":"Field required","type":"missing"}]}"#
    );
    assert_eq!(
        post_json(app(), r#"{"subject": "s", votes}"#).await.1,
        r#"{"detail":[{"loc":["body",17],"msg":"JSON decode error","type":"json_invalid"}]}"#
    );
}

#[tokio::test]
async fn a_malformed_body_is_a_400_where_the_policy_says_so() {
    let policy = ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest);
    let answer = post_json(app().layer(Extension(policy)), "{").await;
    let detail = r#"{"detail":"There was an error parsing the body"}"#;
    assert_eq!(answer, (StatusCode::BAD_REQUEST, detail.to_owned()));
}

#[tokio::test]
async fn what_is_not_valid_is_refused_as_the_policy_says() {
    let policy = ExtractPolicy::new().with_on_invalid(OnInvalid::BadRequest);
    for (method, path, depth, body) in [
        ("POST", "/tickets", "1", ""),
        ("POST", "/tickets", "1", "{"),
        ("POST", "/tickets", "1", r#"{"subject":"s"}"#),
        ("POST", "/valid", "1", r#"{"one":2,"two":1}"#),
        ("GET", "/valid?one=2&two=1", "1", ""),
        ("GET", "/query?one=2", "1", ""),
        ("GET", "/tickets/none", "1", ""),
        ("GET", "/tickets/%ff", "1", ""),
        ("GET", "/headers", "none", ""),
        ("GET", "/headers", "1", ""), // the cookie
    ] {
        let request = || {
            let request = Request::builder().method(method).uri(path).header("x-depth", depth);
            let request = request.header("accept", "*/*").header(CONTENT_TYPE, "application/json");
            request.body(Body::from(body)).unwrap()
        };
        let (status, issues) = ask(app(), request()).await;
        let refused = ask(app().layer(Extension(policy)), request()).await;
        assert_eq!(status, 422);
        assert_eq!(refused, (StatusCode::BAD_REQUEST, issues), "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_not_valid_has_the_name_that_the_policy_gives_it() {
    portcullis_core::catalogue! { TICKETS { TICKET_INVALID: 409, "Invalid ticket"; } }
    let policy = ExtractPolicy::new().with_on_invalid(OnInvalid::Entry(TICKET_INVALID));
    let app = Router::new().route("/tickets", post(echo)).layer(Extension(policy));
    let (status, body) = post_json(app.layer(EnvelopeLayer::new(ErrorObject::new())), "").await;
    assert_eq!(status, 409);
    assert_eq!(
        body,
        concat!(
            r#"{"error":{"code":"TICKET_INVALID","message":"Invalid ticket","#,
            r#""details":{"formErrors":["Field required"],"fieldErrors":{}}}}"#
        )
    );
}

#[tokio::test]
async fn only_json_is_read() {
    for (media_type, status) in [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/merge-patch+json", 200),
        ("text/plain", 415),
        ("application/jsonp", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ] {
        let request = Request::post("/tickets").header(CONTENT_TYPE, media_type);
        let body = Body::from(r#"{"subject":"s","votes":1}"#);
        let (answer, _) = ask(app(), request.body(body).unwrap()).await;
        assert_eq!(answer, status, "{media_type}");
    }
    let (status, body) =
        ask(app(), Request::post("/tickets").body(Body::from("{}")).unwrap()).await;
    assert_eq!(status, 415);
    assert_eq!(body, r#"{"detail":"Unsupported Media Type"}"#);
}

#[tokio::test]
async fn a_body_over_the_limit_is_a_413() {
    let limited = app().layer(DefaultBodyLimit::max(64));
    assert_eq!(post_json(limited, "x".repeat(65)).await.0, 413);
    assert_eq!(post_json(app(), "x".repeat(3 << 20)).await.0, 413);
}

#[tokio::test]
async fn an_optional_body_may_be_absent_and_not_wrong() {
    let request = |media_type: Option<&str>| {
        let request = Request::post("/maybe");
        let request = match media_type {
            Some(media_type) => request.header(CONTENT_TYPE, media_type),
            None => request,
        };
        ask(app(), request.body(Body::empty()).unwrap())
    };
    assert_eq!(request(None).await, (StatusCode::OK, "false".to_owned()));
    assert_eq!(request(Some("application/json")).await.0, 422);
    assert_eq!(request(Some("text/plain")).await.0, 422);
}

#[tokio::test]
async fn a_path_is_one_value_a_tuple_a_struct_or_a_map() {
    let ok = |body: &str| (StatusCode::OK, body.to_owned());
    assert_eq!(get_path("/tickets/7").await, ok("7"));
    assert_eq!(get_path("/pairs/7/%C3%A9").await, ok("7é"));
    assert_eq!(get_path("/named/1/2").await, ok("2"));
    assert_eq!(get_path("/map/1/2").await, ok("1 2"));
    assert_eq!(get_path("/list/1/2").await, ok("[1, 2]"));
    assert_eq!(get_path("/listed/1/2").await, ok(r#"[("one", 1), ("two", 2)]"#));
    assert_eq!(get_path("/maybe-path").await, ok("false"));
}

#[tokio::test]
async fn a_wrong_path_says_which_parameter() {
    let parsing = "Input should be a valid integer, unable to parse string as an integer";
    let issue = |name: &str, message: &str, kind: &str| {
        format!(r#"{{"loc":["path","{name}"],"msg":"{message}","type":"{kind}"}}"#)
    };
    assert_eq!(
        get_path("/tickets/x").await,
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!(r#"{{"detail":[{}]}}"#, issue("id", parsing, "int_parsing"))
        )
    );
    assert_eq!(
        get_path("/pairs/x/ab").await.1,
        format!(
            r#"{{"detail":[{},{}]}}"#,
            issue("left", parsing, "int_parsing"),
            issue("right", "String should have at most 1 character", "string_too_long")
        )
    );
    assert_eq!(get_path("/map/x/y").await.1.matches("int_parsing").count(), 2);
    assert_eq!(get_path("/tickets/%FF").await.0, 422);
}

#[tokio::test]
async fn a_type_that_does_not_fit_its_route_is_a_500() {
    for path in ["/wrong/1/2", "/missing/1"] {
        let (status, body) = get_path(path).await;
        assert_eq!(status, 500);
        assert_eq!(body, r#"{"detail":"Internal Server Error"}"#);
    }
}

#[tokio::test]
async fn headers_and_cookies_have_their_own_prefix() {
    let request = Request::get("/headers").header("x-depth", "x").header("cookie", "a=b; rows=-1");
    let (status, body) = ask(app(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, 422);
    assert_eq!(
        body,
        concat!(
            r#"{"detail":[{"loc":["header","x-depth"],"msg":"Input should be a valid integer, "#,
            r#"unable to parse string as an integer","type":"int_parsing"},"#,
            r#"{"loc":["header","accept"],"msg":"Field required","type":"missing"}]}"#
        )
    );

    let request = Request::get("/headers").header("x-depth", "1").header("accept", "a");
    let request = request.header("accept", "b").header("cookie", r#"a=b; rows="x""#);
    let (_, body) = ask(app(), request.body(Body::empty()).unwrap()).await;
    assert!(body.contains(r#"["cookie","rows"]"#), "{body}");

    let request = Request::get("/headers").header("x-depth", "1").header("accept", "a");
    let request = request.header("accept", "b").header("cookie", r#"rows="7""#);
    let answer = ask(app(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer, (StatusCode::OK, r#"1 ["a", "b"] 7"#.to_owned()));
}

#[tokio::test]
async fn a_query_says_what_is_missing() {
    let pairs = r#"[("one", 1), ("one", 2)]"#.to_owned();
    assert_eq!(get_path("/pairs?one=1&one=2").await, (StatusCode::OK, pairs));
    assert_eq!(get_path("/pairs?one=x").await.1.matches("int_parsing").count(), 1);
    assert_eq!(get_path("/query?one=1&two=2").await, (StatusCode::OK, "2".to_owned()));
    assert_eq!(get_path("/query").await.1.matches("missing").count(), 2);
}

#[tokio::test]
async fn a_rule_that_is_broken_is_told_at_its_place() {
    assert_eq!(get_path("/valid?one=1&two=2").await, (StatusCode::OK, "2".to_owned()));
    assert_eq!(
        get_path("/valid?one=2&two=2").await.1,
        concat!(
            r#"{"detail":[{"loc":["query","two"],"msg":"Input should be greater than one","#,
            r#""type":"greater_than"}]}"#
        )
    );
    assert!(get_path("/valid?one=2").await.1.contains("missing"));

    let request = Request::post("/valid").header(CONTENT_TYPE, "application/json");
    let body = Body::from(r#"{"one":2,"two":1}"#);
    let (status, body) = ask(app(), request.body(body).unwrap()).await;
    assert_eq!(status, 422);
    assert!(body.contains(r#"["body","two"]"#), "{body}");
}
