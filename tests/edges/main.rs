//! Which crate may import which, and what every crate that others import must have.

#![expect(clippy::expect_used, reason = "a workspace that cannot be read has failed")]

mod boundaries;
mod features;
mod manifests;
mod workspace;
