use serde_core::{
    de::{Deserializer, Visitor, value::BorrowedStrDeserializer},
    forward_to_deserialize_any,
};

use super::{
    Finding, Halt, Node,
    number::{self, Bounds, integers},
};

/// Reads text that stands for any scalar: a query's value, a path's parameter, a name in a query.
#[derive(Clone, Copy)]
pub(crate) struct WordReader<'de>(&'de str);

impl<'de> WordReader<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self(text)
    }

    pub(crate) fn integer<'v, V: Visitor<'v>>(
        self,
        bounds: Bounds,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        if let Ok(number) = self.0.parse::<u64>() {
            return visitor
                .visit_u64(number)
                .map_err(|halt| number::integer(halt, &Node::Unsigned(number), bounds));
        }
        if let Ok(number) = self.0.parse::<i64>() {
            return visitor
                .visit_i64(number)
                .map_err(|halt| number::integer(halt, &Node::Signed(number), bounds));
        }
        let digits = self.0.strip_prefix(['+', '-']).unwrap_or(self.0);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Finding::int_parsing().into());
        }
        match (self.0.parse::<u128>(), self.0.parse::<i128>()) {
            (Ok(number), _) if number <= bounds.greatest => visitor.visit_u128(number),
            (_, Ok(number)) if number < 0 && number >= bounds.least => visitor.visit_i128(number),
            _ if self.0.starts_with('-') => Err(Finding::at_least(bounds.least).into()),
            _ => Err(Finding::at_most(bounds.greatest).into()),
        }
    }

    fn float(self) -> Result<f64, Halt> {
        let number: f64 = self.0.parse().map_err(|_| Finding::float_parsing())?;
        if number.is_finite() { Ok(number) } else { Err(Finding::finite_number().into()) }
    }
}

impl<'de> Deserializer<'de> for WordReader<'de> {
    type Error = Halt;

    integers!();

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match number::bool_from(self.0) {
            Some(value) => visitor.visit_bool(value),
            None => Err(Finding::bool_parsing().into()),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        let number = self.float()?;
        // What is finite need not be so in half the width.
        if !(number as f32).is_finite() {
            return Err(Finding::finite_number().into());
        }
        visitor.visit_f64(number)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_str(self.0).map_err(|halt| match halt {
            Halt::Type(..) | Halt::Value(..) => Finding::one_character(self.0).into(),
            halt => halt,
        })
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_bytes(self.0.as_bytes())
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
        visitor.visit_enum(BorrowedStrDeserializer::new(self.0))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        str string unit unit_struct seq tuple tuple_struct map struct identifier
    }
}
