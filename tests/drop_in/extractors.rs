//! What axum's extractors refuse a request with: serde's words, Rust's types, the caller's input.
//! Under an envelope a client reads the status's phrase instead, whichever extractor it was.

use axum::{
    Extension, Form, Json, Router,
    body::Bytes,
    extract::{
        ConnectInfo, DefaultBodyLimit, MatchedPath, Multipart, NestedPath, Path, Query,
        RawPathParams, WebSocketUpgrade, multipart::MultipartError,
    },
    routing::any,
};
use http::{
    HeaderName, Method,
    header::{CONNECTION, CONTENT_TYPE, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE},
};
use portcullis::{Detail, EnvelopeLayer};
use portcullis_tests::{Ask, ask, get, oneshot, post};
use serde::Deserialize;
use tower_http::limit::RequestBodyLimitLayer;

#[derive(Clone, Deserialize)]
struct Draft {
    #[serde(rename = "cents")]
    _cents: u64,
}

/// A route for every extractor that has something to say.
fn extractors() -> Router {
    Router::new()
        .route("/json", any(async |_: Json<Draft>| ()))
        .route("/form", any(async |_: Form<Draft>| ()))
        .route("/query", any(async |_: Query<Draft>| ()))
        .route("/number/{n}", any(async |_: Path<u64>| ()))
        .route("/text/{text}", any(async |_: Path<String>| ()))
        .route("/raw/{text}", any(async |_: RawPathParams| ()))
        .route("/two/{one}/{other}", any(async |_: Path<u64>| ()))
        .route("/none", any(async |_: Path<u64>| ()))
        .route("/string", any(async |_: String| ()))
        .route("/bytes", any(async |_: Bytes| ()).layer(DefaultBodyLimit::max(4)))
        .route("/limited", any(async |_: Bytes| ()).layer(RequestBodyLimitLayer::new(4)))
        .route("/multipart", any(fields))
        .route("/short-multipart", any(fields).layer(DefaultBodyLimit::max(4)))
        .route("/websocket", any(async |it: WebSocketUpgrade| it.on_upgrade(async |_| ())))
        .route("/extension", any(async |_: Extension<Draft>| ()))
        .route("/connection", any(async |_: ConnectInfo<Draft>| ()))
        .route("/nested", any(async |_: NestedPath| ()))
        .fallback(async |_: MatchedPath| ())
}

async fn fields(mut multipart: Multipart) -> Result<(), MultipartError> {
    while let Some(field) = multipart.next_field().await? {
        field.bytes().await?;
    }
    Ok(())
}

fn form(ask: Ask, body: &'static str) -> Ask {
    ask.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

fn multipart(path: &'static str, body: &'static str) -> Ask {
    post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(body)
}

/// A handshake in which one header says something else.
fn websocket(odd: HeaderName, value: &str) -> Ask {
    let handshake = [
        (CONNECTION, "upgrade"),
        (UPGRADE, "websocket"),
        (SEC_WEBSOCKET_VERSION, "13"),
        (SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let even = handshake.into_iter().filter(|(name, _)| *name != odd);
    let ask = even.fold(get("/websocket"), |ask, (name, value)| ask.header(name, value));
    if value.is_empty() { ask } else { ask.header(odd, value) }
}

/// Every way to be rejected, and the phrase that a client reads.
fn rejected() -> Vec<(Ask, &'static str)> {
    vec![
        (post("/json").body("{}"), "Unsupported Media Type"),
        (post("/json").json("{"), "Bad Request"),
        (post("/json").json(r#"{"cents":"hunter2"}"#), "Unprocessable Entity"),
        (
            post("/json").json(r#"{"cents":1}"#).body(vec![b' '; 3 << 20]),
            "Request Entity Too Large",
        ),
        (post("/form").body("cents=1"), "Unsupported Media Type"),
        (form(post("/form"), "cents=hunter2"), "Unprocessable Entity"),
        (get("/form?cents=hunter2"), "Bad Request"),
        (get("/query?cents=hunter2"), "Bad Request"),
        (get("/number/hunter2"), "Bad Request"),
        (get("/text/%FF"), "Bad Request"),
        (get("/raw/%FF"), "Bad Request"),
        (get("/two/1/2"), "Internal Server Error"),
        (get("/none"), "Internal Server Error"),
        (post("/string").body(vec![0xFF]), "Bad Request"),
        (post("/bytes").body("five."), "Request Entity Too Large"),
        (post("/limited").body("five."), "Request Entity Too Large"),
        (post("/multipart").body("--x--"), "Bad Request"),
        (multipart("/multipart", ""), "Bad Request"),
        (multipart("/multipart", "--x\r\nhunter2"), "Bad Request"),
        (multipart("/multipart", "--x\r\nh\u{e9}: 1\r\n\r\n1\r\n--x--\r\n"), "Bad Request"),
        (
            multipart(
                "/multipart",
                "--x\r\ncontent-disposition: form-data; name=\"hunter2\"\r\n\r\nunfinished",
            ),
            "Bad Request",
        ),
        (multipart("/multipart", "--x\r\n: nameless\r\n\r\n1\r\n--x--\r\n"), "Bad Request"),
        (multipart("/short-multipart", "--x--\r\n"), "Request Entity Too Large"),
        (ask(Method::POST, "/websocket"), "Method Not Allowed"),
        (websocket(CONNECTION, "close"), "Bad Request"),
        (websocket(UPGRADE, "hunter2"), "Bad Request"),
        (websocket(SEC_WEBSOCKET_VERSION, "7"), "Bad Request"),
        (websocket(SEC_WEBSOCKET_KEY, ""), "Bad Request"),
        (websocket(CONTENT_TYPE, ""), "Upgrade Required"),
        (get("/extension"), "Internal Server Error"),
        (get("/connection"), "Internal Server Error"),
        (get("/nested"), "Internal Server Error"),
        (get("/nowhere"), "Internal Server Error"),
    ]
}

#[tokio::test]
async fn whichever_extractor_refuses_the_client_reads_a_phrase() {
    let mut unlike = Vec::new();
    for (ask, phrase) in rejected() {
        let before = oneshot(extractors(), ask.clone()).await;
        assert!(!before.text().is_empty(), "{ask:?} was not rejected with words");

        let enveloped = extractors().layer(EnvelopeLayer::new(Detail::new()));
        let answer = oneshot(enveloped, ask).await;
        assert_eq!(answer.status, before.status);
        if answer.text() != format!(r#"{{"detail":"{phrase}"}}"#) {
            unlike.push(format!("{} became {}", before.text(), answer.text()));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
}
