//! One limit over many replicas, through a real Redis and a real Valkey, in good times and in bad
//! ones.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod caller;
mod engine;
mod flood;
mod hostile;
#[path = "../envelopes/journal.rs"]
mod journal;
mod operators;
mod outages;
mod refunds;
mod runtimes;
mod swallow;
mod three;
mod tls;
