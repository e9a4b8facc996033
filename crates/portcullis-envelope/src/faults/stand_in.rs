//! Values made up in the place of wrong or missing ones, so that the faults after them are found.
//!
//! They never leave this module's callers alive: where one was made up, a fault is in the book, and
//! the reading fails.

mod parts;

use std::cell::Cell;

use serde_core::de::{Deserialize, Deserializer, Visitor};

use self::parts::{MadeUpVariant, Parts};
use super::{Halt, Run, raw_value};

/// Deeper than this nothing is made up: a type may contain itself.
const DEPTH: usize = 12;

/// More attempts than this are not made for one value.
const ATTEMPTS: usize = 1_000;

/// What text may have to look like for a type to take it.
const TEXTS: [&str; 16] = [
    "",
    "a",
    "0",
    "1",
    "1s",
    "00:00:00",
    "2000-01-01T00:00:00Z",
    "2000-01-01T00:00:00",
    "2000-01-01T00:00:00+00:00[+00:00]",
    "2000-01-01",
    "00000000-0000-4000-8000-000000000000",
    "127.0.0.1",
    "::1",
    "127.0.0.1:80",
    "a@example.com",
    "http://example.com/",
];

/// A value of this type, if one can be made up.
pub(crate) fn stand_in<'de, T: Deserialize<'de>>(run: &Run) -> Result<T, Halt> {
    if run.is_over() {
        return Err(Halt::Recorded);
    }
    run.has_made_up();
    let attempts = Cell::new(ATTEMPTS);
    Maker { run, attempts: &attempts, depth: DEPTH }.make()
}

#[derive(Clone, Copy)]
struct Maker<'r> {
    run: &'r Run,
    attempts: &'r Cell<usize>,
    depth: usize,
}

impl<'r> Maker<'r> {
    /// Tries one flavour after the other, unless the value's parts have tried them all.
    fn make<'de, T: Deserialize<'de>>(self) -> Result<T, Halt> {
        for flavour in 0..TEXTS.len() {
            let is_composed = Cell::new(false);
            if let Ok(value) = T::deserialize(self.flavour(flavour, &is_composed)?) {
                return Ok(value);
            }
            if is_composed.get() {
                break;
            }
        }
        Err(Halt::Recorded)
    }

    fn flavour<'f>(self, flavour: usize, is_composed: &'f Cell<bool>) -> Result<StandIn<'f>, Halt>
    where
        'r: 'f,
    {
        let attempts = self.attempts.get();
        let depth = self.depth.checked_sub(1).ok_or(Halt::Recorded)?;
        if attempts == 0 || !self.run.spend() {
            return Err(Halt::Recorded);
        }
        self.attempts.set(attempts - 1);
        Ok(StandIn { maker: Maker { depth, ..self }, flavour, is_composed })
    }
}

/// Any value: the simplest of its type, or another flavour of it.
struct StandIn<'r> {
    maker: Maker<'r>,
    flavour: usize,
    is_composed: &'r Cell<bool>,
}

impl<'r> StandIn<'r> {
    fn parts(&self, count: usize) -> Parts<'r> {
        if count > 0 {
            self.is_composed.set(true);
        }
        Parts::of(self.maker, count)
    }

    fn deeper(self) -> Result<Self, Halt> {
        let depth = self.maker.depth.checked_sub(1).ok_or(Halt::Recorded)?;
        Ok(Self { maker: Maker { depth, ..self.maker }, ..self })
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty,)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
                visitor.$visit(self.flavour as $type)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for StandIn<'_> {
    type Error = Halt;

    numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
        deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.flavour {
            0 => visitor.visit_unit(),
            1 => visitor.visit_map(self.parts(0)),
            2 => visitor.visit_seq(self.parts(0)),
            3 => visitor.visit_u64(0),
            4 => visitor.visit_bool(false),
            5 => visitor.visit_borrowed_str(""),
            flavour => visitor.visit_borrowed_str(TEXTS[flavour]),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_bool(self.flavour % 2 == 1)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_char(if self.flavour == 0 { 'a' } else { '0' })
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_str(TEXTS[self.flavour])
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_borrowed_bytes(TEXTS[self.flavour].as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        if name == raw_value::TOKEN {
            return raw_value::make_up(visitor);
        }
        visitor.visit_newtype_struct(self.deeper()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        // Empty, or with one item for a type that wants some.
        visitor.visit_seq(self.parts(self.flavour.min(1)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        places: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_seq(self.parts(places))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        places: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_seq(self.parts(places))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_map(self.parts(0))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        // What derives reads a list of its fields, without a name's detour; others may want names.
        if self.flavour == 0 {
            return visitor.visit_seq(Parts::of(self.maker, fields.len()));
        }
        self.is_composed.set(true);
        visitor.visit_map(Parts::named(self.maker, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        let variant = variants.get(self.flavour).ok_or(Halt::Recorded)?;
        visitor.visit_enum(MadeUpVariant::new(self.maker, variant))
    }

    /// What follows a tag is read by it: made up, it would find faults that are none.
    fn deserialize_identifier<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Halt> {
        Err(Halt::Recorded)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }
}
