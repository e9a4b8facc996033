use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// What a caller sent, read and not yet understood.
///
/// Unlike `serde_json::Value`, an object keeps the order of its members and the ones that it names
/// twice. A node is 24 bytes wide, on 64 bits, and a name as many more.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Box<[Self]>),
    Object(Box<[(Cow<'a, str>, Self)]>),
    /// Text that may stand for any scalar: a path parameter, a header's line.
    Word(Box<str>),
    /// Every [`Node::Word`] that goes by one name, in their order.
    Words(Box<[Self]>),
    /// The parameters of a path, which have names and an order.
    Params(Box<[(Cow<'a, str>, Self)]>),
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

    /// How many values it is made of, itself among them.
    pub(crate) fn values(&self) -> usize {
        match self {
            Self::List(items) | Self::Words(items) => items.iter().map(Self::values).sum(),
            Self::Object(members) | Self::Params(members) => {
                members.iter().map(|(_, value)| value.values()).sum()
            }
            _ => 0,
        }
        .saturating_add(1)
    }

    /// The same as serde_json has it, unless it is larger than `budget`, in bytes, more or less.
    pub(crate) fn to_value(&self, budget: &mut usize) -> Option<Value> {
        const EACH: usize = 8;
        let text = match self {
            Self::Text(text) => text.len(),
            Self::Word(text) => text.len(),
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
            Self::Text(text) => Value::from(&**text),
            Self::Word(text) => Value::from(&**text),
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
