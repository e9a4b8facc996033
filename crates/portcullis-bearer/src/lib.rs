//! Bearer credentials for tower services (RFC 6750): a strict parse, your own check, and a 401 with
//! its challenge.
//!
//! [`Bearer`] is a guard. It reads `Authorization`, asks a [`Verify`] of yours who the caller is,
//! and puts that principal into the request's extensions:
//!
//! ```
//! use portcullis_bearer::{Bearer, GuardLayer, Token, Verification};
//!
//! #[derive(Clone)]
//! struct Account { id: u64 }
//!
//! # #[derive(Clone)] struct Database;
//! # impl Database { async fn account(&self, _: &str) -> Option<Account> { None } }
//! # let database = Database;
//! let bearer = Bearer::from_fn(move |token: &Token| {
//!     let (database, token) = (database.clone(), token.clone());
//!     Verification::later(async move { database.account(token.as_str()).await })
//! });
//! let layer = GuardLayer::new(bearer);
//! # let _ = layer;
//! ```
//!
//! Handlers take it with the extractor [`Principal<Account>`](Principal), or as any extension.
//!
//! # What is accepted
//!
//! One `Authorization` header of the form `"Bearer" 1*SP b64token` (RFC 9110, section 11.4; RFC
//! 6750, section 2.1), the scheme in any case, white space at both ends ignored. Everything else is
//! refused for a [`Reason`] before [`Verify`] sees it. A second word, a comma, a tab, a second header
//! line are never guessed at.
//!
//! # What is answered
//!
//! | [`Reason`] | status | `WWW-Authenticate` |
//! |---|---|---|
//! | `Missing` | 401 | `Bearer` |
//! | `Malformed`, `Empty`, `Duplicate`, `TooLong` | 401 | `Bearer error="invalid_request"` |
//! | `Unknown`, `Expired`, `Revoked` | 401 | `Bearer error="invalid_token"` |
//!
//! A check that could not be made ([`Outcome::unavailable`]) is a 503 with `Retry-After` and no
//! challenge: the key may well be good.
//!
//! The header is marked sensitive, so that a `TraceLayer` further in does not print it, and a
//! [`Token`] does not print itself.
//!
//! # Cargo features
//!
//! - `axum`: the extractor [`Principal`]. Off by default; changes nothing else.

mod challenge;
mod cookie;
mod exempt;
mod guard;
mod judge;
#[cfg(feature = "keys")]
pub mod keys;
mod missing;
mod outcome;
mod parse;
#[cfg(feature = "axum")]
mod principal;
mod reason;
mod refusals;
mod require;
mod token;
mod verify;

pub use challenge::Challenge;
pub use cookie::SessionCookie;
pub use exempt::{Inbound, OnMissing, OnPreflight};
pub use guard::Bearer;
pub use missing::PRINCIPAL_MISSING;
pub use outcome::{Outcome, Unavailable, Verification};
pub use parse::OnDuplicate;
pub use portcullis_core::GuardLayer;
#[cfg(feature = "axum")]
pub use principal::Principal;
pub use reason::Reason;
pub use refusals::Refusals;
pub use require::{Permit, RequireScopes};
pub use token::Token;
pub use verify::{FromFn, Verify};
