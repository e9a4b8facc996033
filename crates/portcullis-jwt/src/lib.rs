//! Bearer tokens that are JSON Web Tokens (RFC 7519), for
//! [`portcullis-bearer`](portcullis_bearer): algorithms that are pinned, keys that rotate, and an
//! identity provider that may fail.
//!
//! ```console
//! $ cargo add portcullis-jwt --features aws-lc-rs,client
//! $ cargo add portcullis-bearer serde --features serde/derive
//! ```
//!
//! ```
//! use portcullis_bearer::{Bearer, GuardLayer};
//! use portcullis_jwt::{Algorithm, Issuer, Jwks, Jwt};
//!
//! #[derive(serde::Deserialize)]
//! struct Account { sub: String }
//!
//! # #[cfg(all(feature = "aws-lc-rs", feature = "client"))]
//! # fn main() -> Result<(), portcullis_jwt::BuildError> {
//! let keys = Jwks::at("https://id.example.com/.well-known/jwks.json");
//! let issuer = Issuer::new("https://id.example.com", keys).with_algorithms([Algorithm::Es256]);
//! let jwt = Jwt::<Account>::builder()
//!     .with_issuer(issuer)
//!     .with_audience("https://api.example.com")
//!     .with_optional_nbf() // many providers send none
//!     .build()?;
//! let layer = GuardLayer::new(Bearer::new(jwt));
//! # let _ = layer;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "aws-lc-rs", feature = "client")))]
//! # fn main() {}
//! ```
//!
//! Handlers take [`Claims<Account>`](Claims), which is an `Account` and the token's scopes: with axum
//! as `Principal<Claims<Account>>`. What a refused caller reads, scopes of a route and all else is
//! the bearer's, and stays as it is: `RequireScopes::new(["read"], Claims::<Account>::may)`.
//! [`Jwt::ready`] waits for the keys before the first request is served. [`Jwt::builder`] shows all
//! that may be said otherwise.
//!
//! # What is accepted
//!
//! A token in compact form (RFC 7515, section 7.1), of 8 KiB at most, that
//!
//! - says in `alg` one of the issuer's algorithms, which are named when the layer is built,
//! - is signed with one of the issuer's keys that is for this algorithm: the one by the token's
//!   `kid`; where the token or the key has none, each of the first four that may be it,
//! - says the issuer's name in `iss`, this service in `aud`, an `exp` to come and an `nbf` that has,
//!   in whole seconds and to the second, unless a leeway is given. A claim that is missing is a
//!   refusal, unless it is said otherwise for that claim.
//!
//! It is refused where its header has `crit`, `b64`, or a key or a place of one (`jwk`, `jku`, `x5c`,
//! `x5u`), where header or claims name a member twice at any depth, and where base64url is padded or
//! has bits left over. An issuer's tokens are never tried with another's keys, a secret never with a
//! public key's algorithm, and a public key never as a secret.
//!
//! An expired token is [`Reason::Expired`](portcullis_bearer::Reason::Expired), once its signature is
//! seen to be right; every other that is refused is
//! [`Reason::Unknown`](portcullis_bearer::Reason::Unknown), and the log says why at the level
//! `debug`, without a word of the token.
//!
//! # Keys that rotate
//!
//! The keys of a [`Jwks`] are fetched by tasks of their own on tokio's runtime, one at a time. No
//! request whose key is known ever waits for them.
//!
//! | what happens | what becomes of it |
//! |---|---|
//! | 5 minutes have passed | the keys are fetched again, in the background |
//! | a token has a key that is not known | they are fetched, and it waits for that; with another such token 10 seconds after the fetch began, or sooner, no other fetch begins: it is a 401 |
//! | they cannot be fetched | those that are known serve on for a day; every 10 seconds it is tried again; a token with another key is a 503 with `Retry-After`, since it may be good |
//! | an answer takes longer than 3 seconds, is longer than 256 KiB, is no 200, or has no key that can be used | it could not be fetched |
//! | the runtime that fetches is not driven any more, or has no timer | requests on another see to it that keys are fetched when they are due, and no longer believed after a day |
//! | one key of the set is bad | it is skipped, the log says which and why, and the others are used |
//! | a key has left the set | what it signed is refused from then on, whatever is remembered; where it was the last that can be used, the set could not be fetched, and it serves on for a day: to revoke it, publish another |
//!
//! [`Jwks`] changes each of these numbers. `Client`, of the feature `client`, follows no redirect;
//! [`Fetch`] is for a client of your own.
//!
//! # What is remembered
//!
//! Tokens that were verified, 10,000 at most, each until its `exp` or until its issuer's keys change.
//! One that comes again costs a look-up, by a keyed hash and then byte by byte, and its claims are
//! shared. Nothing that was refused is remembered.
//!
//! A token is not its text: from an ES256 signature `(r, s)` anybody makes another, `(r, n - s)`, that
//! verifies as well. Limits, lists of what is revoked and checks for replay go by claims, `jti` or
//! `sub`, and not by the token or a digest of it.
//!
//! # What it costs
//!
//! Nanoseconds a token, each the median of one run on a busy machine; `cargo run --release -p
//! portcullis-bench --bin jwt-cost` measures them again:
//!
//! | | HS256 | ES256 | RS256 |
//! |---|---|---|---|
//! | `jsonwebtoken::decode`, all claims checked | 3,790 | 67,100 | 26,800 |
//! | verified | 4,290 | 65,100 | 26,900 |
//! | remembered | 167 | 180 | 244 |
//! | remembered, and all of a `Bearer` around it | 415 | 446 | 618 |
//! | refused for its signature | 2,190 | 64,400 | 24,400 |
//! | refused, since nobody has its key, within the cool-down | | 1,490 | 1,510 |
//!
//! # Cryptography
//!
//! Signatures are verified by AWS-LC, through jsonwebtoken, with the feature `aws-lc-rs`: it is C and
//! assembler, and takes a C compiler to build. jsonwebtoken's other backend is never built here: of
//! its RSA, the crate `rsa`, RUSTSEC-2023-0071 says that private-key operations leak through their
//! timing. There is none in verifying, but it would also bring a second SHA-2 and HMAC of other
//! versions into the tree. Whoever wants it, or one of their own, leaves `aws-lc-rs` off, installs it
//! for the process, and gets it with [`Backend::ProcessDefault`]. RSA keys have 2,048 to 8,192 bits.
//!
//! A backend that is missing is a [`BuildError`], when the layer is built; jsonwebtoken itself would
//! panic with the first token, where none of its backends is on, or both. With
//! [`Backend::ProcessDefault`] that panic is caught to say so, and so is tokio's where a runtime has
//! no timer: under `panic = "abort"` either ends the process instead. AWS-LC reads each key when it is
//! fetched, so that one that is none is skipped then; other backends may find out only when they
//! verify.
//!
//! # Cargo features
//!
//! - `aws-lc-rs`: AWS-LC verifies the signatures.
//! - `client`: `Client`, which fetches keys over HTTPS, with rustls and the platform's roots.
//!
//! Both are off by default, and `portcullis` turns both on with its feature `jwt`.

mod algorithm;
mod backend;
mod base64url;
mod believed;
mod build_error;
mod builder;
mod cache;
mod claims;
#[cfg(feature = "client")]
mod client;
mod fault;
mod fetch;
mod issuer;
mod json;
mod jwk;
mod jwks;
mod jws;
mod jwt;
mod key_set;
mod not_ready;
mod registered;
mod remote;
#[cfg(test)]
#[cfg(feature = "aws-lc-rs")]
mod tests;

pub use algorithm::Algorithm;
pub use backend::Backend;
pub use build_error::BuildError;
pub use builder::JwtBuilder;
pub use claims::Claims;
#[cfg(feature = "client")]
pub use client::Client;
pub use fetch::Fetch;
pub use issuer::{Issuer, IssuerKeys, KeySetText, Secret};
pub use jwks::Jwks;
pub use jwt::Jwt;
pub use not_ready::NotReady;
