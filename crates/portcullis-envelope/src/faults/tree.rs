//! Builds the tree of a JSON body.

use std::{borrow::Cow, cell::Cell, fmt};

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};

use super::{Node, key::Name};

/// In the place of a number serde_json gives an object with this one member, where something that a
/// service depends on switches `arbitrary_precision` on: features unify.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Node<'de> {
    /// The text that comes next.
    pub(crate) fn text<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Build { is_number: None })
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build { is_number: None })
    }
}

struct Build<'n> {
    /// Where it is noted that what came was a number's digits. What a caller writes never comes as a
    /// `String` of its own, so that nobody can pretend.
    is_number: Option<&'n Cell<bool>>,
}

impl<'de> DeserializeSeed<'de> for Build<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Build<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Node<'de>, E> {
        let Some(is_number) = self.is_number else { return Ok(Node::Text(Cow::Owned(text))) };
        is_number.set(true);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Node::Float(number)),
            _ => Err(E::custom("number out of range")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            push(&mut items, item);
        }
        Ok(Node::List(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(key)) = map.next_key()? {
            if members.is_empty() && key == NUMBER {
                let is_number = Cell::new(false);
                let value = map.next_value_seed(Build { is_number: Some(&is_number) })?;
                if is_number.get() {
                    return Ok(value);
                }
                members.push((key, value));
                continue;
            }
            let value = map.next_value()?;
            push(&mut members, (key, value));
        }
        Ok(Node::Object(members.into()))
    }
}

/// Grows by half, where a `Vec` would double: a body's size in memory is bounded by its lists.
fn push<T>(all: &mut Vec<T>, one: T) {
    if all.len() == all.capacity() {
        all.reserve_exact(all.len() / 2 + 1);
    }
    all.push(one);
}
