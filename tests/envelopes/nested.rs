//! Several envelopes in one service: the nearest renders, and nobody wraps what is rendered.

use axum::{Router, routing::get as on_get};
use http::StatusCode;
use portcullis::{
    ApiError, Code, Detail, Envelope, EnvelopeLayer, ErrorObject, Flat, MaskLayer, OwnEnvelope,
    ProblemDetails,
};
use portcullis_tests::{Protocol, Served, Server, assert_alike, get, head};
use tower::Layer;

use crate::{house::House, journal::Journal};

/// Fails in several ways, in this envelope.
fn failing(envelope: impl Envelope) -> Router {
    let ours = async || -> Result<(), ApiError> {
        Err(ApiError::conflict().with_code(Code::new("TAKEN")).with_message("Name is taken"))
    };
    Router::new()
        .route("/ours", on_get(ours))
        .route("/words", on_get(async || (StatusCode::CONFLICT, "Name is taken")))
        .route("/bare", on_get(async || StatusCode::BAD_GATEWAY))
        .route("/panic", on_get(async || -> () { panic!("the database is gone") }))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(EnvelopeLayer::new(envelope))
}

/// Fails in an envelope of its own, beneath a mask.
fn own() -> Router {
    let refusing = |error: ApiError| {
        let error = error.with_extension(OwnEnvelope::new(Flat::new()));
        on_get(move || async move { error })
    };
    Router::new()
        .route("/missing", refusing(ApiError::not_found().with_message("No such thing")))
        .route("/taken", refusing(ApiError::conflict().with_message("Name is taken")))
        .layer(MaskLayer::new())
}

/// Four envelopes in a fifth, and `House` around that.
fn service() -> impl Served {
    let merged = Router::new()
        .route("/merged", on_get(async || StatusCode::BAD_GATEWAY))
        .route_layer(EnvelopeLayer::new(ErrorObject::new()));
    // A router that falls back, in a router that does not: axum forgets the inner one's fallback.
    let deep = Router::new().nest("/flat", failing(Flat::new()));
    let deeper = deep.clone().fallback(async || StatusCode::NOT_FOUND);
    let router = Router::new()
        .route("/bare", on_get(async || StatusCode::BAD_GATEWAY))
        .nest("/object", failing(ErrorObject::new()))
        .nest("/problem", failing(ProblemDetails::new()))
        .nest("/flat", failing(Flat::new()))
        .nest("/house", failing(House))
        .nest("/own", own())
        .nest("/deep", deep)
        .nest("/deeper", deeper)
        .merge(merged)
        .layer(EnvelopeLayer::new(Detail::new()))
        .route("/late", on_get(async || StatusCode::BAD_GATEWAY));
    EnvelopeLayer::new(House).layer(router)
}

/// What is asked for, and the envelope that answers.
const ANSWERS: [(&str, &str); 27] = [
    ("/bare", r#"{"detail":"Bad Gateway"}"#),
    ("/nowhere", r#"{"detail":"Not Found"}"#),
    ("/deep/nowhere", r#"{"detail":"Not Found"}"#),
    ("/late", "502: Bad Gateway"),
    ("/own/taken", r#"{"error":"conflict","message":"Name is taken"}"#),
    // What is hidden has no shape of its own.
    ("/own/missing", r#"{"detail":"Not Found"}"#),
    ("/merged", r#"{"error":{"code":"BAD_GATEWAY","message":"Bad Gateway"}}"#),
    ("/object/ours", r#"{"error":{"code":"TAKEN","message":"Name is taken"}}"#),
    ("/object/words", r#"{"error":{"code":"CONFLICT","message":"Name is taken"}}"#),
    ("/object/bare", r#"{"error":{"code":"BAD_GATEWAY","message":"Bad Gateway"}}"#),
    (
        "/object/panic",
        r#"{"error":{"code":"INTERNAL_SERVER_ERROR","message":"Internal Server Error"}}"#,
    ),
    ("/object/nowhere", r#"{"error":{"code":"NOT_FOUND","message":"Not Found"}}"#),
    (
        "/problem/ours",
        concat!(
            r#"{"type":"about:blank","title":"Conflict","status":409,"#,
            r#""detail":"Name is taken","code":"TAKEN"}"#
        ),
    ),
    ("/problem/bare", r#"{"type":"about:blank","title":"Bad Gateway","status":502}"#),
    ("/problem/nowhere", r#"{"type":"about:blank","title":"Not Found","status":404}"#),
    ("/flat/ours", r#"{"error":"TAKEN","message":"Name is taken"}"#),
    ("/flat/words", r#"{"error":"conflict","message":"Name is taken"}"#),
    ("/flat/panic", r#"{"error":"internal_server_error","message":"Internal Server Error"}"#),
    ("/flat/nowhere", r#"{"error":"not_found","message":"Not Found"}"#),
    ("/deep/flat/ours", r#"{"error":"TAKEN","message":"Name is taken"}"#),
    ("/deep/flat/nowhere", r#"{"detail":"Not Found"}"#),
    ("/deeper/flat/nowhere", r#"{"error":"not_found","message":"Not Found"}"#),
    ("/house/ours", "409: Name is taken"),
    ("/house/words", "409: Name is taken"),
    ("/house/bare", "502: Bad Gateway"),
    ("/house/panic", "500: Internal Server Error"),
    ("/house/nowhere", "404: Not Found"),
];

#[tokio::test]
async fn the_nearest_envelope_renders_and_the_others_let_it_pass() {
    let server = Server::of(service()).await;
    let mut wrong = Vec::new();
    for protocol in Protocol::ALL {
        for (path, body) in ANSWERS {
            let mut client = server.client(protocol).await;
            let got = client.send(get(path)).await;
            let media_type = match body.as_bytes() {
                [b'{', ..] if body.contains("about:blank") => "application/problem+json",
                [b'{', ..] => "application/json",
                _ => "text/plain; charset=utf-8",
            };
            let length = body.len().to_string();
            let headers = [got.header("content-length"), got.header("content-type")];
            if got.text() != body || headers != [&*length, media_type] {
                wrong.push(format!("{path} {protocol:?}: {:#?}", got.lines()));
            }
            assert_alike(&client.send(head(path)).await, &got.without_body());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn of_several_envelopes_one_logs_why() {
    let journal = Journal::open();
    let server = Server::of(service()).await;
    for path in ["/object/panic", "/house/panic", "/deep/flat/panic"] {
        let mut client = server.client(Protocol::Http1).await;
        assert_eq!(client.send(get(path)).await.status, 500, "{path}");
        let mut log = journal.take();
        log.retain(|line| line.contains("the database is gone"));
        assert_eq!(
            log,
            [concat!(
                "ERROR portcullis_envelope::log: a request failed status=500 ",
                "cause=panicked: the database is gone"
            )],
            "{path}"
        );
    }
}
