use std::cell::Cell;

use serde_core::de::{Deserializer, Visitor};

use super::{
    Choice, Finding, Halt, Items, Members, Node, Place, Run, WordReader,
    number::{self, Bounds, integers},
    raw_value,
    run::Asked,
};

/// A path with one parameter is that parameter, to whoever asks for a scalar.
macro_rules! only_parameter {
    ($reader:expr, $read:ident($($argument:expr),*)) => {
        if let Node::Params(params) = $reader.node {
            let [(name, value)] = &**params else {
                return Err(Finding::parameters().into());
            };
            let place = $reader.place.member(name, 0);
            let asked = Cell::new(Asked::Plainly);
            let made_up = $reader.run.made_up();
            return Reader::new($reader.run, value, &place, &asked)
                .$read($($argument),*)
                .map_err(|halt| {
                    $reader.run.note(halt, value, &place, made_up);
                    Halt::Recorded
                });
        }
    };
}

/// Gives a node to the type that asks for it, and says what is wrong where the two do not match.
///
/// It takes what serde_json takes, with one exception: a struct does not come from a list.
pub(crate) struct Reader<'de, 'r> {
    run: &'r Run,
    node: &'de Node<'de>,
    place: &'r Place<'r>,
    asked: &'r Cell<Asked>,
}

impl<'de: 'r, 'r> Reader<'de, 'r> {
    pub(crate) fn new(
        run: &'r Run,
        node: &'de Node<'de>,
        place: &'r Place<'r>,
        asked: &'r Cell<Asked>,
    ) -> Self {
        Self { run, node, place, asked }
    }

    /// The one word that the node is, if it is made of words.
    fn word(&self) -> Option<Result<WordReader<'de>, Halt>> {
        match self.node {
            Node::Word(text) => Some(Ok(WordReader::new(text))),
            Node::Words(words) => match &**words {
                [Node::Word(text)] => Some(Ok(WordReader::new(text))),
                [Node::Opaque] => Some(Err(Finding::string_unicode().into())),
                _ => Some(Err(Finding::duplicate().into())),
            },
            Node::Opaque => Some(Err(Finding::string_unicode().into())),
            _ => None,
        }
    }

    fn integer<V: Visitor<'de>>(self, bounds: Bounds, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, integer(bounds, visitor));
        match *self.node {
            Node::Unsigned(number) => visitor.visit_u64(number),
            Node::Signed(number) => visitor.visit_i64(number),
            Node::Float(number) if !self.run.is_strict() && bounds.may_hold(number) => {
                self.run.doubt(Finding::int_type(), self.node, self.place);
                number::visit_like(number, visitor)
            }
            Node::Float(number) => visitor.visit_f64(number),
            _ => match self.word() {
                Some(word) => return word?.integer(bounds, visitor),
                None => return Err(number::not_integer(self.node).into()),
            },
        }
        .map_err(|halt| number::integer(halt, self.node, bounds))
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match *self.node {
            Node::Unsigned(number) => visitor.visit_u64(number),
            Node::Signed(number) => visitor.visit_i64(number),
            Node::Float(number) => visitor.visit_f64(number),
            _ => match self.word() {
                Some(word) => word?.deserialize_f64(visitor),
                None => Err(number::not_float(self.node).into()),
            },
        }
    }

    fn list<V: Visitor<'de>>(
        self,
        places: Option<usize>,
        otherwise: Finding,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        let items = match self.node {
            Node::List(items) | Node::Words(items) => items.len(),
            Node::Params(params) => params.len(),
            _ => return Err(otherwise.into()),
        };
        if let Some(places) = places
            && items > places
        {
            return Err(Finding::too_long(places, items).into());
        }
        self.every_item(visitor, places)
    }

    /// A list whose items the type all takes: what it leaves is no part of a valid value.
    fn every_item<V: Visitor<'de>>(
        &self,
        visitor: V,
        places: Option<usize>,
    ) -> Result<V::Value, Halt> {
        let mut items = Items::new(self.run, self.node, self.place, places);
        match visitor.visit_seq(&mut items) {
            Ok(value) if items.is_read() => Ok(value),
            Ok(_) => Err(Finding::value_error(None).into()),
            Err(Halt::Length) if items.may_lack_one() => {
                items.lacks_one();
                Err(Halt::Recorded)
            }
            Err(halt) => Err(halt),
        }
    }

    /// A map, or whatever takes an object as it is.
    fn map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        let mut members = Members::in_their_order(self.run, self.node, self.place);
        let outcome = visitor.visit_map(&mut members);
        members.finish(outcome)
    }
}

impl<'de: 'r, 'r> Deserializer<'de> for Reader<'de, 'r> {
    type Error = Halt;

    integers!();

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Unsigned(value) => visitor.visit_u64(*value),
            Node::Signed(value) => visitor.visit_i64(*value),
            Node::Float(value) => visitor.visit_f64(*value),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::Word(text) => visitor.visit_borrowed_str(text),
            Node::Words(words) if words.len() > 1 => self.every_item(visitor, None),
            Node::Words(_) | Node::Opaque => match self.word() {
                Some(word) => word?.deserialize_any(visitor),
                None => Err(Finding::value_error(None).into()),
            },
            Node::List(_) => self.every_item(visitor, None),
            Node::Object(_) | Node::Params(_) => self.map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_bool(visitor));
        match (self.node, self.word()) {
            (Node::Bool(value), _) => visitor.visit_bool(*value),
            (_, Some(word)) => word?.deserialize_bool(visitor),
            (node, None) => Err(number::not_bool(node).into()),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.word() {
            Some(word) => word?.deserialize_f32(visitor),
            None => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_f64(visitor));
        self.float(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_char(visitor));
        match (self.node, self.word()) {
            (Node::Text(text), _) => WordReader::new(text).deserialize_char(visitor),
            (_, Some(word)) => word?.deserialize_char(visitor),
            _ => Err(Finding::string_type().into()),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_str(visitor));
        match (self.node, self.word()) {
            (Node::Text(text), _) => visitor.visit_borrowed_str(text),
            (_, Some(word)) => word?.deserialize_str(visitor),
            _ => Err(Finding::string_type().into()),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_bytes(visitor));
        match (self.node, self.word()) {
            (Node::Text(text), _) => visitor.visit_borrowed_bytes(text.as_bytes()),
            (_, Some(word)) => word?.deserialize_bytes(visitor),
            _ => self.list(None, Finding::bytes_type(), visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Params(params) if params.is_empty() => visitor.visit_unit(),
            Node::Params(_) => Err(Finding::parameters().into()),
            _ => Err(Finding::none_required().into()),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        if name == raw_value::TOKEN {
            self.run.doubt(Finding::value_error(None), self.node, self.place);
            if self.run.is_strict() {
                return Err(Halt::Recorded);
            }
            return raw_value::make_up(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.list(None, Finding::list_type(), visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        places: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        if let Node::Params(params) = self.node
            && params.len() != places
        {
            return Err(Finding::parameters().into());
        }
        self.list(Some(places), Finding::tuple_type(), visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        places: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_tuple(places, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        match self.node {
            Node::Object(_) | Node::Params(_) => self.map(visitor),
            _ => Err(Finding::dict_type().into()),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        match self.node {
            Node::Object(_) | Node::Params(_) => {
                let mut members = Members::declared_as(fields, self.run, self.node, self.place);
                let outcome = visitor.visit_map(&mut members);
                members.finish(outcome)
            }
            _ => Err(Finding::model_attributes_type().into()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        only_parameter!(self, deserialize_enum(name, variants, visitor));
        match (self.node, self.word()) {
            (Node::Text(variant), _) => visitor.visit_enum(Choice::unit(self.run, variant)),
            (Node::Object(members), _) => match &**members {
                [(variant, content)] => {
                    visitor.visit_enum(Choice::with(self.run, variant, content, self.place))
                }
                _ => Err(Halt::Variant(variants)),
            },
            (_, Some(word)) => word?.deserialize_enum(name, variants, visitor),
            _ => Err(Halt::Variant(variants)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.asked.set(Asked::Tag);
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }
}
