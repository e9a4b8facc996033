//! Another tenant's resource cannot be told from one that does not exist.
//!
//! A handler that finds no row, or finds one of somebody else's, answers with one type:
//!
//! ```
//! use portcullis_tenant::Hidden;
//!
//! struct Invoice { tenant: u64 }
//!
//! fn visible(row: Option<Invoice>, tenant: u64) -> Result<Invoice, Hidden> {
//!     match row {
//!         None => Err(Hidden::missing()),
//!         Some(invoice) if invoice.tenant != tenant => Err(Hidden::foreign()),
//!         Some(invoice) => Ok(invoice),
//!     }
//! }
//! # assert!(visible(Some(Invoice { tenant: 1 }), 1).is_ok());
//! ```
//!
//! Both are 404 (RFC 9110, section 15.5.4, lets a server answer 404 where it would forbid), and the
//! client cannot tell them apart. [`MaskLayer`] makes sure of the rest: it throws away **every** 404
//! beneath it, the router's, a handler's own and a hidden one, with all their headers, and answers
//! each with one and the same new response. They are equal by construction, not by care.
//!
//! The truth goes to [`tracing`] at the level `INFO`, target `portcullis_tenant`.
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
//! - `axum`: [`Hidden`] implements axum's `IntoResponse`. Off by default; changes nothing else.

mod hidden;
mod layer;
mod service;

pub use hidden::Hidden;
pub use layer::MaskLayer;
pub use service::{MaskService, ResponseFuture};
