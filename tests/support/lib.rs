//! What the tests share: a service that existed before, the stack in front of it, and clients that
//! show what came over the wire.
//!
//! Time stands still until a test moves it, every server listens on a loopback port of its own, and
//! ends with the value that stands for it.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot reach its server has failed, and says where"
)]

mod accounts;
mod ask;
mod client;
mod engine;
mod example;
mod exchange;
mod invoices;
mod oneshot;
mod python;
mod raw;
mod require;
mod server;
mod stack;
mod wire;

pub use accounts::{ACME, Account, GLOBEX, Keys};
pub use ask::{Ask, ask, delete, get, head, post, put};
pub use client::{Client, Protocol};
pub use engine::{Engine, Kind, Monitor};
pub use example::Example;
pub use exchange::exchange;
pub use invoices::invoices;
pub use oneshot::oneshot;
pub use python::python_with;
pub use raw::Raw;
pub use require::skip_for_want_of;
pub use server::{Served, Server};
pub use stack::{Quotas, Stack, stack};
pub use wire::{Difference, Wire, assert_alike};
