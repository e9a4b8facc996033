//! What every store of a limit keeps, whichever engine is behind it.

mod contract;
mod history;
mod memory;
mod model;
mod retry_after;
mod subject;
