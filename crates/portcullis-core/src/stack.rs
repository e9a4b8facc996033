//! For the other crates of the stack, and for nobody else: it may change at any time.

pub use crate::{
    guard::{Halt, Moment, Progress, Waiting, monotonic, nanoseconds, since_epoch},
    headers::give_headers,
    stamps::Stamps,
};
