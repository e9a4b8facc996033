//! How issues are written, in the forms that several envelopes need.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use portcullis_core::{ApiError, Issue, Segment};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

/// Pairs, as an object in their own order.
pub(super) struct Object<I>(pub(super) I);

impl<'a, I> Serialize for Object<I>
where
    I: Iterator<Item = (&'a str, &'a serde_json::Value)> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}

/// `["body","items",1]`
pub(super) struct Location<'a>(pub(super) &'a [Segment]);

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Step))
    }
}

struct Step<'a>(&'a Segment);

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Segment::Index(index) => serializer.serialize_u64(*index as u64),
            Segment::Name(name) => serializer.serialize_str(name),
            // A step that core learns later reads as nothing in particular.
            _ => serializer.serialize_unit(),
        }
    }
}

/// `body.items.1`
pub(super) struct Dotted<'a>(pub(super) &'a [Segment]);

impl fmt::Display for Dotted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_char('.')?;
            }
            write_plain(f, segment)?;
        }
        Ok(())
    }
}

/// `#/items/1`: a JSON Pointer as a URI fragment (RFC 6901, section 6).
pub(super) struct Pointer<'a>(pub(super) &'a [Segment]);

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('#')?;
        for segment in self.0 {
            f.write_char('/')?;
            match segment {
                Segment::Name(name) => write_fragment(f, name)?,
                other => write_plain(f, other)?,
            }
        }
        Ok(())
    }
}

fn write_plain(f: &mut fmt::Formatter<'_>, segment: &Segment) -> fmt::Result {
    match segment {
        Segment::Name(name) => f.write_str(name),
        Segment::Index(index) => write!(f, "{index}"),
        _ => Ok(()),
    }
}

/// One reference token: `~` and `/` escaped, then what a fragment cannot have in per cent.
fn write_fragment(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    for byte in name.bytes() {
        match byte {
            b'~' => f.write_str("~0")?,
            b'/' => f.write_str("~1")?,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => f.write_char(char::from(byte))?,
            b'-' | b'.' | b'_' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b','
            | b';' | b'=' | b':' | b'@' | b'?' => f.write_char(char::from(byte))?,
            other => write!(f, "%{other:02X}")?,
        }
    }
    Ok(())
}

/// A location without the part of the request that it begins with. What is no JSON has a place in
/// the text, and none within the value.
pub(super) fn within(issue: &Issue) -> &[Segment] {
    match issue.kind() {
        "json_invalid" => &[],
        _ => issue.location().get(1..).unwrap_or_default(),
    }
}

/// The value that a location leads to. Where a member's own name is wrong, pydantic leads one step
/// further, and there is no such value.
pub(super) fn value(location: &[Segment]) -> &[Segment] {
    match location {
        // A member that a caller calls so has a name of its own, and no constant.
        [member @ .., Segment::Name(Cow::Borrowed("[key]"))] => member,
        _ => location,
    }
}

/// An error's members, into an object that has others, but for those by the names of these.
pub(super) fn serialize_members<M: SerializeMap>(
    object: &mut M,
    error: &ApiError,
    own: &[&str],
) -> Result<(), M::Error> {
    for (name, value) in error.members().filter(|(name, _)| !own.contains(name)) {
        object.serialize_entry(name, value)?;
    }
    Ok(())
}
