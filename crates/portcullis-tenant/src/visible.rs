#[cfg(feature = "axum")]
mod extract;
mod proven;
#[cfg(test)]
#[cfg(feature = "axum")]
mod tests;

use std::{fmt, ops::Deref, sync::Arc};

#[cfg(feature = "axum")]
pub use self::extract::NotVisible;
pub use self::proven::ProvenVisible;
use crate::{Forbidden, Hidden, Member, Resource};

/// A resource that this caller has been proven to see.
///
/// As an axum extractor it loads the resource that the path names, asks whose it is, and rejects
/// with [`Hidden`] whoever does not belong there. It reads no body, so that nothing which comes after,
/// no validation, no precondition and no conflict, is ever asked about another tenant's resource:
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::Json;
/// use portcullis_tenant::{Forbidden, Resource, Visible};
///
/// # use portcullis_tenant::{InvalidId, Member, PathParameters};
/// # #[derive(Clone)] struct Account { is_editor: bool }
/// # impl Member for Account {
/// #     type Tenant = u64;
/// #     fn belongs_to(&self, _: &u64) -> bool { true }
/// #     fn name(&self) -> impl std::fmt::Display { "" }
/// # }
/// # struct Ticket { is_closed: bool, tenant: u64 }
/// # impl Resource for Ticket {
/// #     type Principal = Account; type State = (); type Id = u64; type Error = std::io::Error;
/// #     const NOUN: &str = "Ticket";
/// #     fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> { path.parse("id") }
/// #     async fn load((): (), _: u64, _: &Account) -> std::io::Result<Option<Self>> { Ok(None) }
/// #     fn owner(&self) -> &u64 { &self.tenant }
/// # }
/// async fn rename(
///     ticket: Visible<Ticket>, // 404 unless the caller may see it …
///     Json(subject): Json<String>, // … 422 only then …
/// ) -> Result<(), Forbidden> {
///     ticket.require(|account, ticket| account.is_editor && !ticket.is_closed)?; // … and 403 last
///     # let _ = subject;
///     Ok(())
/// }
/// # let _ = rename;
/// # }
/// ```
///
/// Put it before the extractors whose answer depends on the resource; those that do not, such as a
/// query, may stand on either side. `Option<Visible<R>>` is `None` for a missing and a foreign
/// resource alike, and no sink learns which; `Result<Visible<R>, NotVisible>` lets the handler do
/// something first, and return the [`Hidden`].
///
/// # Rejections
///
/// | | |
/// |---|---|
/// | 404 | there is none, it is another tenant's, or what the path has is no id |
/// | 422 | the id is none, where [`InvalidId::told`](crate::InvalidId::told) says to tell |
/// | 503 | it could not be loaded, whichever it is; the cause is logged |
/// | 500, `PRINCIPAL_MISSING` | nothing in front of the route has put an `R::Principal` into the extensions |
/// | 500 | the route does not have the parameter that the id is read from, or has several by its name |
pub struct Visible<R: Resource> {
    resource: R,
    caller: R::Principal,
    /// What the path has for an id.
    asked: Option<Arc<str>>,
}

impl<R: Resource> Visible<R> {
    /// Judges a row that the handler has found by itself: by an id in a body, in a batch, or by
    /// another name.
    ///
    /// What it hides reads as any other 404 beneath the mask does, `Not Found`, and not as the
    /// resource is called: the handler may have answered a missing row by itself. Where the resource
    /// is to be named, tell the route's layer
    /// ([`MaskLayer::with_resource`](crate::MaskLayer::with_resource)), which words both.
    ///
    /// # Errors
    ///
    /// [`Hidden`] if there is none, or if it is another tenant's.
    pub fn to(caller: &R::Principal, row: Option<R>) -> Result<Self, Hidden> {
        Self::judge(caller.clone(), row, None)
    }

    /// Goes on if this caller, whom the resource is visible to, may also do what it wants with it.
    ///
    /// # Errors
    ///
    /// [`Forbidden`], a 403, if not.
    pub fn require(&self, may: impl FnOnce(&R::Principal, &R) -> bool) -> Result<(), Forbidden> {
        if may(&self.caller, &self.resource) { Ok(()) } else { Err(Forbidden::of(self)) }
    }

    /// Who asked.
    pub const fn caller(&self) -> &R::Principal {
        &self.caller
    }

    /// The resource, to keep or to change. What was proven of it ends here.
    pub fn into_inner(self) -> R {
        self.resource
    }

    /// The one comparison. It comes to the same for a missing and a foreign row.
    fn judge(
        caller: R::Principal,
        row: Option<R>,
        asked: Option<Arc<str>>,
    ) -> Result<Self, Hidden> {
        let owner = match row {
            Some(resource) if caller.belongs_to(resource.owner()) => {
                return Ok(Self { resource, caller, asked });
            }
            Some(resource) => Some(<R::Principal as Member>::Tenant::clone(resource.owner())),
            None => None,
        };
        Err(Hidden::resolved::<R>(caller, owner, asked))
    }
}

/// Shared only: what was proven of one resource must not be said of another.
impl<R: Resource> Deref for Visible<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.resource
    }
}

impl<R: Resource + fmt::Debug> fmt::Debug for Visible<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Visible").field(&self.resource).finish()
    }
}
