//! Finds every fault in what a caller sent, not only the first.
//!
//! Serde stops at the first error. Here each value is read on its own: where one fails, its fault is
//! written down with its place, and a value that is made up takes its place, so that the type goes
//! on to the next member. Where a member is missing, the object is looked at again with one made up.
//! Nothing made up leaves: one fault, and the reading fails.
//!
//! A valid value pays for none of this: it is read once, strictly, and only what fails is looked at
//! for its faults. A valid body is read straight into its type; only one that fails becomes a tree.
//!
//! Second looks are paid with fuel, of which there is as much as the request has values. Where it is
//! spent, no more is looked for, and the faults that were found are the answer.

mod blame;
mod blank;
mod book;
mod choice;
mod finding;
mod halt;
mod items;
mod key;
mod learn;
mod look;
mod members;
mod node;
mod number;
mod place;
mod raw_value;
mod reader;
mod roll;
mod run;
mod source;
mod stand_in;
mod straight;
#[cfg(test)]
mod tests;
mod tree;
mod word;

use portcullis_core::Issue;
use serde_core::de::DeserializeOwned;

use self::{
    blank::Blank,
    choice::Choice,
    halt::Halt,
    items::Items,
    look::{look, look_once, look_or_make_up},
    members::Members,
    place::Place,
    reader::Reader,
    run::Run,
    stand_in::stand_in,
    word::WordReader,
};
pub(crate) use self::{
    book::MOST_FAULTS,
    finding::{Finding, WRONG_PARAMETERS},
    node::Node,
    source::Source,
};

/// What an issue may show of what the caller sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reveal {
    /// Whether issues keep the input.
    pub(crate) inputs: bool,
    /// Whether a type's own words on what is wrong are the issue's.
    pub(crate) reasons: bool,
}

/// Why there is no value.
#[derive(Debug)]
pub(crate) enum Refused {
    /// What came is no JSON.
    Malformed(serde_json::Error),
    /// It is, and it has these faults.
    Faulty(Vec<Issue>),
}

/// Reads a JSON body, or says everything that is wrong with it.
///
/// # Errors
///
/// As [`read`] has them, if it is JSON.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8], reveal: Reveal) -> Result<T, Refused> {
    if let Ok(value) = straight::read(body) {
        return Ok(value);
    }
    let node: Node<'_> = serde_json::from_slice(body).map_err(Refused::Malformed)?;
    read(&node, "body", Source::Json, reveal).map_err(Refused::Faulty)
}

/// Reads a value, or says everything that is wrong with it.
///
/// `part` is the part of the request that it is.
///
/// # Errors
///
/// At least one issue, at most 100, in the order of the types' declarations.
pub(crate) fn read<T: DeserializeOwned>(
    node: &Node<'_>,
    part: &'static str,
    source: Source,
    reveal: Reveal,
) -> Result<T, Vec<Issue>> {
    let place = Place::root(part);
    let strict = Run::strict(source);
    if let Ok(value) = look::<T>(&strict, node, &place)
        && !strict.is_refused()
    {
        return Ok(value);
    }
    let run = Run::new(node.values(), reveal, source);
    let value = look::<T>(&run, node, &place);
    let is_made_up = run.made_up() > 0;
    let issues = run.into_issues();
    match value {
        Ok(value) if issues.is_empty() && !is_made_up => Ok(value),
        _ if issues.is_empty() => Err(vec![Finding::value_error(None).into_issue().at(part)]),
        _ => Err(issues),
    }
}
