use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header::CONTENT_LENGTH};

use super::{own::Own, probe::Probe};
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

    /// What differs: `status`, `version`, `header etag`, `order of headers`, `framing`, `body`, `end
    /// of body`, `trailer x-sum`; `connection`, where an answer did not come; `request's body`, which
    /// was asked for in one case; or `cost by x-ratelimit-remaining`.
    pub fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn values(&self) -> [&str; 2] {
        [&self.foreign, &self.missing]
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
    /// The methods by which something was hidden.
    hidden_by: HashSet<Method>,
    answers: BTreeMap<String, usize>,
    /// Why it is not known whether two answers differ, and which were the first such.
    unproven: BTreeMap<String, (usize, String)>,
    not_asked: usize,
    /// Whether both requests were for one and the same.
    are_one: bool,
}

impl Differences {
    /// Whether they cannot be told apart, and that is proven: something was hidden, and every pair of
    /// answers came, whole, and not from a limit.
    pub fn is_empty(&self) -> bool {
        let is_proven = !self.hidden_by.is_empty() && self.unproven.is_empty() && !self.are_one;
        self.all.is_empty() && is_proven
    }

    /// Every difference, in the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Difference> {
        self.all.iter()
    }

    /// How many pairs of requests were sent.
    pub fn pairs(&self) -> usize {
        self.answers.values().sum()
    }

    pub(crate) fn is_hidden_by(&self, method: &Method) -> bool {
        self.hidden_by.contains(method)
    }

    pub(crate) fn extend(&mut self, differences: Vec<Difference>) {
        self.all.extend(differences);
    }

    /// Keeps what was answered for the missing one, and what of the two proves nothing.
    pub(crate) fn note(
        &mut self,
        probe: &Probe,
        is_hidden: bool,
        foreign: &Answer,
        missing: &Answer,
    ) {
        if is_hidden {
            self.hidden_by.insert(probe.method().clone());
        }
        *self.answers.entry(missing.name()).or_default() += 1;
        let is_limited = |answer: &Answer| answer.status() == Some(StatusCode::TOO_MANY_REQUESTS);
        let why = if is_limited(foreign) && is_limited(missing) {
            Some(LIMITED.to_owned())
        } else {
            foreign.open().and(missing.open()).map(|why| format!("{why}{OPEN}"))
        };
        if let Some(why) = why {
            self.unproven.entry(why).or_insert_with(|| (0, probe.to_string())).0 += 1;
        }
    }

    pub(crate) fn note_costs(&mut self, probe: &Probe, name: &str, costs: [i64; 2]) {
        let [foreign, missing] = costs.map(|cost| cost.to_string());
        let field = format!("cost by {name}");
        self.all.push(Difference { probe: probe.to_string(), field, foreign, missing });
    }

    /// Keeps whether both requests were the same.
    pub(crate) fn note_requests(&mut self, foreign: &Request<Bytes>, missing: &Request<Bytes>) {
        self.are_one = foreign.uri() == missing.uri()
            && foreign.headers() == missing.headers()
            && foreign.body() == missing.body();
    }

    /// Keeps how many pairs were not asked for any more.
    pub(crate) fn give_up(&mut self, pairs: usize) {
        self.not_asked = pairs;
    }
}

const LIMITED: &str = "refused by a limit (429), so that nobody was asked. Raise the limit for this \
                       test, or build the service anew for each request: \
                       `service_fn(|request| build().oneshot(request))`";

const OPEN: &str = ". Is it a stream? See `Oracle::with_timeout` and `Oracle::with_body_limit`";

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sections = Vec::new();
        if self.hidden_by.is_empty() {
            let answers: Vec<_> = self.answers.keys().map(String::as_str).collect();
            sections.push(format!(
                "nothing was answered 404, so nothing was hidden: what is missing got {}. Are the \
                 credentials and the path right?",
                answers.join(", ")
            ));
        }
        if self.are_one {
            sections.push("both requests are the same, so nothing was compared".to_owned());
        }
        for (why, (count, first)) in &self.unproven {
            let pairs = self.pairs();
            sections.push(format!("not proven for {count} of {pairs} pairs, {first} first: {why}"));
        }
        if self.not_asked > 0 {
            sections.push(format!("{} more pairs were not asked for", self.not_asked));
        }
        if !self.all.is_empty() {
            let mut text = "another tenant's resource can be told from a missing one".to_owned();
            for of_one_probe in self.all.chunk_by(|one, other| one.probe == other.probe) {
                text += &format!("\n  {}", of_one_probe[0].probe);
                for difference in of_one_probe {
                    text += &format!("\n    {difference}");
                }
            }
            sections.push(text);
        }
        f.write_str(&sections.join("\n"))
    }
}

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
            self.all.push(Difference { probe, field, foreign, missing });
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
