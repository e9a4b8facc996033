//! What the targets have in common.

pub mod address;
