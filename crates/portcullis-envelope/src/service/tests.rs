use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Full};
use portcullis_core::ApiError;
use tower::{Layer, Service, ServiceExt, service_fn};

use super::*;
use crate::{ClientText, Detail, EnvelopeLayer, Final, Flat, Foreign, OwnEnvelope, Rendered};

type Body = Full<Bytes>;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// What comes out of an envelope above a service that answers like this.
async fn enveloped(
    method: Method,
    answer: impl Fn() -> Result<Response<Body>, BoxError> + Clone,
) -> Answer {
    let inner = service_fn(move |_: Request<()>| {
        let answer = answer.clone();
        async move { answer() }
    });
    out_of(method, inner).await
}

async fn out_of<S>(method: Method, inner: S) -> Answer
where
    S: Service<Request<()>, Response = Response<Body>>,
    S::Error: Into<BoxError>,
{
    let request = Request::builder().method(method).body(()).unwrap();
    through(&EnvelopeLayer::new(Detail::new()), request, inner).await
}

async fn through<E, S>(layer: &EnvelopeLayer<E>, request: Request<()>, inner: S) -> Answer
where
    E: Envelope,
    S: Service<Request<()>, Response = Response<Body>>,
    S::Error: Into<BoxError>,
{
    let (head, body) = layer.layer(inner).oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        response.headers_mut().append(name, HeaderValue::from_static(value));
    }
    response
}

#[tokio::test]
async fn a_refusal_is_rendered_with_its_headers() {
    let answer = enveloped(Method::GET, || {
        Ok(ApiError::too_many_requests(Duration::from_millis(1_200))
            .with_message("Slow down")
            .into_response())
    })
    .await;

    assert_eq!(answer.status, 429);
    assert_eq!(answer.headers["retry-after"], "2");
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["content-length"], "22");
    assert_eq!(answer.body, r#"{"detail":"Slow down"}"#);
}

#[tokio::test]
async fn the_status_that_the_client_sees_is_the_one_that_the_body_speaks_of() {
    let answer = enveloped(Method::GET, || {
        let mut renamed: Response<Body> = ApiError::bad_request().into_response();
        *renamed.status_mut() = StatusCode::CONFLICT;
        Ok(renamed)
    })
    .await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (409, r#"{"detail":"Conflict"}"#));
}

#[tokio::test]
async fn the_text_of_a_4xx_is_its_message_unless_it_is_a_rejections() {
    let text = [("content-type", "text/plain; charset=utf-8")];
    let own = enveloped(Method::GET, move || Ok(response(409, &text, "Name is taken"))).await;
    assert_eq!(own.body, r#"{"detail":"Name is taken"}"#);

    for hidden in [
        "Failed to deserialize the JSON body into the target type: my::Secret".to_owned(),
        "length limit exceeded".to_owned(),
        "field \"avatar\" received with incomplete data".to_owned(),
        " ".to_owned(),
        "two\nlines".to_owned(),
        "two\u{2028}lines".to_owned(),
        "turned \u{202e}round".to_owned(),
        "long".repeat(1_000),
        "longer than is read".repeat(1_000),
    ] {
        let answer = enveloped(Method::GET, move || Ok(response(422, &text, &hidden))).await;
        assert_eq!(answer.body, r#"{"detail":"Unprocessable Entity"}"#);
    }
}

#[tokio::test]
async fn the_text_of_a_5xx_and_of_another_type_is_never_its_message() {
    for (status, media_type, expected) in [
        (500, "text/plain", r#"{"detail":"Internal Server Error"}"#),
        (502, "text/plain", r#"{"detail":"Bad Gateway"}"#),
        (400, "text/html", r#"{"detail":"Bad Request"}"#),
        (400, "application/octet-stream", r#"{"detail":"Bad Request"}"#),
    ] {
        let headers = [("content-type", media_type)];
        let answer =
            enveloped(Method::GET, move || Ok(response(status, &headers, "hunter2"))).await;
        assert_eq!(answer.body, expected);
    }
}

#[tokio::test]
async fn a_layer_may_be_told_not_to_read_texts_and_to_adopt_json() {
    let layer = EnvelopeLayer::new(Detail::new())
        .with_client_text(ClientText::Phrase)
        .on_foreign("application/json", Foreign::Adopt)
        .on_foreign("application/vnd.acme+json", Foreign::Keep)
        .on_foreign("text/html", Foreign::Keep);
    for (media_type, expected) in [
        ("text/plain", r#"{"detail":"Conflict"}"#),
        ("application/json", r#"{"detail":"Conflict"}"#),
        ("application/problem+json", r#"{"detail":"Conflict"}"#),
        ("application/vnd.acme+json", "own"),
        ("TEXT/html; charset=utf-8", "own"),
    ] {
        let headers = [("content-type", media_type)];
        let inner =
            service_fn(async |_: Request<()>| Ok::<_, BoxError>(response(409, &headers, "own")));
        assert_eq!(through(&layer, Request::new(()), inner).await.body, expected);
    }
}

#[tokio::test]
async fn a_406_never_carries_the_success_that_could_not_be_encoded() {
    let json = [("content-type", "application/json")];
    let answer = enveloped(Method::GET, move || Ok(response(406, &json, "{\"all\":1}"))).await;
    assert_eq!(answer.body, r#"{"detail":"Not Acceptable"}"#);
}

/// A body whose first frame never comes.
struct Stalled;

impl http_body::Body for Stalled {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn a_text_that_does_not_come_is_not_waited_for() {
    assert_eq!(crate::read::text(Stalled).await, None);
}

#[tokio::test]
async fn the_request_id_and_the_path_are_shown_when_asked_for() {
    let layer = EnvelopeLayer::new(Detail::new())
        .with_request_id(HeaderName::from_static("x-request-id"))
        .with_instance();
    let inner = service_fn(async |_: Request<()>| Ok::<_, BoxError>(response(404, &[], "")));
    let request = Request::builder().uri("/a?secret=1").header("x-request-id", "r-1");
    let answer = through(&layer, request.body(()).unwrap(), inner).await;
    let body = r#"{"detail":"Not Found","instance":"/a","request_id":"r-1"}"#;
    assert_eq!(answer.body, body);
}

#[tokio::test]
async fn what_described_the_old_body_goes_and_the_rest_stays_in_order() {
    let answer = enveloped(Method::GET, || {
        Ok(response(
            405,
            &[
                ("allow", "GET,HEAD"),
                ("content-encoding", "gzip"),
                ("etag", "\"1\""),
                ("content-digest", "sha-256=:AAAA:"),
                ("content-length", "99"),
                ("transfer-encoding", "chunked"),
                ("set-cookie", "a=1"),
                ("set-cookie", "b=2"),
                ("www-authenticate", "Bearer"),
                ("vary", "origin"),
            ],
            "old",
        ))
    })
    .await;

    let names: Vec<_> = answer.headers.keys().map(HeaderName::as_str).collect();
    for gone in ["content-encoding", "etag", "content-digest", "transfer-encoding"] {
        assert!(!names.contains(&gone), "{gone} describes the old body");
    }
    assert_eq!(answer.headers["allow"], "GET,HEAD");
    assert_eq!(answer.headers["vary"], "origin");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    assert_eq!(answer.headers["content-length"], answer.body.len().to_string());
    let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[tokio::test]
async fn head_has_the_length_and_type_of_its_get_and_no_body() {
    let answer = |method| enveloped(method, || Ok(response(404, &[], "ignored")));
    let (get, head) = (answer(Method::GET).await, answer(Method::HEAD).await);
    assert_eq!(head.headers, get.headers);
    assert_eq!(get.body, r#"{"detail":"Not Found"}"#);
    assert_eq!(head.body, "");
}

#[tokio::test]
async fn what_speaks_for_itself_passes() {
    for media_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/problem+json",
        "application/grpc",
        "application/grpc+proto",
    ] {
        let headers = [("content-type", media_type), ("etag", "\"1\"")];
        let answer = enveloped(Method::GET, move || Ok(response(400, &headers, "own"))).await;
        assert_eq!(answer.body, "own", "{media_type}");
        assert_eq!(answer.headers["etag"], "\"1\"");
    }
}

#[tokio::test]
async fn html_and_broken_content_types_do_not() {
    for media_type in ["text/html", "application/jsonp", "text/json", "", "\u{e9}"] {
        let answer = enveloped(Method::GET, move || {
            let mut own = response(400, &[], "own");
            let value = HeaderValue::from_bytes(media_type.as_bytes()).unwrap();
            own.headers_mut().insert(header::CONTENT_TYPE, value);
            Ok(own)
        })
        .await;
        assert_eq!(answer.body, r#"{"detail":"Bad Request"}"#, "{media_type:?}");
    }
}

#[tokio::test]
async fn an_error_without_a_body_is_adopted_whatever_its_headers_say() {
    let answer = |media_type: &'static str| {
        let headers = [("content-type", media_type)];
        enveloped(Method::GET, move || Ok(response(404, &headers, "")))
    };
    assert_eq!(answer("application/json").await.body, r#"{"detail":"Not Found"}"#);
    // gRPC says what went wrong in its headers.
    assert_eq!(answer("application/grpc").await.body, "");
}

#[tokio::test]
async fn an_answer_marked_final_passes() {
    let answer = enveloped(Method::GET, || {
        let mut page = response(503, &[("content-type", "text/html")], "<h1>Gone fishing</h1>");
        page.extensions_mut().insert(Final);
        Ok(page)
    })
    .await;
    assert_eq!(answer.body, "<h1>Gone fishing</h1>");
}

#[tokio::test]
async fn one_to_three_hundreds_are_left_alone() {
    for status in [101, 200, 204, 206, 301, 304, 399] {
        let headers = [("etag", "\"1\""), ("content-length", "3")];
        let answer = enveloped(Method::GET, move || Ok(response(status, &headers, "own"))).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (status, "own"));
        assert_eq!(answer.headers["content-length"], "3");
    }
}

#[tokio::test]
async fn the_nearest_of_two_envelopes_renders() {
    struct House;
    impl Envelope for House {
        fn render(&self, _error: &ApiError) -> Rendered {
            Rendered::new(HeaderValue::from_static("text/plain"), "house")
        }
    }
    let inner = service_fn(async |_: Request<()>| Ok::<_, BoxError>(response(404, &[], "")));
    let answer = out_of(Method::GET, EnvelopeLayer::new(House).layer(inner)).await;
    assert_eq!(answer.body, "house");
    assert_eq!(answer.headers["content-type"], "text/plain");
}

#[tokio::test]
async fn an_error_with_an_envelope_of_its_own_leaves_in_that() {
    let own = OwnEnvelope::new(Flat::new());
    let answer = enveloped(Method::GET, move || {
        let wait = Duration::from_millis(6_100);
        Ok(ApiError::too_many_requests(wait).with_extension(own.clone()).into_response())
    });
    let answer = answer.await;
    let body = r#"{"error":"too_many_requests","message":"Too Many Requests","retry_after":7}"#;
    assert_eq!((answer.status.as_u16(), &*answer.body), (429, body));
    assert_eq!(answer.headers["retry-after"], "7");
}

#[tokio::test]
async fn errors_of_tower_layers_have_their_status() {
    let timeout = || Err(Box::new(tower::timeout::error::Elapsed::new()) as BoxError);
    assert_eq!(enveloped(Method::GET, timeout).await.status, 504);

    let shed = || Err(Box::new(tower::load_shed::error::Overloaded::new()) as BoxError);
    assert_eq!(enveloped(Method::GET, shed).await.status, 503);

    let ours = || Err(Box::new(ApiError::conflict().with_message("ours")) as BoxError);
    let answer = enveloped(Method::GET, ours).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (409, r#"{"detail":"ours"}"#));

    let other = enveloped(Method::GET, || Err("hunter2".into())).await;
    assert_eq!((other.status.as_u16(), other.body.contains("hunter2")), (500, false));
}

#[tokio::test]
async fn a_buffer_whose_worker_is_gone_is_a_503() {
    let (buffer, worker) = tower::buffer::Buffer::pair(
        service_fn(async |_: Request<()>| Ok::<_, BoxError>(response(200, &[], ""))),
        1,
    );
    drop(worker);
    assert_eq!(out_of(Method::GET, buffer).await.status, 503);
}

#[tokio::test]
async fn a_panic_before_and_in_the_future_is_a_500_that_says_nothing() {
    let at_once = service_fn(|_: Request<()>| -> std::future::Ready<Result<_, BoxError>> {
        panic!("hunter2")
    });
    let later = service_fn(async |_: Request<()>| -> Result<Response<Body>, BoxError> {
        tokio::task::yield_now().await;
        panic!("{}", String::from("hunter2"))
    });
    for answer in [out_of(Method::GET, at_once).await, out_of(Method::GET, later).await] {
        assert_eq!(answer.status, 500);
        assert_eq!(answer.body, r#"{"detail":"Internal Server Error"}"#);
    }
}

/// Fails once when it is asked whether it is ready.
#[derive(Clone)]
struct Unready(Arc<Mutex<Option<BoxError>>>);

impl Service<Request<()>> for Unready {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = std::future::Ready<Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(self.0.lock().unwrap().take().map_or(Ok(()), Err))
    }

    fn call(&mut self, _request: Request<()>) -> Self::Future {
        std::future::ready(Ok(response(200, &[], "served")))
    }
}

#[tokio::test]
async fn a_buffers_error_is_what_its_service_failed_with() {
    let broken: BoxError = Box::new(tower::timeout::error::Elapsed::new());
    let inner = Unready(Arc::new(Mutex::new(Some(broken))));
    assert_eq!(out_of(Method::GET, tower::buffer::Buffer::new(inner, 1)).await.status, 504);
}

#[tokio::test]
async fn an_error_of_poll_ready_is_the_next_calls_answer() {
    let broken: BoxError = Box::new(tower::load_shed::error::Overloaded::new());
    let inner = Unready(Arc::new(Mutex::new(Some(broken))));
    let mut service = EnvelopeLayer::new(Detail::new()).layer(inner);

    let mut statuses = Vec::new();
    for _ in 0..2 {
        let response = service.ready().await.unwrap().call(Request::new(())).await.unwrap();
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [503, 200]);
}

#[tokio::test]
async fn a_body_that_is_no_json_leaves_as_an_empty_object() {
    let keys_that_are_no_strings = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_eq!(Rendered::json(&keys_that_are_no_strings).body, "{}");
}
