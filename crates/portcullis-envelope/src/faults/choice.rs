use std::cell::Cell;

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor,
    value::BorrowedStrDeserializer,
};

use super::{Finding, Halt, Node, Place, Reader, Run, look_once, look_or_make_up, run::Asked};

/// A variant's name, with its content where it has some: `"Point"` or `{"Circle": {"radius": 1}}`.
pub(crate) struct Choice<'de, 'r> {
    run: &'r Run,
    variant: &'de str,
    content: Option<(&'de Node<'de>, Place<'r>)>,
}

impl<'de, 'r> Choice<'de, 'r> {
    pub(crate) fn unit(run: &'r Run, variant: &'de str) -> Self {
        Self { run, variant, content: None }
    }

    pub(crate) fn with(
        run: &'r Run,
        variant: &'de str,
        content: &'de Node<'de>,
        place: &'r Place<'r>,
    ) -> Self
    where
        'de: 'r,
    {
        Self { run, variant, content: Some((content, place.member(variant, 0))) }
    }

    /// Reads the content, and writes its faults down where it stands.
    fn read<T>(
        self,
        otherwise: Finding,
        read: impl FnOnce(Reader<'de, '_>) -> Result<T, Halt>,
    ) -> Result<T, Halt> {
        let Some((content, place)) = self.content else { return Err(otherwise.into()) };
        let made_up = self.run.made_up();
        let asked = Cell::new(Asked::Plainly);
        read(Reader::new(self.run, content, &place, &asked)).map_err(|halt| {
            self.run.note(halt, content, &place, made_up);
            Halt::Recorded
        })
    }
}

impl<'de, 'r> EnumAccess<'de> for Choice<'de, 'r> {
    type Error = Halt;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Halt> {
        let variant = seed.deserialize(BorrowedStrDeserializer::<Halt>::new(self.variant))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de, '_> {
    type Error = Halt;

    fn unit_variant(self) -> Result<(), Halt> {
        match self.content {
            None => Ok(()),
            Some(_) => self.read(Finding::none_required(), |reader| <()>::deserialize(reader)),
        }
    }

    fn newtype_variant<T: Deserialize<'de>>(self) -> Result<T, Halt> {
        match &self.content {
            Some((content, place)) => look_or_make_up(self.run, content, place),
            None => Err(Finding::value_error(None).into()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Halt> {
        match &self.content {
            Some((content, place)) => look_once(seed, self.run, content, place),
            None => Err(Finding::value_error(None).into()),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, places: usize, visitor: V) -> Result<V::Value, Halt> {
        self.read(Finding::tuple_type(), |reader| reader.deserialize_tuple(places, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.read(Finding::model_attributes_type(), |reader| {
            reader.deserialize_struct("", fields, visitor)
        })
    }
}
