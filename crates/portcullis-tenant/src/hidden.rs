use std::{
    convert::Infallible,
    fmt::{self, Display},
    sync::Arc,
};

use http::{Response, StatusCode};
use portcullis_core::ApiError;

use crate::{
    Reason, Resource,
    facts::{ByHand, Facts, Resolved},
};

/// A resource that this caller cannot see: there is none, or it is another tenant's.
///
/// One type and one response, 404. Which of the two it was reaches the
/// [`Audit`](crate::Audit) sink of the [`MaskLayer`](crate::MaskLayer) above, and nobody else: not
/// `Debug`, not `Display`, not the response.
///
/// [`Visible`](crate::Visible) answers with it. A handler that looks a row up by itself makes one:
///
/// ```
/// use portcullis_tenant::Hidden;
///
/// struct Invoice { tenant: u64 }
///
/// fn visible(row: Option<Invoice>, tenant: u64) -> Result<Invoice, Hidden> {
///     match row {
///         None => Err(Hidden::missing()),
///         Some(invoice) if invoice.tenant != tenant => Err(Hidden::foreign(invoice.tenant)),
///         Some(invoice) => Ok(invoice),
///     }
/// }
/// # assert!(visible(Some(Invoice { tenant: 1 }), 1).is_ok());
/// ```
///
/// It converts into an [`ApiError`], so `?` works in a handler that returns one. Within an error of
/// your own the mask finds it among the [sources](std::error::Error::source): mark the field
/// `#[source]`. thiserror's `#[error(transparent)]` hands on the source of what it wraps, and so hides
/// what it wraps; convert that into an `ApiError` first.
#[derive(Clone)]
#[must_use = "nothing is hidden until a handler returns it"]
pub struct Hidden {
    reason: Reason,
    /// What the client reads, if the resource has a name.
    answer: Option<ApiError>,
    facts: Facts,
}

impl Hidden {
    /// There is no such resource.
    pub fn missing() -> Self {
        // As much is allocated as for a foreign one.
        Self::by_hand(Reason::Missing, None::<Infallible>)
    }

    /// There is no such resource of this kind, whose noun the audit sink learns.
    ///
    /// A client reads what [`missing`](Self::missing) says, and what
    /// [`Visible::to`](crate::Visible::to) rejects with, so that the two go together:
    ///
    /// ```
    /// # use portcullis_tenant::{InvalidId, Member, PathParameters, Resource};
    /// # #[derive(Clone)] struct Account;
    /// # impl Member for Account {
    /// #     type Tenant = u64;
    /// #     fn belongs_to(&self, _: &u64) -> bool { true }
    /// #     fn name(&self) -> impl std::fmt::Display { "" }
    /// # }
    /// # struct Ticket;
    /// # impl Resource for Ticket {
    /// #     type Principal = Account; type State = (); type Id = u64; type Error = std::io::Error;
    /// #     const NOUN: &str = "Ticket";
    /// #     fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> { path.parse("id") }
    /// #     async fn load((): (), _: u64, _: &Account) -> std::io::Result<Option<Self>> { Ok(None) }
    /// #     fn owner(&self) -> &u64 { &1 }
    /// # }
    /// use portcullis_tenant::{Hidden, Visible};
    ///
    /// fn open(caller: &Account, row: Option<Ticket>) -> Result<Visible<Ticket>, Hidden> {
    ///     let ticket = row.ok_or_else(Hidden::missing_of::<Ticket>)?;
    ///     Visible::to(caller, Some(ticket))
    /// }
    /// # assert!(open(&Account, None).is_err());
    /// ```
    pub fn missing_of<R: Resource>() -> Self {
        let mut hidden = Self::missing();
        hidden.facts.resource = Some(R::NOUN);
        hidden
    }

    /// The resource exists, and belongs to this owner.
    pub fn foreign(owner: impl Display + Send + Sync + 'static) -> Self {
        Self::by_hand(Reason::Foreign, Some(owner))
    }

    /// Says, to the audit sink alone, what was asked for: the kind of resource, and which. The id is
    /// hashed before a sink sees it.
    pub fn about(mut self, resource: &'static str, id: impl Display) -> Self {
        self.facts.resource = Some(resource);
        self.facts.id = Some(id.to_string().into());
        self
    }

    /// Which of the two it is. For audits and tests: what a client gets must not depend on it.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// What the resolver found: another's row, or none.
    pub(crate) fn resolved<R: Resource>(
        caller: R::Principal,
        row: Option<R>,
        id: Option<Arc<str>>,
    ) -> Self {
        let reason = if row.is_some() { Reason::Foreign } else { Reason::Missing };
        let witness = Arc::new(Resolved { caller, row });
        Self { reason, answer: None, facts: Facts { resource: Some(R::NOUN), id, witness } }
    }

    /// Says what the resource is called. Only for what the extractor has rejected, which has looked
    /// the row up itself: where a handler has, a 404 of its own may say that there is none.
    #[cfg(feature = "axum")]
    pub(crate) fn named<R: Resource>(self) -> Self {
        Self { answer: Some(crate::answer::made::<R>()), ..self }
    }

    pub(crate) const fn answer(&self) -> Option<&ApiError> {
        self.answer.as_ref()
    }

    pub(crate) const fn facts(&self) -> &Facts {
        &self.facts
    }

    fn by_hand(reason: Reason, owner: Option<impl Display + Send + Sync + 'static>) -> Self {
        let facts = Facts { resource: None, id: None, witness: Arc::new(ByHand(owner)) };
        Self { reason, answer: None, facts }
    }

    /// Turns it into a response: a 404 without headers and body, and itself in the extensions, where
    /// the mask finds it.
    pub fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        if let Some(answer) = &self.answer {
            response.extensions_mut().insert(answer.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A 404, whose private source it is.
impl From<Hidden> for ApiError {
    fn from(hidden: Hidden) -> Self {
        let answer = hidden.answer.clone();
        answer.unwrap_or_else(Self::not_found).with_source(hidden)
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Hidden {
    fn into_response(self) -> axum_core::response::Response {
        Self::into_response(self)
    }
}

/// The same words, whichever it is.
impl Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such resource, or none that this caller may see")
    }
}

/// The same words, whichever it is.
impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hidden").finish_non_exhaustive()
    }
}

impl std::error::Error for Hidden {}
