//! Between the header and the principal nothing is guessed, leaked or lost.
//!
//! All that is logged while these tests run, at every level, and all that is answered, is searched
//! for the tokens that they send: see `secrecy`.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod challenges;
mod contracts;
mod failures;
mod headers;
mod keys;
mod policies;
mod principal;
mod secrecy;
mod service;
