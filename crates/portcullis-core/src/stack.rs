//! For the other crates of the stack, and for nobody else: it may change at any time.

pub use crate::{
    guard::{Halt, Progress, Waiting},
    stamps::Stamps,
};
