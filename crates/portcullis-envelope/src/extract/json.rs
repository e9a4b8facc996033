use axum_core::{
    body::Body,
    extract::{FromRequest, OptionalFromRequest, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use http_body::Body as _;
use portcullis_core::{ApiError, ErrorStatus, Issue};
use serde_core::{Serialize, de::DeserializeOwned};

use super::{ExtractPolicy, OnMalformed, offset};
use crate::{
    faults::{self, Refused},
    media_type::{essence, is_json},
};

/// A JSON body, and a JSON answer.
///
/// It takes the place of axum's `Json`: the same pattern in a handler's arguments, the same answer
/// as a response. What differs is the refusal, an [`ApiError`] that has all faults of the body:
///
/// ```
/// use portcullis_envelope::extract::Json;
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Ticket {
///     subject: String,
///     votes: u8,
/// }
///
/// async fn create(Json(ticket): Json<Ticket>) -> Json<Ticket> {
///     Json(ticket)
/// }
///
/// let error = Json::<Ticket>::from_bytes(br#"{"votes":-1}"#).map(drop).unwrap_err();
/// let messages: Vec<_> = error.issues().iter().map(|issue| issue.message()).collect();
/// assert_eq!(messages, ["Field required", "Input should be greater than or equal to 0"]);
/// ```
///
/// # Rejections
///
/// | request | refusal |
/// |---|---|
/// | no `Content-Type: application/json` or `application/*+json` | 415 |
/// | a body over axum's `DefaultBodyLimit` | 413 |
/// | a body that cannot be read to its end | 400 |
/// | no body | 422, `missing` at `["body"]` |
/// | a body that is no JSON | 422, `json_invalid` at `["body", 16]`; see [`OnMalformed`] |
/// | JSON that is not a `T` | 422, one issue for each fault |
///
/// What is a 422 here is refused as [`OnInvalid`](super::OnInvalid) says.
///
/// `Option<Json<T>>` is `None` where the request has no `Content-Type`.
///
/// # Memory
///
/// A refused body takes up to 18 times its size while its faults are looked for, beside what `T`
/// takes: set axum's `DefaultBodyLimit`, 2 MB by default, with that in mind. A valid body takes what
/// `T` takes. See [what it costs](crate::extract#what-it-costs).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Json<T>(pub T);

super::transparent!(Json);

impl<T: DeserializeOwned> Json<T> {
    /// Reads a body that is at hand already.
    ///
    /// # Errors
    ///
    /// 422 with all faults of the body.
    pub fn from_bytes(body: &[u8]) -> Result<Self, ApiError> {
        Self::read(body, ExtractPolicy::new())
    }

    fn read(body: &[u8], policy: ExtractPolicy) -> Result<Self, ApiError> {
        if body.is_empty() {
            let issue = Issue::new("missing", "Field required").at("body");
            return Err(policy.invalid([issue]));
        }
        match faults::read_json(body, policy.reveal()) {
            Ok(value) => Ok(Self(value)),
            Err(Refused::Malformed(error)) => Err(malformed(body, error, policy)),
            Err(Refused::Faulty(issues)) => Err(policy.invalid(issues)),
        }
    }
}

/// The body is no JSON.
fn malformed(body: &[u8], error: serde_json::Error, policy: ExtractPolicy) -> ApiError {
    let refusal = match policy.on_malformed() {
        OnMalformed::Unprocessable => {
            let issue = Issue::new("json_invalid", "JSON decode error").at("body");
            policy.invalid([issue.at(offset::of_fault(body))])
        }
        OnMalformed::BadRequest => {
            ApiError::bad_request().with_message("There was an error parsing the body")
        }
    };
    refusal.with_source(error)
}

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // Where there is no body, that is the fault, and not what it would be.
        let is_json = essence(request.headers()).is_some_and(|essence| is_json(&essence));
        if !is_json && !request.body().is_end_stream() {
            return Err(ApiError::new(ErrorStatus::UNSUPPORTED_MEDIA_TYPE));
        }
        let policy = ExtractPolicy::of(request.extensions());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = ErrorStatus::try_from(rejection.status());
            ApiError::new(status.unwrap_or(ErrorStatus::BAD_REQUEST)).with_source(rejection)
        })?;
        Self::read(&body, policy)
    }
}

impl<T, S> OptionalFromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ApiError> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// A value that cannot be written as JSON is a 500, whose cause is logged.
impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let mut response = Response::new(Body::from(body));
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, json);
                response
            }
            Err(error) => ApiError::internal(error).into_response(),
        }
    }
}
