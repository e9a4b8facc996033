use std::ops::Deref;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use portcullis_core::{Anonymous, ApiError};

use crate::missing::missing;

/// Extracts who the caller is: what [`Verify`](crate::Verify) accepted the token as.
///
/// `Option<Principal<T>>` is `None` where a guard let the caller in without credentials, and meant to
/// ([`Anonymous`](portcullis_core::Anonymous)). Without the `Option` that is a 401. Where there is no
/// `T` and nobody meant it, both are a 500 with [`PRINCIPAL_MISSING`](crate::PRINCIPAL_MISSING): the
/// bearer was forgotten, or its principal is of another type.
///
/// ```
/// # use portcullis_bearer::Principal;
/// # #[derive(Clone)] struct Account { name: String }
/// async fn whoami(Principal(account): Principal<Account>) -> String {
///     account.name
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal<T>(pub T);

impl<T> Deref for Principal<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T, S> FromRequestParts<S> for Principal<T>
where
    T: Clone + Send + Sync + 'static,
    S: Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        head.extensions.get::<T>().cloned().map(Self).ok_or_else(|| missing::<T>(head, "a handler"))
    }
}

impl<T, S> OptionalFromRequestParts<S> for Principal<T>
where
    T: Clone + Send + Sync + 'static,
    S: Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, _state: &S) -> Result<Option<Self>, ApiError> {
        match head.extensions.get::<T>().cloned() {
            None if head.extensions.get::<Anonymous>().is_none() => {
                Err(missing::<T>(head, "a handler"))
            }
            principal => Ok(principal.map(Self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use portcullis_core::ErrorStatus;

    use super::*;
    use crate::PRINCIPAL_MISSING;

    #[tokio::test]
    async fn a_forgotten_layer_is_a_500_with_a_code() {
        let (mut head, ()) = Request::new(()).into_parts();
        let error = <Principal<u8> as FromRequestParts<()>>::from_request_parts(&mut head, &())
            .await
            .unwrap_err();
        assert_eq!(error.status(), ErrorStatus::INTERNAL_SERVER_ERROR);
        assert_eq!(error.code(), Some(PRINCIPAL_MISSING));
    }

    #[tokio::test]
    async fn an_optional_principal_is_none_only_where_that_was_meant() {
        let (mut head, ()) = Request::new(()).into_parts();
        let found = async |head: &mut Parts| {
            <Principal<u8> as OptionalFromRequestParts<()>>::from_request_parts(head, &()).await
        };
        // No guard at all, and one with another principal.
        for _ in 0..2 {
            let error = found(&mut head).await.unwrap_err();
            assert_eq!(error.code(), Some(PRINCIPAL_MISSING));
            head.extensions.insert("another");
        }
        head.extensions.insert(Anonymous::new(ApiError::unauthorized()));
        assert_eq!(found(&mut head).await.unwrap(), None);
        head.extensions.insert(7_u8);
        assert_eq!(found(&mut head).await.unwrap(), Some(Principal(7)));
    }
}
