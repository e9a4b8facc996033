use std::collections::BTreeSet;

use http::{HeaderMap, HeaderName, header::CONTENT_LENGTH};

use super::{Difference, own::Own, probe::Probe};
use crate::{
    answer::{Answer, Wire},
    shape,
};

/// What two answers are compared by.
pub(crate) struct Comparison<'a> {
    pub(crate) probe: &'a Probe,
    pub(crate) moving: &'a [HeaderName],
    pub(crate) own: &'a Own,
    /// How long the bodies are that these answers speak of, where they do not have them.
    pub(crate) lengths: Option<[usize; 2]>,
}

pub(crate) fn compare(
    comparison: &Comparison<'_>,
    foreign: &Answer,
    missing: &Answer,
) -> Vec<Difference> {
    let mut found = Found { comparison, all: Vec::new() };
    match (&foreign.wire, &missing.wire) {
        (Ok(foreign), Ok(missing)) => found.between(foreign, missing),
        _ => found.names("connection", &foreign.name(), &missing.name()),
    }
    let read = |has_read| if has_read { "asked for" } else { "not asked for" }.to_owned();
    found.note("request's body".to_owned(), read(foreign.has_read), read(missing.has_read));
    found.all
}

struct Found<'a> {
    comparison: &'a Comparison<'a>,
    all: Vec<Difference>,
}

impl Found<'_> {
    fn between(&mut self, foreign: &Wire, missing: &Wire) {
        self.note("status".to_owned(), foreign.status.to_string(), missing.status.to_string());
        let version = |wire: &Wire| format!("{:?}", wire.version);
        self.note("version".to_owned(), version(foreign), version(missing));
        self.maps("header", &foreign.headers, &missing.headers, |name| {
            name == CONTENT_LENGTH && self.comparison.are_lengths_of(foreign, missing)
        });
        let order = |headers: &HeaderMap| headers.keys().map(ToString::to_string).collect();
        let [foreigns, missings]: [Vec<String>; 2] =
            [order(&foreign.headers), order(&missing.headers)];
        if self.all.is_empty() {
            self.note("order of headers".to_owned(), foreigns.join(", "), missings.join(", "));
        }
        let framing = |wire: &Wire| wire.framing().to_owned();
        self.note("framing".to_owned(), framing(foreign), framing(missing));
        self.body(&foreign.body, &missing.body);
        self.note("end of body".to_owned(), foreign.end.to_string(), missing.end.to_string());
        self.maps("trailer", &foreign.trailers, &missing.trailers, |_| false);
    }

    fn maps(
        &mut self,
        kind: &str,
        foreign: &HeaderMap,
        missing: &HeaderMap,
        is_excused: impl Fn(&str) -> bool,
    ) {
        let Comparison { moving, own, .. } = self.comparison;
        let names: BTreeSet<_> =
            foreign.keys().chain(missing.keys()).map(HeaderName::as_str).collect();
        for name in names {
            let values = |headers: &HeaderMap| -> Vec<Vec<u8>> {
                headers.get_all(name).iter().map(|value| value.as_bytes().to_owned()).collect()
            };
            let (foreign, missing) = (values(foreign), values(missing));
            let moves = moving.iter().any(|moving| moving == name);
            let is_like = |one: &[u8], other: &[u8]| match moves {
                true => shape::is_same(one, other),
                false => own.is_same(one, other),
            };
            let are_alike = foreign.len() == missing.len()
                && foreign.iter().zip(&missing).all(|(one, other)| is_like(one, other));
            if !are_alike && !is_excused(name) {
                let [foreign, missing] = lists(&foreign, &missing);
                self.note(format!("{kind} {name}"), foreign, missing);
            }
        }
    }

    fn body(&mut self, foreign: &[u8], missing: &[u8]) {
        if !self.comparison.own.is_same(foreign, missing) {
            let at = first_difference(foreign, missing);
            self.note("body".to_owned(), excerpt(foreign, at), excerpt(missing, at));
        }
    }

    fn names(&mut self, field: &str, foreign: &str, missing: &str) {
        if !self.comparison.own.is_same(foreign.as_bytes(), missing.as_bytes()) {
            self.note(field.to_owned(), foreign.to_owned(), missing.to_owned());
        }
    }

    fn note(&mut self, field: String, foreign: String, missing: String) {
        if foreign != missing {
            let probe = self.comparison.probe.to_string();
            self.all.push(Difference::new(probe, field, foreign, missing));
        }
    }
}

impl Comparison<'_> {
    /// Whether each answer's `content-length` is no more than the length of its own body: of that of
    /// its `GET`, if it has none. Whether the bodies differ is seen by themselves.
    fn are_lengths_of(&self, foreign: &Wire, missing: &Wire) -> bool {
        let [foreigns, missings] = self.lengths.unwrap_or([foreign.body.len(), missing.body.len()]);
        let is_of = |wire: &Wire, length: usize| {
            let mut values = wire.headers.get_all(CONTENT_LENGTH).iter();
            values.next().is_some_and(|value| value.as_bytes() == length.to_string().as_bytes())
                && values.next().is_none()
        };
        is_of(foreign, foreigns) && is_of(missing, missings)
    }
}

/// The values of a header, each from about where it differs from the other's.
pub(crate) fn lists(foreign: &[Vec<u8>], missing: &[Vec<u8>]) -> [String; 2] {
    let list = |values: &[Vec<u8>], others: &[Vec<u8>]| {
        let texts = values.iter().enumerate().map(|(place, value)| {
            let other = others.get(place).map_or(&[][..], Vec::as_slice);
            excerpt(value, first_difference(value, other))
        });
        let texts: Vec<_> = texts.collect();
        if texts.is_empty() { "none".to_owned() } else { texts.join(" and ") }
    };
    [list(foreign, missing), list(missing, foreign)]
}

fn first_difference(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// How many bytes are shown of what is longer, and how many of them stand before the difference.
const SHOWN: usize = 200;
const SHOWN_BEFORE: usize = 60;

/// Bytes that can be told apart where they differ; of many those around that place, and how many
/// there are.
fn excerpt(bytes: &[u8], difference: usize) -> String {
    if bytes.len() <= SHOWN {
        return format!("\"{}\"", bytes.escape_ascii());
    }
    let from = difference.saturating_sub(SHOWN_BEFORE).min(bytes.len() - SHOWN);
    let shown = bytes[from..from + SHOWN].escape_ascii();
    format!("\"{shown}\" (from byte {from} of {})", bytes.len())
}
