use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use bytes::Bytes;
use http::{Method, Request};

use super::probe::Probe;
use crate::answer::Answer;

/// One field in which the answers for a foreign and a missing resource differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    probe: String,
    field: String,
    foreign: String,
    missing: String,
}

impl Difference {
    pub(crate) const fn new(
        probe: String,
        field: String,
        foreign: String,
        missing: String,
    ) -> Self {
        Self { probe, field, foreign, missing }
    }

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
    /// Whether what they ask for is of one digit.
    has_digit: bool,
    /// Whether a limit has refused one of two.
    is_half_limited: bool,
}

impl Differences {
    /// Whether they cannot be told apart, and that is proven: something was hidden, and every pair of
    /// answers came, whole, and not from a limit.
    pub fn is_empty(&self) -> bool {
        let is_whole = self.unproven.is_empty() && self.not_asked == 0;
        self.all.is_empty() && is_whole && !self.hidden_by.is_empty() && !self.are_one
    }

    /// Every difference, in the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Difference> {
        self.all.iter()
    }

    /// How many pairs of requests were sent.
    pub fn pairs(&self) -> usize {
        self.answers.values().sum()
    }

    pub(crate) fn has_hidden(&self) -> bool {
        !self.hidden_by.is_empty()
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
        self.is_half_limited |= foreign.is_limited() != missing.is_limited();
        let why = if foreign.is_limited() && missing.is_limited() {
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

    /// Keeps whether both requests were the same, or have ids of one digit.
    pub(crate) fn note_requests(
        &mut self,
        foreign: &Request<Bytes>,
        missing: &Request<Bytes>,
        has_digit: bool,
    ) {
        self.has_digit = has_digit;
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

const HALF_LIMITED: &str = "a limit has refused one of two, twice (429). If it is none of the \
                            resource's own, raise it for this test";

const DIGIT: &str = "an id of one digit is taken for no repetition of the request, since it may be a \
                     count: if an answer does repeat it, ask for longer ones";

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
            sections.push(format!(
                "{} more pairs were not asked for, as answers do not come to an end",
                self.not_asked
            ));
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
            let is_text = |it: &Difference| it.field == "body" || it.field.starts_with("header ");
            if self.has_digit && self.all.iter().any(is_text) {
                sections.push(DIGIT.to_owned());
            }
            if self.is_half_limited {
                sections.push(HALF_LIMITED.to_owned());
            }
        }
        f.write_str(&sections.join("\n"))
    }
}
