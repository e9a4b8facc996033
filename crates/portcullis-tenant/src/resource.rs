use portcullis_core::{BoxError, CatalogueEntry};

use crate::{InvalidId, Member, PathParameters};

/// Something that belongs to a tenant, and how a request names and finds it.
///
/// [`Visible<R>`](crate::Visible) extracts it, if the caller may see it:
///
/// ```
/// use std::{collections::HashMap, convert::Infallible, sync::Arc};
///
/// use portcullis_tenant::{InvalidId, Member, PathParameters, Resource, Visible};
///
/// #[derive(Clone)]
/// struct Account { name: String, tenant: u64 }
///
/// impl Member for Account {
///     type Tenant = u64;
///
///     fn belongs_to(&self, tenant: &u64) -> bool {
///         self.tenant == *tenant
///     }
///
///     fn name(&self) -> impl std::fmt::Display {
///         &self.name
///     }
/// }
///
/// #[derive(Clone)]
/// struct Ticket { tenant: u64, subject: String }
///
/// type Tickets = Arc<HashMap<u64, Ticket>>;
///
/// impl Resource for Ticket {
///     type Principal = Account; // what authentication put into the request's extensions
///     type State = Tickets;     // the router's state, or a part of it
///     type Id = u64;
///     type Error = Infallible;
///
///     const NOUN: &str = "Ticket"; // hidden, it reads "Ticket not found"
///
///     fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
///         path.parse("ticket_id")
///     }
///
///     async fn load(tickets: Tickets, id: u64, _: &Account) -> Result<Option<Self>, Infallible> {
///         Ok(tickets.get(&id).cloned())
///     }
///
///     fn owner(&self) -> &u64 {
///         &self.tenant
///     }
/// }
///
/// # #[cfg(feature = "axum")] {
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new()
///     .route("/tickets/{ticket_id}", get(async |ticket: Visible<Ticket>| ticket.subject.clone()))
///     .with_state(Tickets::default());
/// # let _ = app;
/// # }
/// ```
///
/// # The same work
///
/// The resolver does the same for a missing and a foreign row, after `load`. Let `load` do so too:
/// find the row by its id **alone**, in one query, and leave the question whose it is to the
/// resolver; then the audit sink learns the truth as well. What is slow, such as a join or a
/// decryption, comes after, in the handler. A query `WHERE id = $1 AND tenant = $2` hides as well and
/// costs the same for both; but then a foreign row is audited as missing.
pub trait Resource: Sized + Send + Sync + 'static {
    /// Who asks, as authentication put it into the request's extensions.
    type Principal: Member;

    /// Where it is loaded from: the router's state, or a part of it (axum's `FromRef`).
    type State: Send;

    /// What a request names it by. Several path parameters make a tuple.
    type Id: Send;

    /// Why it could not be loaded. It is logged and never sent.
    type Error: Into<BoxError>;

    /// What it is called: `Ticket`. A hidden one reads `Ticket not found`.
    const NOUN: &'static str;

    /// What a hidden one reads, code and all, where that is an entry of a catalogue.
    ///
    /// An entry whose status is not 404 fails to compile:
    ///
    /// ```compile_fail
    /// use portcullis_core::CatalogueEntry;
    /// # use portcullis_tenant::{InvalidId, MaskLayer, Member, PathParameters, Resource};
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
    /// const NOT_FOUND: Option<CatalogueEntry> =
    ///     Some(CatalogueEntry::new("NO_ACCESS", &[403], "Not yours"));
    /// # }
    /// # let _ = MaskLayer::new().with_resource::<Ticket>();
    /// ```
    const NOT_FOUND: Option<CatalogueEntry> = None;

    /// Reads the id out of the path: `path.parse("ticket_id")`.
    ///
    /// # Errors
    ///
    /// An id that cannot be one is hidden like a missing row, unless
    /// [`InvalidId::told`] says otherwise.
    fn id(path: &PathParameters<'_>) -> Result<Self::Id, InvalidId>;

    /// Finds the row, whosever it is; `None` if there is none.
    ///
    /// The caller is handed in for row-level security and the like, not to compare.
    ///
    /// # Errors
    ///
    /// What fails is a 503, whichever row was asked for.
    fn load(
        state: Self::State,
        id: Self::Id,
        caller: &Self::Principal,
    ) -> impl Future<Output = Result<Option<Self>, Self::Error>> + Send;

    /// Whose it is.
    fn owner(&self) -> &<Self::Principal as Member>::Tenant;
}
