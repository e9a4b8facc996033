//! Another tenant's resource cannot be told from one that does not exist.
//!
//! RFC 9110, section 15.5.4, lets a server answer 404 where it would forbid. That one status is the
//! easy part: a header, a status on another method, a validation error or a conflict tells as much.
//! So a resource is judged before anything else about it is:
//!
//! 1. [`Resource`] says how one is named, found and owned, and [`Member`] who may see what is whose.
//! 2. [`Visible<R>`](Visible), in a handler, is the proof that the caller may see it. Without, the
//!    answer is [`Hidden`]: one type for a missing and a foreign one, one response, 404.
//! 3. Only a `Visible` can be forbidden: [`visible.require(…)`](Visible::require) makes a
//!    [`Forbidden`], 403, and nothing else does. [`Allowed<R, A>`](Allowed) asks both before a body is
//!    read.
//! 4. [`MaskLayer`] throws away **every** 404 beneath it, the router's, a handler's own and a hidden
//!    one, with all their headers, and answers each with one and the same new response. They are
//!    equal by construction, not by care. To its [`Audit`] sink it tells the truth.
//!
//! A handler that looks a row up by itself returns a [`Hidden`] that it makes by hand. The
//! [`leak_register`] lists what tells one tenant of another, and what is closed.
//!
//! # In five minutes
//!
//! ```toml
//! [dependencies]
//! portcullis-tenant = { git = "https://github.com/portcullis-rs/portcullis", features = ["axum"] }
//! axum = "0.8"
//! ```
//!
//! The feature `axum` makes an extractor of [`Visible`]; the crate `portcullis` has it by default, and
//! all of this under its own name. Say who belongs where, and what is whose; take a `Visible` in the handler; put the mask around:
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use std::{collections::HashMap, convert::Infallible, sync::Arc};
//!
//! use axum::{Router, routing::get};
//! use portcullis_tenant::{
//!     InvalidId, MaskLayer, Member, PathParameters, Resource, Visible,
//! };
//!
//! /// Who calls, as your authentication puts it into the request's extensions.
//! #[derive(Clone)]
//! struct Account { name: String, tenant: u64 }
//!
//! impl Member for Account {
//!     type Tenant = u64;
//!
//!     fn belongs_to(&self, tenant: &u64) -> bool {
//!         self.tenant == *tenant
//!     }
//!
//!     fn name(&self) -> impl std::fmt::Display {
//!         &self.name
//!     }
//! }
//!
//! #[derive(Clone)]
//! struct Ticket { tenant: u64, subject: String }
//!
//! type Tickets = Arc<HashMap<u64, Ticket>>; // or a pool of connections
//!
//! impl Resource for Ticket {
//!     type Principal = Account;
//!     type State = Tickets; // the router's state, or a part of it (`FromRef`)
//!     type Id = u64;
//!     type Error = Infallible;
//!
//!     const NOUN: &str = "Ticket"; // hidden, it reads "Ticket not found"
//!
//!     fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
//!         path.parse("ticket_id") // as the route calls it
//!     }
//!
//!     async fn load(tickets: Tickets, id: u64, _: &Account) -> Result<Option<Self>, Infallible> {
//!         Ok(tickets.get(&id).cloned()) // by its id alone, whosever it is
//!     }
//!
//!     fn owner(&self) -> &u64 {
//!         &self.tenant
//!     }
//! }
//!
//! async fn show(ticket: Visible<Ticket>) -> String {
//!     ticket.subject.clone()
//! }
//!
//! let tickets = Tickets::default();
//! let account = Account { name: "wile".to_owned(), tenant: 1 };
//! let app: Router = Router::new()
//!     .route("/tickets/{ticket_id}", get(show))
//!     .layer(MaskLayer::new())
//!     .layer(axum::Extension(account)) // in place of your authentication, around the mask
//!     .with_state(tickets);
//! # let _ = app;
//! # }
//! ```
//!
//! With the `portcullis` stack, `Bearer` is that authentication, and `.tenant_mask(MaskLayer::new())`
//! has the mask in its place, beneath an envelope that writes the body. `Resource::Principal` is what
//! that `Bearer` verifies a credential to; implement [`Member`] for it:
//!
//! ```text
//! let accounts: HashMap<String, Account> = …;
//! let portcullis = Portcullis::new()
//!     // `Account`, the principal, goes into the request's extensions.
//!     .bearer(Bearer::from_fn(move |token| accounts.get(token.as_str()).cloned().into()))
//!     .tenant_mask(MaskLayer::new());
//! let app = Router::new()
//!     .route("/tickets/{ticket_id}", get(show))
//!     .with_state(tickets)
//!     .layer(portcullis);
//! ```
//!
//! Then see that nothing tells the two apart, in a test of your own: `portcullis_testing::Matrix`
//! asks for every route as two tenants, by every method, and prints each field in which another's
//! ticket differs from a missing one. Where every handler takes a `Visible` it is green without the
//! mask too: that is for the other 404s, the router's and those of handlers that answer by hand, and
//! for the audit.
//!
//! # Where to put it
//!
//! Beneath authentication, so that a 401 and a 429 are never masked, and above the handlers. On
//! `Router::layer` it covers the router's own 404 for an unknown path; on `route_layer` and on a
//! `MethodRouter` it covers the 404s of their handlers only, so an unknown path may look different
//! from a hidden row.
//!
//! # Cargo features
//!
//! - `axum`: [`Visible`] is an extractor, and [`Hidden`] and [`Forbidden`] implement axum's
//!   `IntoResponse`. Off by default; changes nothing else.
//! - `metrics`: what [`OnUnproven::Hide`] had to catch is counted through the `metrics` facade, as
//!   `portcullis_tenant_unproven_total`, without labels. Off by default.

mod allowed;
mod answer;
mod audit;
mod facts;
mod forbidden;
mod hidden;
mod id;
mod layer;
mod mask;
mod member;
mod resource;
mod service;
#[doc(hidden)]
pub mod stack;
mod visible;

pub use allowed::{Action, Allowed};
pub use audit::{Audit, AuditEvent, IdHash, Reason, TracingAudit};
pub use forbidden::Forbidden;
pub use hidden::Hidden;
pub use id::{InvalidId, PathParameters};
pub use layer::{MaskLayer, OnUnproven};
pub use member::Member;
pub use portcullis_core::{ApiError, BoxError};
pub use resource::Resource;
pub use service::{MaskService, ResponseFuture};
#[cfg(feature = "axum")]
pub use visible::NotVisible;
pub use visible::{ProvenVisible, Visible};

#[doc = include_str!("../docs/leak_register.md")]
pub mod leak_register {}
