//! serde_json's `RawValue`, which takes any JSON as text. It says what it is by a name of its own.
//!
//! A body that is valid is read straight, and serde_json hands its text on. What is read from a tree
//! has no text any more: there, and where one is missing, it is made up.

use serde_core::de::{Visitor, value::MapDeserializer};

use super::Halt;

/// The name by which it asks.
pub(crate) const TOKEN: &str = "$serde_json::private::RawValue";

/// `null`, in the place of whatever it was.
pub(crate) fn make_up<'de, V: Visitor<'de>>(visitor: V) -> Result<V::Value, Halt> {
    visitor.visit_map(MapDeserializer::new(std::iter::once((TOKEN, "null"))))
}
