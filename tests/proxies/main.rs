//! Behind real proxies each client is told apart, and nobody can pose as another.
//!
//! nginx and haproxy run on free loopback ports, with the configurations in `configs/`, in front of
//! a service with a limit per address. Clients call from 127.0.0.2 and 127.0.0.3; the proxies call
//! from 127.0.0.1, and are what the service trusts. Where one is not installed, what needs it is
//! skipped and says so; `PORTCULLIS_REQUIRE=nginx,haproxy` makes that a failure.

// Elsewhere 127.0.0.2 is no address of the machine unless somebody makes it one.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot reach its server has failed")]

mod chain;
mod dual_stack;
mod example;
mod folder;
mod forged;
mod forging;
mod proxy;
mod service;
mod unix_socket;
