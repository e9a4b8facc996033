use std::cell::Cell;

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess,
    Visitor, value::BorrowedStrDeserializer,
};

use super::Maker;
use crate::faults::Halt;

/// The parts of a value that is made up.
pub(super) struct Parts<'r> {
    maker: Maker<'r>,
    fields: std::slice::Iter<'static, &'static str>,
    left: usize,
}

impl<'r> Parts<'r> {
    /// This many, without names.
    pub(super) fn of(maker: Maker<'r>, count: usize) -> Self {
        Self { maker, fields: [].iter(), left: count }
    }

    /// One for each of these names.
    pub(super) fn named(maker: Maker<'r>, fields: &'static [&'static str]) -> Self {
        Self { maker, fields: fields.iter(), left: 0 }
    }
}

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Halt;

    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Halt> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.maker.make().map(Some)
    }

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Halt> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.maker.flavour(0, &Cell::new(false))?).map(Some)
    }
}

impl<'de> MapAccess<'de> for Parts<'_> {
    type Error = Halt;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Halt> {
        match self.fields.next() {
            Some(field) => seed.deserialize(BorrowedStrDeserializer::<Halt>::new(field)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value<T: Deserialize<'de>>(&mut self) -> Result<T, Halt> {
        self.maker.make()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        seed.deserialize(self.maker.flavour(0, &Cell::new(false))?)
    }
}

/// A variant of an enum that is made up.
pub(super) struct MadeUpVariant<'r> {
    variant: &'static str,
    maker: Maker<'r>,
}

impl<'r> MadeUpVariant<'r> {
    pub(super) fn new(maker: Maker<'r>, variant: &'static str) -> Self {
        Self { variant, maker }
    }
}

impl<'de> EnumAccess<'de> for MadeUpVariant<'_> {
    type Error = Halt;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Halt> {
        let variant = seed.deserialize(BorrowedStrDeserializer::<Halt>::new(self.variant))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for MadeUpVariant<'_> {
    type Error = Halt;

    fn unit_variant(self) -> Result<(), Halt> {
        Ok(())
    }

    fn newtype_variant<T: Deserialize<'de>>(self) -> Result<T, Halt> {
        self.maker.make()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Halt> {
        seed.deserialize(self.maker.flavour(0, &Cell::new(false))?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, places: usize, visitor: V) -> Result<V::Value, Halt> {
        self.maker.flavour(0, &Cell::new(false))?.deserialize_tuple(places, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.maker.flavour(0, &Cell::new(false))?.deserialize_struct("", fields, visitor)
    }
}
