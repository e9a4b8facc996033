//! The service's routes, by who may call them.

use axum::{Router, routing::get};

use crate::{
    applications,
    records::{Directory, Tokens},
    roles, sign_in, subscriptions, users,
};

/// For managers.
pub(crate) fn managed(tokens: Tokens) -> Router<Directory> {
    let of_applications = applications::routes().merge(roles::routes());
    of_applications.merge(users::routes(tokens)).merge(subscriptions::routes())
}

/// For other services.
pub(crate) fn reported() -> Router<Directory> {
    subscriptions::consumption()
}

/// For whoever has a token.
pub(crate) fn demo() -> Router<Directory> {
    async fn panics() {
        panic!("the records are on fire");
    }
    Router::new().route("/demo/panic", get(panics))
}

/// For everybody.
pub(crate) fn login(tokens: Tokens) -> Router<Directory> {
    sign_in::login(tokens)
}

/// For everybody as well.
pub(crate) fn password_reset(tokens: Tokens) -> Router<Directory> {
    sign_in::password_reset(tokens)
}
