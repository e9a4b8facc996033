//! JSON that is read in one way only.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// What the names begin with that serde_json's own types read as something else.
const PRIVATE: &str = "$serde_json::private::";

/// Reads an object. An array, which serde takes for a struct as well, is none, and neither is one
/// that names a member twice, at any depth: which of the two counts is what attackers choose. Nor is
/// one with a name of serde_json's own, whose text serde_json would parse anew.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return None;
    }
    serde_json::from_slice::<Unambiguous>(json).ok()?;
    serde_json::from_slice(json).ok()
}

/// Whether a member is there, whatever its value: `null` is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct IsThere(pub(crate) bool);

impl<'de> Deserialize<'de> for IsThere {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(json).map(|_| Self(true))
    }
}

/// Any JSON that names no member twice.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(Name(name)) = members.next_key()? {
            if name.starts_with(PRIVATE) {
                members.next_value::<Number>()?;
                continue;
            }
            if !names.insert(name) {
                return Err(Error::custom("a member comes twice"));
            }
            members.next_value::<Self>()?;
        }
        Ok(self)
    }
}

/// What serde_json makes of a number where something has switched `arbitrary_precision` on: a text
/// that it owns, which no text out of the JSON is.
struct Number;

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Self)
    }
}

impl Visitor<'_> for Number {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Err(E::custom("a name of serde_json's own"))
    }

    fn visit_string<E>(self, _: String) -> Result<Self, E> {
        Ok(self)
    }
}

/// A member's name, copied only where it has escapes.
#[derive(PartialEq, Eq, Hash)]
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        json.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::MapDeserializer;

    use super::*;

    #[test]
    fn a_member_that_comes_twice_makes_it_nothing_at_any_depth() {
        for (json, is_one) in [
            (r#"{}"#, true),
            (r#" {"a":1,"b":[{"a":1},{"a":1}],"c":{"a":null,"b":-1.5e3}}"#, true),
            (r#"{"a":1,"a":1}"#, false),
            (r#"{"a":1,"\u0061":1}"#, false),
            (r#"{"b":[true,{"c":{"a":1,"a":2}}]}"#, false),
            (r#"["a"]"#, false),
            (r#"null"#, false),
            (r#""#, false),
            (r#"{"a":1} {"#, false),
            (r#"{"a":1e999}"#, false),
        ] {
            assert_eq!(object::<serde_json::Value>(json.as_bytes()).is_some(), is_one, "{json}");
        }
    }

    #[test]
    fn a_name_of_serde_jsons_own_makes_it_nothing_at_any_depth() {
        for name in ["RawValue", "Number", "Datetime", "", "\\u0052awValue"] {
            for private in ["$serde_json::private::", "\\u0024serde_json::private::"] {
                for value in [r#""1""#, r#""\u0031""#, r#""""#, "1", "null", "{}"] {
                    let json = format!(r#"{{"a":[{{"{private}{name}":{value}}}]}}"#);
                    assert!(object::<serde_json::Value>(json.as_bytes()).is_none(), "{json}");
                }
            }
        }
        assert!(object::<serde_json::Value>(br#"{"$serde_json":"::private::"}"#).is_some());
    }

    /// As serde_json hands on a number with `arbitrary_precision`.
    #[test]
    fn a_number_of_any_precision_is_a_number() {
        let name = "$serde_json::private::Number".to_owned();
        let number = [(name, "1".to_owned())].into_iter();
        let number = MapDeserializer::<_, serde::de::value::Error>::new(number);
        assert!(Unambiguous::deserialize(number).is_ok());
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_and_not_followed() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(4_000), "]".repeat(4_000));
        assert!(object::<serde_json::Value>(deep.as_bytes()).is_none());
    }
}
