//! JWT

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
mod registered;
mod remote;
#[cfg(all(test, feature = "aws-lc-rs"))]
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
pub use jwt::{Jwt, NotReady};
