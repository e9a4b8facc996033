//! For the one service that the `portcullis` stack is, and for nobody else: it may change at any time.

pub use crate::mask::{Mask, Missing};
