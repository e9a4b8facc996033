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
//! # impl Database {
//! #     async fn account(&self, _: &str) -> Result<Option<Account>, std::io::Error> { Ok(None) }
//! # }
//! # let database = Database;
//! let bearer = Bearer::from_fn(move |token: &Token| {
//!     let (database, token) = (database.clone(), token.clone());
//!     Verification::later(async move { database.account(token.as_str()).await })
//! });
//! let layer = GuardLayer::new(bearer);
//! # let _ = layer;
//! ```
//!
//! Handlers take it with the extractor `Principal<Account>`, or as any extension.
//!
//! The same, with all that may be said otherwise:
//!
//! ```
//! use std::time::Duration;
//!
//! use portcullis_bearer::{
//!     Bearer, GuardLayer, Inbound, OnDuplicate, OnMissing, OnPreflight, Permit, Reason, Refusals,
//!     RequireScopes, SessionCookie,
//! };
//!
//! # #[derive(Clone)] struct Account { scopes: Vec<String>, is_session: bool }
//! # impl Account { fn may(&self, scope: &str) -> bool { self.scopes.iter().any(|it| it == scope) } }
//! # let [key, session] = [|_: &portcullis_bearer::Token| None::<Account>.into(); 2];
//! let refusals = Refusals::rfc6750()
//!     .with_realm("tickets")
//!     .with_message(Reason::Unknown, "Invalid API key");
//! let bearer = Bearer::from_fn(key)
//!     .with_refusals(refusals.clone())
//!     .with_timeout(Duration::from_secs(2))
//!     .with_max_length(1024)
//!     .with_inbound(Inbound::Remove)
//!     .on_duplicate(OnDuplicate::AllowIdentical)
//!     .on_missing(OnMissing::Anonymous)
//!     .on_preflight(OnPreflight::Verify)
//!     .exempt("/healthz")
//!     .or_cookie(SessionCookie::from_fn("__Host-session", session));
//!
//! // Behind it, for single routes:
//! let writers = RequireScopes::new(["tickets:write"], Account::may).with_refusals(&refusals);
//! let people = Permit::only(|account: &Account| account.is_session).with_refusals(&refusals);
//! # let _ = (GuardLayer::new(bearer), GuardLayer::new(writers), GuardLayer::new(people));
//! ```
//!
//! # What is accepted
//!
//! One `Authorization` header of the form `"Bearer" 1*SP b64token` (RFC 9110, section 11.4; RFC
//! 6750, section 2.1), the scheme in any case, white space at both ends ignored, and without it no
//! longer than 8 KiB. Everything else is refused for a [`Reason`] before [`Verify`] sees it. A second word, a
//! comma, a tab, a second header line are never guessed at, and one line has one reason over
//! HTTP/1.1 and HTTP/2, though only one of them trims it.
//!
//! # What is answered
//!
//! | [`Reason`] | status | `WWW-Authenticate` | message |
//! |---|---|---|---|
//! | `Missing` | 401 | `Bearer` | Missing bearer token |
//! | `OtherScheme` | 401 | `Bearer` | Authorization scheme is not Bearer |
//! | `Malformed` | 401 | `Bearer error="invalid_request"` | Malformed Authorization header |
//! | `Empty` | 401 | `Bearer error="invalid_request"` | Empty bearer token |
//! | `Duplicate` | 401 | `Bearer error="invalid_request"` | More than one Authorization header |
//! | `TooLong` | 401 | `Bearer error="invalid_request"` | Bearer token too long |
//! | `Unknown`, `Revoked` | 401 | `Bearer error="invalid_token"` | Invalid bearer token |
//! | `Expired` | 401 | `Bearer error="invalid_token"` | Bearer token expired |
//! | `InsufficientScope` | 403 | `Bearer error="insufficient_scope"` | Missing required scope: {scope} |
//! | `NotPermitted` | 403 | `Bearer error="insufficient_scope"` | These credentials are not permitted for this endpoint |
//!
//! [`Refusals`] changes any of it: it is a table, with presets for what RFC 6750 and FastAPI say, and
//! [`Refusals::map`] goes through all of it at once. [`RequireScopes`] and [`Permit`] are guards of
//! their own, and are told the same table.
//!
//! A check that could not be made is a 503 with `Retry-After` and no challenge, since the token may
//! well be good: a verifier that says so ([`Outcome::unavailable`]), fails, panics, or takes longer
//! than 5 seconds.
//!
//! A refusal carries its [`Reason`] in the response's extensions, for layers further out; a 503
//! carries none.
//!
//! # Where the token is not
//!
//! The header is marked sensitive, so that a `TraceLayer` further in does not print it, or removed
//! ([`Inbound`]). A [`Token`] does not print itself, its copies are overwritten when they are dropped,
//! and the cause of a failure that quotes it, percent-encoded or not, is withheld from the logs: not for
//! a token of less than 8 bytes, which is in any text. What your own verifier logs,
//! or panics with, is your own.
//!
//! # Cargo features
//!
//! - `axum`: the extractor `Principal`.
//! - `keys`: the module `keys`, opaque API keys: made, digested, looked up and cached.
//!
//! Both are off by default, add, and change nothing else.

mod challenge;
mod cookie;
mod exempt;
mod guard;
mod judge;
#[cfg(feature = "keys")]
pub mod keys;
mod lanes;
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
