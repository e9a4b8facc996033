//! What four published contracts and a real FastAPI answer.
//!
//! - `fastapi`: the same service twice, in FastAPI and here, asked the same over real sockets.
//! - `golden`: every error response of the contracts' vectors, made by configuration.
//! - `services`: the examples that speak them, asked every vector over real sockets.
//! - `codes`: every code that a contract's page lists, with its status and its message.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod codes;
mod fastapi;
mod golden;
mod services;
