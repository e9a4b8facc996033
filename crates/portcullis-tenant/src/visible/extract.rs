use std::{fmt, sync::Arc};

use axum::extract::RawPathParams;
use axum_core::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;
use portcullis_core::{ApiError, Code, ErrorStatus};

use super::Visible;
use crate::{Hidden, PathParameters, Resource};

/// What a handler gets that asks for a principal which nobody provides, as from `Principal<T>`.
const PRINCIPAL_MISSING: Code = Code::new("PRINCIPAL_MISSING");

impl<R, S> FromRequestParts<S> for Visible<R>
where
    R: Resource,
    R::State: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = NotVisible;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, NotVisible> {
        let caller = caller::<R>(head)?;
        let Some((id, asked)) = id::<R, S>(head, state).await? else {
            return Self::judge(caller, None, None).map_err(NotVisible::rejected::<R>);
        };
        let row = R::load(R::State::from_ref(state), id, &caller).await;
        let row = row.map_err(|error| NotVisible::Failed(ApiError::unavailable(error)))?;
        Self::judge(caller, row, Some(asked)).map_err(NotVisible::rejected::<R>)
    }
}

impl<R, S> OptionalFromRequestParts<S> for Visible<R>
where
    R: Resource,
    R::State: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        match <Self as FromRequestParts<S>>::from_request_parts(head, state).await {
            Ok(visible) => Ok(Some(visible)),
            Err(NotVisible::Hidden(_)) => Ok(None),
            Err(NotVisible::Failed(error)) => Err(error),
        }
    }
}

fn caller<R: Resource>(head: &Parts) -> Result<R::Principal, NotVisible> {
    head.extensions.get::<R::Principal>().cloned().ok_or_else(|| {
        tracing::error!(
            resource = R::NOUN,
            principal = std::any::type_name::<R::Principal>(),
            "a handler asks for a Visible resource, and nobody says who asks: add a Bearer, or a \
             guard of your own, whose principal is this type, in front of its route"
        );
        NotVisible::Failed(
            ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(PRINCIPAL_MISSING),
        )
    })
}

/// The id, and how the path spells it; none where it is to look missing.
async fn id<R, S>(head: &mut Parts, state: &S) -> Result<Option<(R::Id, Arc<str>)>, NotVisible>
where
    R: Resource,
    S: Send + Sync,
{
    let parameters = match RawPathParams::from_request_parts(head, state).await {
        Ok(parameters) => parameters,
        // No percent-encoded UTF-8, and so no id.
        Err(rejection) if rejection.status().is_client_error() => return Ok(None),
        Err(rejection) => return Err(NotVisible::Failed(ApiError::internal(rejection))),
    };
    let path: PathParameters<'_> = parameters.iter().collect();
    match R::id(&path) {
        Ok(id) => Ok(Some((id, path.asked().into()))),
        Err(invalid) => match invalid.refusal(R::NOUN) {
            Some(error) => Err(NotVisible::Failed(error)),
            None => Ok(None),
        },
    }
}

/// Why there is no [`Visible`] to hand out.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotVisible {
    /// There is no such resource, or it is another tenant's: 404.
    Hidden(Hidden),
    /// It could not be asked for: 422, 500 or 503, whichever resource it is.
    Failed(ApiError),
}

impl NotVisible {
    fn rejected<R: Resource>(hidden: Hidden) -> Self {
        Self::Hidden(hidden.named::<R>())
    }
}

impl From<NotVisible> for ApiError {
    fn from(not_visible: NotVisible) -> Self {
        match not_visible {
            NotVisible::Hidden(hidden) => hidden.into(),
            NotVisible::Failed(error) => error,
        }
    }
}

impl IntoResponse for NotVisible {
    fn into_response(self) -> Response {
        match self {
            Self::Hidden(hidden) => hidden.into_response(),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl fmt::Display for NotVisible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(_) => f.write_str("the resource is not handed out"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotVisible {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Hidden(hidden) => Some(hidden),
            Self::Failed(error) => std::error::Error::source(error),
        }
    }
}
