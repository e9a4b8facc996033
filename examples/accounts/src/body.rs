use axum::extract::{FromRequest, Request};
use portcullis::{ApiError, CatalogueEntry, ErrorStatus, extract::Json};
use serde::de::DeserializeOwned;

/// A JSON body. One that is not as it should be is a 400: the API knows no 422.
pub(crate) struct Body<T>(pub(crate) T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(error) if error.status() == ErrorStatus::UNPROCESSABLE_ENTITY => {
                Err(error.with_status(ErrorStatus::BAD_REQUEST))
            }
            Err(error) => Err(error),
        }
    }
}

/// A member that may not be left out, nor left empty.
pub(crate) fn required(
    member: Option<String>,
    missing: CatalogueEntry,
) -> Result<String, ApiError> {
    Ok(member.filter(|text| !text.trim().is_empty()).ok_or(missing)?)
}
