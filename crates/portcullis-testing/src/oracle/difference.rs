use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use http::{HeaderMap, HeaderName};

use super::probe::Probe;
use crate::{
    answer::{Answer, Wire},
    shape,
};

/// One field in which the answers for a foreign and a missing resource differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    probe: String,
    field: String,
    foreign: String,
    missing: String,
}

impl Difference {
    /// How both were asked for: `PUT with if-match: *`.
    pub fn probe(&self) -> &str {
        &self.probe
    }

    /// What differs: `status`, `header etag`, `order of headers`, `body`, `trailer x-sum`, or
    /// `connection`, where an answer did not come or was cut off.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { probe: _, field, foreign, missing } = self;
        write!(f, "{field}: {foreign} if it is another's, {missing} if it is missing")
    }
}

/// All that tells a foreign resource from a missing one; printed field by field.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    all: Vec<Difference>,
    has_hidden: bool,
    answers: BTreeMap<String, usize>,
}

impl Differences {
    /// Whether they cannot be told apart, and something was hidden at all.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.has_hidden
    }

    /// Every difference, in the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Difference> {
        self.all.iter()
    }

    /// How many pairs of requests were sent.
    pub fn pairs(&self) -> usize {
        self.answers.values().sum()
    }

    pub(crate) fn extend(&mut self, differences: Vec<Difference>) {
        self.all.extend(differences);
    }

    /// Keeps what was answered for the missing one.
    pub(crate) fn note(&mut self, is_hidden: bool, missing: &Answer) {
        self.has_hidden |= is_hidden;
        let name = match missing {
            Ok(wire) => wire.status.to_string(),
            Err(why) => why.clone(),
        };
        *self.answers.entry(name).or_default() += 1;
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.has_hidden {
            let answers: Vec<_> = self.answers.keys().map(String::as_str).collect();
            write!(
                f,
                "nothing was answered 404, so nothing was hidden: what is missing got {}. Are the \
                 credentials and the path right?",
                answers.join(", ")
            )?;
        }
        if self.all.is_empty() {
            return Ok(());
        }
        write!(f, "another tenant's resource can be told from a missing one")?;
        for of_one_probe in self.all.chunk_by(|one, other| one.probe == other.probe) {
            write!(f, "\n  {}", of_one_probe[0].probe)?;
            for difference in of_one_probe {
                write!(f, "\n    {difference}")?;
            }
        }
        Ok(())
    }
}

pub(crate) fn compare(
    probe: &Probe,
    moving: &[HeaderName],
    foreign: &Answer,
    missing: &Answer,
) -> Vec<Difference> {
    let mut found = Found { probe, all: Vec::new() };
    match (foreign, missing) {
        (Ok(foreign), Ok(missing)) => found.between(moving, foreign, missing),
        _ => found.note("connection".to_owned(), name(foreign), name(missing)),
    }
    found.all
}

fn name(answer: &Answer) -> String {
    answer.as_ref().map_or_else(Clone::clone, |wire| wire.status.to_string())
}

struct Found<'a> {
    probe: &'a Probe,
    all: Vec<Difference>,
}

impl Found<'_> {
    fn between(&mut self, moving: &[HeaderName], foreign: &Wire, missing: &Wire) {
        self.note("status".to_owned(), foreign.status.to_string(), missing.status.to_string());
        self.maps("header", moving, &foreign.headers, &missing.headers);
        let order = |headers: &HeaderMap| headers.keys().map(ToString::to_string).collect();
        let [foreigns, missings]: [Vec<String>; 2] =
            [order(&foreign.headers), order(&missing.headers)];
        if self.all.is_empty() {
            self.note("order of headers".to_owned(), foreigns.join(", "), missings.join(", "));
        }
        self.note("body".to_owned(), text(&foreign.body), text(&missing.body));
        self.maps("trailer", moving, &foreign.trailers, &missing.trailers);
    }

    fn maps(
        &mut self,
        kind: &str,
        moving: &[HeaderName],
        foreign: &HeaderMap,
        missing: &HeaderMap,
    ) {
        let names: BTreeSet<_> =
            foreign.keys().chain(missing.keys()).map(HeaderName::as_str).collect();
        for name in names {
            let values = |headers: &HeaderMap| -> Vec<Vec<u8>> {
                headers.get_all(name).iter().map(|value| value.as_bytes().to_owned()).collect()
            };
            let (foreign, missing) = (values(foreign), values(missing));
            let moves = moving.iter().any(|moving| moving == name);
            let is_of_one_shape = foreign.len() == missing.len()
                && foreign.iter().zip(&missing).all(|(one, other)| shape::is_same(one, other));
            if !(moves && is_of_one_shape) {
                self.note(format!("{kind} {name}"), list(&foreign), list(&missing));
            }
        }
    }

    fn note(&mut self, field: String, foreign: String, missing: String) {
        if foreign != missing {
            self.all.push(Difference { probe: self.probe.to_string(), field, foreign, missing });
        }
    }
}

/// Bytes that can be told apart where they differ.
fn text(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.escape_ascii())
}

fn list(values: &[Vec<u8>]) -> String {
    match values {
        [] => "none".to_owned(),
        values => values.iter().map(|value| text(value)).collect::<Vec<_>>().join(" and "),
    }
}
