//! Middleware between two envelopes: what the inner one has written stays, whatever is done to what
//! lies beside it, and what is answered anew is the outer one's.

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use portcullis::{ApiError, BoxError, Detail, EnvelopeLayer, Final, Layer};
use portcullis_tests::{Served, get, oneshot};
use tower::{ServiceExt, service_fn};

use crate::house::House;

/// A conflict in the envelope of this house.
fn in_house() -> impl Served {
    let conflict = async |_: Request| {
        Ok::<_, BoxError>(ApiError::conflict().with_message("Name is taken").into_response())
    };
    EnvelopeLayer::new(House).layer(service_fn(conflict))
}

/// The status and body of that conflict after this was done to it, around which is another envelope.
async fn after(between: fn(Response) -> Response) -> (u16, String) {
    let service = in_house().map_response(between);
    let answer = oneshot(EnvelopeLayer::new(Detail::new()).layer(service), get("/")).await;
    (answer.status.as_u16(), answer.text().to_owned())
}

fn error(response: &Response) -> ApiError {
    response.extensions().get().cloned().expect("what the inner envelope has written")
}

#[tokio::test]
async fn an_answer_whose_error_is_taken_out_stays_as_it_was_written() {
    let answer = after(|mut response| {
        response.extensions_mut().remove::<ApiError>();
        response
    });
    assert_eq!(answer.await, (409, "409: Name is taken".to_owned()));
}

#[tokio::test]
async fn an_answer_that_gets_another_error_stays_as_it_was_written() {
    let answer = after(|mut response| {
        response.extensions_mut().insert(ApiError::conflict().with_message("Name is odd"));
        response
    });
    assert_eq!(answer.await, (409, "409: Name is taken".to_owned()));
}

#[tokio::test]
async fn a_changed_clone_of_an_error_that_is_answered_by_hand_is_written_anew() {
    let answer = after(|response| {
        let changed = error(&response).with_message("Name was taken");
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::CONFLICT;
        answer.extensions_mut().insert(changed);
        answer
    });
    assert_eq!(answer.await, (409, r#"{"detail":"Name was taken"}"#.to_owned()));
}

#[tokio::test]
async fn an_error_that_is_answered_again_by_another_status_is_written_anew() {
    let answer = after(|response| (StatusCode::GONE, error(&response)).into_response());
    assert_eq!(answer.await, (410, r#"{"detail":"Name is taken"}"#.to_owned()));
}

#[tokio::test]
async fn what_an_envelope_has_written_is_marked_as_final() {
    let answer = in_house().oneshot(Request::default()).await;
    let is_final = answer.map(|response| response.extensions().get::<Final>().is_some());
    assert_eq!(is_final, Ok(true));
}
