use std::borrow::Cow;

use serde_core::{
    de::{Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor},
    forward_to_deserialize_any,
};

use super::{
    Finding, Halt, Node, WordReader,
    number::{Bounds, integers},
};

/// A member's name, borrowed where it has no escapes.
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Node::text(deserializer)? {
            Node::Text(text) => Ok(Name(text)),
            _ => Err(D::Error::custom("a name is text")),
        }
    }
}

/// Reads a member's name as serde_json reads it: numbers as JSON writes them, `true` and `false`.
pub(crate) struct JsonKey<'de> {
    name: Cow<'de, str>,
    /// Whether the caller wrote it without escapes: with them it is text, and no number.
    is_plain: bool,
}

impl<'de> JsonKey<'de> {
    /// A name as [`Name`] has it.
    pub(crate) fn new(name: Cow<'de, str>) -> Self {
        let is_plain = matches!(name, Cow::Borrowed(_));
        Self { name, is_plain }
    }

    /// The name of a tree's member.
    #[expect(clippy::ptr_arg, reason = "what is owned had escapes")]
    pub(crate) fn of(name: &'de Cow<'_, str>) -> Self {
        Self { name: Cow::Borrowed(name), is_plain: matches!(name, Cow::Borrowed(_)) }
    }

    /// A name that a type declares.
    pub(crate) fn declared(name: &'de str) -> Self {
        Self { name: Cow::Borrowed(name), is_plain: true }
    }

    fn integer<V: Visitor<'de>>(self, bounds: Bounds, visitor: V) -> Result<V::Value, Halt> {
        let digits = self.name.strip_prefix('-').unwrap_or(&self.name);
        // serde_json takes it for an integer where the type has 128 bits and a sign.
        let is_float = &*self.name == "-0" && bounds.least != i128::MIN;
        let is_integer = match digits.as_bytes() {
            [b'0'] => !is_float,
            [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        if !is_integer || !self.is_plain {
            return Err(Finding::int_parsing().into());
        }
        WordReader::new(&self.name).integer(bounds, visitor)
    }

    fn float<F: DeserializeOwned>(&self) -> Result<F, Halt> {
        let is_like_one =
            matches!(self.name.as_bytes(), [b'0'..=b'9' | b'-', .., b'0'..=b'9'] | [b'0'..=b'9']);
        match serde_json::from_str(&self.name) {
            Ok(number) if is_like_one && self.is_plain => Ok(number),
            _ => Err(Finding::float_parsing().into()),
        }
    }
}

impl<'de> Deserializer<'de> for JsonKey<'de> {
    type Error = Halt;

    integers!();

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_f32(self.float()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.name {
            Cow::Borrowed(name) => visitor.visit_borrowed_str(name),
            Cow::Owned(name) => visitor.visit_str(&name),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match &*self.name {
            "true" if self.is_plain => visitor.visit_bool(true),
            "false" if self.is_plain => visitor.visit_bool(false),
            _ => Err(Finding::bool_parsing().into()),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        let name = self.name.clone();
        self.deserialize_any(visitor).map_err(|halt| match halt {
            Halt::Type(..) | Halt::Value(..) => Finding::one_character(&name).into(),
            halt => halt,
        })
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.name {
            Cow::Borrowed(name) => visitor.visit_borrowed_bytes(name.as_bytes()),
            Cow::Owned(name) => visitor.visit_bytes(name.as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_enum(self.name.into_deserializer())
    }

    forward_to_deserialize_any! {
        str string unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
