#[cfg(feature = "axum")]
mod extract;
#[cfg(test)]
#[cfg(feature = "axum")]
mod tests;

use std::{fmt, marker::PhantomData, ops::Deref};

use portcullis_core::ApiError;

use crate::{Forbidden, Resource, Visible};

/// What may be done with a resource, and by whom among those who see it.
///
/// See [`Allowed`].
#[diagnostic::on_unimplemented(
    message = "nobody says who may do `{Self}` with a `{R}`",
    note = "`impl Action<{R}> for {Self}`, whose `is_allowed` decides for a caller who sees the resource"
)]
pub trait Action<R: Resource>: 'static {
    /// Whether this caller, who sees the resource, may do that with it.
    fn is_allowed(caller: &R::Principal, resource: &R) -> bool;

    /// What a client reads who may not: a 403, with a code and a message of its own if need be. That
    /// the caller sees the resource is added to it, above a source of its own, for the mask and the
    /// audit sink.
    fn refusal() -> ApiError {
        ApiError::forbidden()
    }
}

/// A resource that this caller has been proven to see, and to be allowed to do this with.
///
/// As an axum extractor it is [`Visible`] and one question more, before any body is read: another's
/// is 404, too low a role 403, and only then is a malformed body 422.
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::Json;
/// use portcullis_tenant::{Action, Allowed};
/// # use portcullis_tenant::{InvalidId, Member, PathParameters, Resource};
/// # #[derive(Clone)] struct Account { is_editor: bool }
/// # impl Member for Account {
/// #     type Tenant = u64;
/// #     fn belongs_to(&self, _: &u64) -> bool { true }
/// #     fn name(&self) -> impl std::fmt::Display { "" }
/// # }
/// # struct Ticket { subject: String }
/// # impl Resource for Ticket {
/// #     type Principal = Account; type State = (); type Id = u64; type Error = std::io::Error;
/// #     const NOUN: &str = "Ticket";
/// #     fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> { path.parse("id") }
/// #     async fn load((): (), _: u64, _: &Account) -> std::io::Result<Option<Self>> { Ok(None) }
/// #     fn owner(&self) -> &u64 { &1 }
/// # }
///
/// enum Edit {}
///
/// impl Action<Ticket> for Edit {
///     fn is_allowed(account: &Account, _: &Ticket) -> bool {
///         account.is_editor
///     }
/// }
///
/// async fn rename(ticket: Allowed<Ticket, Edit>, Json(subject): Json<String>) -> String {
///     format!("{} is now {subject}", ticket.subject)
/// }
/// # let _: axum::Router = axum::Router::new().route("/tickets/{id}", axum::routing::put(rename));
/// # }
/// ```
///
/// # Rejections
///
/// Those of [`Visible`], and 403 where the caller sees the resource and may not.
pub struct Allowed<R: Resource, A: Action<R>> {
    visible: Visible<R>,
    action: PhantomData<fn() -> A>,
}

impl<R: Resource, A: Action<R>> Allowed<R, A> {
    /// Goes on if who sees this resource may do that with it.
    ///
    /// # Errors
    ///
    /// [`Action::refusal`], if not. The mask knows that visibility was proven.
    pub fn of(visible: Visible<R>) -> Result<Self, ApiError> {
        match visible.require(A::is_allowed) {
            Ok(()) => Ok(Self { visible, action: PhantomData }),
            Err(forbidden) => Err(refusal::<R, A>(forbidden)),
        }
    }

    /// The resource, as it is proven to be visible.
    pub fn into_visible(self) -> Visible<R> {
        self.visible
    }
}

fn refusal<R: Resource, A: Action<R>>(forbidden: Forbidden) -> ApiError {
    let refusal = A::refusal();
    refusal.clone().with_source(forbidden.with_refusal(refusal))
}

impl<R: Resource, A: Action<R>> Deref for Allowed<R, A> {
    type Target = Visible<R>;

    fn deref(&self) -> &Visible<R> {
        &self.visible
    }
}

impl<R: Resource + fmt::Debug, A: Action<R>> fmt::Debug for Allowed<R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Allowed").field(&*self.visible).finish()
    }
}
