//! The words that every Portcullis layer shares.
//!
//! A layer **refuses with a value**, and one place writes the bytes:
//!
//! - [`ApiError`] is what a refusal is before it has a wire form.
//! - [`Guard`] decides about a request's head, and answers with a [`Verdict`]: an [`Admission`] or
//!   an [`ApiError`], now or later.
//! - [`GuardLayer`] turns a guard, or several that run in order, into a tower layer. It is the
//!   plumbing, written once; a new guard needs no `Pin` and its test needs no server.
//!
//! Most services want the `portcullis` crate, which puts ready guards into one stack. This crate is
//! for those who write a guard of their own:
//!
//! ```
//! use http::request::Parts;
//! use portcullis_core::{Admission, ApiError, ErrorStatus, Guard, GuardLayer, Verdict};
//!
//! /// Closes the service outside office hours.
//! struct OfficeHours(fn() -> bool);
//!
//! impl Guard for OfficeHours {
//!     fn check(&self, _head: &mut Parts) -> Verdict {
//!         if (self.0)() {
//!             return Verdict::from(Admission::new());
//!         }
//!         Verdict::from(ApiError::new(ErrorStatus::SERVICE_UNAVAILABLE).with_message("We are closed"))
//!     }
//! }
//!
//! let layer = GuardLayer::new(OfficeHours(|| true));
//! # let _ = layer;
//! ```
//!
//! # Cargo features
//!
//! - `axum`: `ApiError` implements axum's `IntoResponse`. Off by default; changes nothing else.

mod admission;
mod allowance;
mod anonymous;
#[cfg(feature = "axum")]
mod axum;
mod catalogue;
mod code;
mod error;
mod guard;
mod headers;
mod issue;
mod number;
#[doc(hidden)]
pub mod stack;
mod stamps;
mod status;

pub use admission::Admission;
pub use allowance::{Allowance, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET};
pub use anonymous::Anonymous;
pub use catalogue::{Catalogue, CatalogueConflict, CatalogueEntry, Table};
pub use code::{Code, InvalidCode};
pub use error::ApiError;
pub use guard::{Guard, GuardLayer, GuardService, Guards, ResponseFuture, Verdict};
pub use issue::{Issue, Segment};
#[doc(hidden)]
pub use number::header_value;
pub use status::{ErrorStatus, NotAnErrorStatus};

/// Any error, owned: what tower's layers and ours hand on.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A boxed future that borrows nothing, so that it outlives the request's head.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'static>>;
