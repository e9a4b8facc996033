use serde_core::{
    de::{Deserializer, Visitor},
    forward_to_deserialize_any,
};

use super::Halt;

/// What is made up for who asks with a seed: nothing, which a buffer takes and a tag does not.
pub(crate) struct Blank;

impl<'de> Deserializer<'de> for Blank {
    type Error = Halt;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Halt> {
        Err(Halt::Recorded)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
