//! Tokens that are JWTs are what their issuer signed, whatever becomes of its endpoint.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod endpoints;
mod flood;
mod provider;
mod secrecy;
mod service;
mod signer;
