use std::{
    borrow::Cow,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    mem::discriminant,
};

use serde_core::de::{Deserialize, DeserializeSeed};

use super::{Halt, WordReader, key::JsonKey, straight::Fields};

/// What was sent, which says how the names of members are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A JSON body: names as the type declares them, keys of maps as JSON writes numbers.
    Json,
    /// A query, a path, cookies: all of it is text, keys of maps too.
    Words,
    /// Headers: `x_request_id` is `x-request-id`.
    Headers,
}

impl Source {
    /// Where a member that goes by this name stands among those that a struct declares.
    pub(crate) fn position(self, fields: &Fields, name: &str) -> Option<usize> {
        match self {
            Self::Json | Self::Words => fields.position(name),
            Self::Headers => fields.names().iter().position(|field| is_header(field, name)),
        }
    }

    /// A declared name as the caller would have written it.
    pub(crate) fn spell(self, field: &str) -> String {
        match self {
            Self::Json | Self::Words => field.to_owned(),
            Self::Headers => field.replace('_', "-"),
        }
    }
}

fn is_header(field: &str, name: &str) -> bool {
    let spelled = field.bytes().map(|byte| if byte == b'_' { b'-' } else { byte });
    field.len() == name.len() && spelled.zip(name.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b))
}

/// A member's name, on its way to a type that reads it.
pub(crate) enum MemberName<'de> {
    Json(JsonKey<'de>),
    Word(WordReader<'de>),
}

impl<'de> MemberName<'de> {
    /// As a type declares it.
    pub(crate) fn declared(source: Source, name: &'de str) -> Self {
        match source {
            Source::Json => Self::Json(JsonKey::declared(name)),
            Source::Words | Source::Headers => Self::Word(WordReader::new(name)),
        }
    }

    /// As a caller wrote it.
    #[expect(clippy::ptr_arg, reason = "what is owned had escapes")]
    pub(crate) fn came(source: Source, name: &'de Cow<'_, str>) -> Self {
        match source {
            Source::Json => Self::Json(JsonKey::of(name)),
            Source::Words | Source::Headers => Self::Word(WordReader::new(name)),
        }
    }

    pub(crate) fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Halt> {
        match self {
            Self::Json(name) => seed.deserialize(name),
            Self::Word(name) => seed.deserialize(name),
        }
    }
}

/// Which variant a name is of the enum that a type reads its members' names as.
pub(crate) type Variant<'de> = fn(Source, &'de str) -> Option<u64>;

/// What serde derives reads a name as an enum, of which each member is a variant, whatever its
/// aliases, and all that it does not know are another. Of what is no enum, all names are alike.
pub(crate) fn variant<'de, K: Deserialize<'de>>(source: Source, name: &'de str) -> Option<u64> {
    let key = MemberName::declared(source, name).read(PhantomData::<K>).ok()?;
    let mut hasher = DefaultHasher::new();
    discriminant(&key).hash(&mut hasher);
    Some(hasher.finish())
}
