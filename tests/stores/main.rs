//! What every store of a limit keeps, whichever engine is behind it.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says where")]

mod agreement;
mod contract;
mod engines;
mod history;
mod memory;
mod model;
mod retry_after;
mod subject;
