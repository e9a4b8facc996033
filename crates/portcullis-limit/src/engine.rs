//! The decision, and the bounded memory that it is made on.

mod gcra;
mod table;

pub(crate) use self::{
    gcra::Decision,
    table::{DEFAULT_CAPACITY, Table},
};
