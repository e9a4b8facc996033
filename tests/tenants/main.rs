//! Nothing tells another tenant's resource from one that does not exist.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod alarms;
mod hostile;
#[path = "../envelopes/journal.rs"]
mod journal;
mod natural;
mod oracle;
mod outside;
mod register;
mod things;
mod truth;
mod wire;
