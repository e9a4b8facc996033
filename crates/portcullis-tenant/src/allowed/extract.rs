use axum_core::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use portcullis_core::ApiError;

use super::{Action, Allowed};
use crate::{Resource, Visible};

impl<R, A, S> FromRequestParts<S> for Allowed<R, A>
where
    R: Resource,
    R::State: FromRef<S>,
    A: Action<R>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Self::of(Visible::from_request_parts(head, state).await?)
    }
}
