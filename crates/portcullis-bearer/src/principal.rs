use std::ops::Deref;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use portcullis_core::ApiError;

use crate::missing::missing;

/// Extracts who the caller is: what [`Verify`](crate::Verify) accepted the token as.
///
/// `Option<Principal<T>>` is `None` where no guard has put a `T` into the extensions. Without the
/// `Option` that is a 401 where a bearer lets callers in without credentials, and else, with
/// [`PRINCIPAL_MISSING`](crate::PRINCIPAL_MISSING), a 500: the bearer was forgotten.
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
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        head: &mut Parts,
        _state: &S,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(head.extensions.get::<T>().cloned().map(Self))
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
    async fn an_optional_principal_is_none_without_one() {
        let (mut head, ()) = Request::new(()).into_parts();
        for expected in [None, Some(Principal(7_u8))] {
            let found =
                <Principal<u8> as OptionalFromRequestParts<()>>::from_request_parts(&mut head, &());
            assert_eq!(found.await, Ok(expected));
            head.extensions.insert(7_u8);
        }
    }
}
