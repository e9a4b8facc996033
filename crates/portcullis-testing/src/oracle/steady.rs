//! Headers whose values change with each request, and the ones of two answers that did not.

use std::{collections::BTreeMap, fmt::Debug};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response, header::EXPIRES};
use http_body::Body;
use tower_service::Service;

use super::probe::Probe;
use crate::{RequestBody, answer::Answer, client::Client, shape};

type Values = Vec<Vec<u8>>;

/// What both have said in such a header.
struct Said {
    /// What a foreign and a missing one got last.
    last: [Values; 2],
    pairs: usize,
    has_moved: bool,
}

/// Follows headers that change from answer to answer.
#[derive(Default)]
pub(crate) struct Steady {
    said: BTreeMap<String, Said>,
}

/// A value that is shorter may be a count or a name, which an answer says for another reason.
const SHORTEST: usize = 8;

impl Steady {
    /// Takes two answers, and gives what a body may repeat of them: values that are long enough to be
    /// taken for no other word, and that do move.
    pub(crate) fn take(
        &mut self,
        moving: &[HeaderName],
        foreign: &Answer,
        missing: &Answer,
    ) -> Vec<[Vec<u8>; 2]> {
        let (Ok(foreign), Ok(missing)) = (&foreign.wire, &missing.wire) else { return Vec::new() };
        let mut repeatable = Vec::new();
        for name in moving {
            let now = [&foreign.headers, &missing.headers].map(|headers| values(headers, name));
            if now.iter().any(Vec::is_empty) {
                continue;
            }
            let (moves, pairs) = match self.said.get(name.as_str()) {
                Some(said) => (said.last != now, said.pairs),
                None => (false, 0),
            };
            if moves || pairs == 0 {
                let [foreign, missing] = &now;
                let pairs = foreign.iter().zip(missing);
                let pairs = pairs.filter(|(one, other)| one.len().min(other.len()) >= SHORTEST);
                repeatable.extend(pairs.map(|(one, other)| [one.clone(), other.clone()]));
            }
            let said = self.said.entry(name.as_str().to_owned()).or_insert_with(|| Said {
                last: Default::default(),
                pairs: 0,
                has_moved: false,
            });
            said.last = now;
            said.pairs += 1;
            said.has_moved |= moves;
        }
        repeatable
    }

    /// What stood still for both, among these headers, and was another value for each.
    pub(crate) fn suspects<'a>(
        &'a self,
        expected_to_move: &'a [HeaderName],
    ) -> impl Iterator<Item = (&'a HeaderName, &'a [Values; 2])> {
        expected_to_move.iter().filter_map(|name| {
            let Said { last, pairs, has_moved } = self.said.get(name.as_str())?;
            let [foreign, missing] = last;
            let is_same = foreign == missing || is_time(name) && are_near(foreign, missing);
            (*pairs > 1 && !has_moved && !is_same).then_some((name, last))
        })
    }
}

/// Whether each of two requests keeps its own values, in whichever order they are asked: where two
/// machines answer in turn, each of the two may always have met the same one.
pub(crate) async fn stands_still<S, B>(
    client: &Client<S>,
    probe: &Probe,
    requests: [&Request<Bytes>; 2],
    name: &HeaderName,
    expected: &[Values; 2],
) -> bool
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    for one in [1, 0, 0, 1] {
        let answer = client.ask(probe.dress(requests[one])).await;
        if !answer.wire.is_ok_and(|wire| values(&wire.headers, name) == expected[one]) {
            return false;
        }
    }
    true
}

fn values(headers: &HeaderMap, name: &HeaderName) -> Values {
    headers.get_all(name).iter().map(|value| value.as_bytes().to_owned()).collect()
}

/// When something is over may be a second later for what was first asked for a moment later.
fn is_time(name: &HeaderName) -> bool {
    *name == EXPIRES || name.as_str().ends_with("reset") || name.as_str() == "ratelimit"
}

fn are_near(one: &Values, other: &Values) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| shape::is_near(one, other))
}
