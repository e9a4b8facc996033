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
        _ => found.bytes(
            "connection",
            foreign.name().as_bytes(),
            missing.name().as_bytes(),
            |name| String::from_utf8_lossy(name).into_owned(),
        ),
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
        self.bytes("body", &foreign.body, &missing.body, text);
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
                self.note(format!("{kind} {name}"), list(&foreign), list(&missing));
            }
        }
    }

    fn bytes(
        &mut self,
        field: &str,
        foreign: &[u8],
        missing: &[u8],
        show: impl Fn(&[u8]) -> String,
    ) {
        if !self.comparison.own.is_same(foreign, missing) {
            self.note(field.to_owned(), show(foreign), show(missing));
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
