use std::convert::Infallible;

use http::{HeaderMap, HeaderValue, StatusCode};
use tower::{Layer, ServiceExt, service_fn};

use super::*;
use crate::{Hidden, MaskLayer};

type Wire = (StatusCode, HeaderMap, String);

/// What a client sees of this answer, through the mask.
async fn masked(answer: impl Fn() -> Response<String> + Clone) -> Wire {
    let inner = service_fn(move |_: Request<()>| {
        let answer = answer.clone();
        async move { Ok::<_, Infallible>(answer()) }
    });
    let response = MaskLayer::new().layer(inner).oneshot(Request::new(())).await.unwrap();
    let (head, body) = response.into_parts();
    (head.status, head.headers, body)
}

#[tokio::test]
async fn a_foreign_row_a_missing_row_and_an_unknown_path_are_one_response() {
    let foreign = masked(|| ApiError::from(Hidden::foreign()).into_response()).await;
    let missing = masked(|| ApiError::from(Hidden::missing()).into_response()).await;
    let unknown = masked(|| {
        let mut response = Response::new("nothing here".to_owned());
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    })
    .await;

    assert_eq!(foreign, missing);
    assert_eq!(foreign, unknown);
    assert_eq!(foreign.1["cache-control"], "no-store");
}

#[tokio::test]
async fn nothing_that_a_404_said_gets_through() {
    let (_, headers, body) = masked(|| {
        let mut response = Response::new("invoice 7 is globex's".to_owned());
        *response.status_mut() = StatusCode::NOT_FOUND;
        for name in ["etag", "set-cookie", "x-owner", "cache-control", "location"] {
            response.headers_mut().insert(name, HeaderValue::from_static("globex"));
        }
        response
    })
    .await;

    let names: Vec<_> = headers.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["cache-control"]);
    assert_eq!((&headers["cache-control"], &*body), (&HeaderValue::from_static("no-store"), ""));
}

#[tokio::test]
async fn every_other_status_passes_untouched() {
    for status in [200, 204, 301, 400, 401, 403, 405, 410, 429, 500] {
        let (seen, headers, body) = masked(move || {
            let mut response = Response::new("own".to_owned());
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            response.headers_mut().insert("etag", HeaderValue::from_static("\"1\""));
            response
        })
        .await;
        assert_eq!((seen.as_u16(), &*body), (status, "own"));
        assert_eq!(headers["etag"], "\"1\"");
    }
}
