use std::{borrow::Cow, fmt};

use serde_core::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What a caller sent, read and not yet understood.
///
/// Unlike `serde_json::Value`, an object keeps the order of its members and the ones that it names
/// twice.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    Object(Vec<(Cow<'a, str>, Self)>),
    /// Text that may stand for any scalar: a path parameter, a header's line.
    Word(Cow<'a, str>),
    /// Every [`Node::Word`] that goes by one name, in their order.
    Words(Vec<Self>),
    /// The parameters of a path, which have names and an order.
    Params(Vec<(Cow<'a, str>, Self)>),
    /// Bytes that are no text.
    Opaque,
}

impl Node<'_> {
    /// Which node this is. The nodes of one tree stay where they are while it is read.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }

    /// Whether it is an object with this member.
    pub(crate) fn has(&self, key: &str) -> bool {
        match self {
            Self::Object(members) => members.iter().any(|(name, _)| name == key),
            _ => false,
        }
    }

    /// Whether it is an object.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Whether it is a list or an object.
    pub(crate) fn has_parts(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// The same as serde_json has it, unless it is larger than `budget`, in bytes, more or less.
    pub(crate) fn to_value(&self, budget: &mut usize) -> Option<Value> {
        const EACH: usize = 8;
        let text = match self {
            Self::Text(text) | Self::Word(text) => text.len(),
            Self::Object(members) => members.iter().map(|(key, _)| key.len()).sum(),
            _ => 0,
        };
        *budget = budget.checked_sub(text.saturating_add(EACH))?;
        Some(match self {
            Self::Null | Self::Opaque => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Unsigned(value) => Value::from(*value),
            Self::Signed(value) => Value::from(*value),
            Self::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
            Self::Text(text) | Self::Word(text) => Value::from(&**text),
            Self::Words(words) if words.len() == 1 => words[0].to_value(budget)?,
            Self::List(items) | Self::Words(items) => {
                let values: Option<Vec<_>> =
                    items.iter().map(|item| item.to_value(budget)).collect();
                Value::Array(values?)
            }
            Self::Object(members) | Self::Params(members) => {
                let mut object = Map::new();
                for (key, value) in members {
                    object.insert(key.to_string(), value.to_value(budget)?);
                }
                Value::Object(object)
            }
        })
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        Ok(Node::Object(members))
    }
}

/// A member's name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(Build)? {
            Node::Text(text) => Ok(Name(text)),
            _ => Err(serde_core::de::Error::custom("a name is text")),
        }
    }
}
