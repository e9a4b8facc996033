use std::borrow::Cow;

use axum::extract::RawPathParams;
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use portcullis_core::{ApiError, Code, ErrorStatus, Issue};
use serde_core::de::DeserializeOwned;

use super::{ExtractPolicy, words};
use crate::faults::{self, Node, Source, WRONG_PARAMETERS};

/// The code of the 500 that a handler gets whose [`Path`] asks for parameters that its route does
/// not have.
pub const PATH_MISMATCH: Code = Code::new("PATH_MISMATCH");

/// The parameters of the route's path.
///
/// It takes the place of axum's `Path`: one value, a tuple, a struct or a map.
///
/// ```
/// use portcullis_envelope::extract::Path;
///
/// // "/projects/{project}/tickets/{number}"
/// async fn show(Path((project, number)): Path<(String, u32)>) -> String {
///     format!("ticket {number} of {project}")
/// }
/// ```
///
/// # Rejections
///
/// 422 with one issue for each fault, at `["path", "number"]`. A type that does not fit the route,
/// such as a tuple of three for two parameters, is a 500 with the code [`PATH_MISMATCH`].
///
/// `Option<Path<T>>` is `None` where the route has no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Path<T>(pub T);

super::transparent!(Path);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, ApiError> {
        read(&parameters(head, state).await?, head)
    }
}

impl<T, S> OptionalFromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send + 'static,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        let parameters = parameters(head, state).await?;
        if parameters.iter().next().is_none() {
            return Ok(None);
        }
        read(&parameters, head).map(Some)
    }
}

async fn parameters<S>(head: &mut Parts, state: &S) -> Result<RawPathParams, ApiError>
where
    S: Send + Sync,
{
    let policy = ExtractPolicy::of(&head.extensions);
    RawPathParams::from_request_parts(head, state).await.map_err(|rejection| {
        if rejection.status().is_server_error() {
            return mismatch().with_source(rejection);
        }
        let issue = faults::Finding::string_unicode().into_issue().at("path");
        policy.invalid([issue]).with_source(rejection)
    })
}

fn read<T: DeserializeOwned>(
    parameters: &RawPathParams,
    head: &Parts,
) -> Result<Path<T>, ApiError> {
    let policy = ExtractPolicy::of(&head.extensions);
    let read = |node| faults::read(&node, "path", Source::Words, policy.reveal()).map(Path);
    let pairs =
        || parameters.iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)));
    let named = pairs().map(|(name, value)| (name, Node::Word(value.into())));
    let path = read(Node::Params(named.collect())).or_else(|issues| {
        // The type wants the parameters as a list of pairs.
        let wants_pairs = issues.iter().all(|issue| issue.kind() == "tuple_type");
        if wants_pairs { read(words::pairs(pairs())) } else { Err(issues) }
    });
    path.map_err(|issues| {
        // No caller can send a parameter that the route does not have.
        let is_ours = |issue: &Issue| matches!(issue.kind(), "missing" | WRONG_PARAMETERS);
        if !issues.iter().any(is_ours) {
            return policy.invalid(issues);
        }
        tracing::error!(
            path = std::any::type_name::<T>(),
            "a handler's Path asks for parameters that its route does not have"
        );
        mismatch()
    })
}

fn mismatch() -> ApiError {
    ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(PATH_MISMATCH)
}
