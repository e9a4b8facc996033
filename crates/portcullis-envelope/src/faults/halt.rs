use std::fmt;

use serde_core::de::{Error, Expected, Unexpected};

use super::{Finding, blame::Clue};

/// Why a value could not be read, before it is known what that means at its place.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The fault is in the book already.
    Recorded,
    /// What is wrong with the value that was asked for.
    Found(Box<Finding>),
    /// The visitor takes no value of this type. What it expected comes from code.
    Type(Clue, String),
    /// The visitor takes the type, and not this value.
    Value(Clue, String),
    /// A list has fewer or more items than were expected.
    Length,
    /// The type's own rule says no. The text comes from the user's code and may repeat the input.
    Custom(String),
    /// No variant goes by that name; these do.
    Variant(&'static [&'static str]),
    /// A member that the type does not know.
    Unknown(String),
    /// A member that the type needs.
    Missing(&'static str),
    /// A member that came twice, or under two of its names.
    Duplicate(&'static str),
}

impl From<Finding> for Halt {
    fn from(finding: Finding) -> Self {
        Self::Found(Box::new(finding))
    }
}

impl Error for Halt {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type(unexpected.into(), expected.to_string())
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(unexpected.into(), expected.to_string())
    }

    fn invalid_length(_length: usize, _expected: &dyn Expected) -> Self {
        Self::Length
    }

    fn unknown_variant(_variant: &str, expected: &'static [&'static str]) -> Self {
        Self::Variant(expected)
    }

    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Duplicate(field)
    }
}

/// Serde asks for it; nobody sees it.
impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is not valid")
    }
}

impl std::error::Error for Halt {}
