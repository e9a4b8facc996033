//! What a request costs of a quota, by what its answers say is left.

use std::{collections::BTreeMap, fmt::Debug};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{MOST_LATE, probe::Probe};
use crate::{RequestBody, client::Client};

/// What is left, by the header that says it; of IETF's `RateLimit`, by policy.
pub(crate) type Left = BTreeMap<String, i64>;

const PLAIN: [&str; 3] = ["x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining"];

const IETF: &str = "ratelimit";

/// How often a difference must show. What a quota regains meanwhile, and what others spend of it,
/// makes differences too, but now of the one and now of the other.
const ROUNDS: usize = 32;

/// In which rounds the foreign one goes first, without a rhythm: a quota that gives one request back in
/// about the time that one takes may otherwise give it back to the same one each time.
const FOREIGN_FIRST: u32 = 0x9E37_79B9;

/// What is left, as these say it.
pub(crate) fn left(headers: &HeaderMap) -> Left {
    let mut left = Left::new();
    for name in PLAIN {
        if let Some(number) = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok())
        {
            left.insert(name.to_owned(), number);
        }
    }
    for value in headers.get_all(IETF).iter().filter_map(|value| value.to_str().ok()) {
        // `"burst";r=50;t=30, "daily";r=7`; in earlier drafts `limit=100, remaining=50`.
        for policy in value.split(',').map(str::trim) {
            let name = policy.split(';').next().filter(|name| !name.contains('=')).unwrap_or("");
            let number = policy.split(';').map(str::trim).find_map(|parameter| {
                let number = parameter.strip_prefix("r=").or(parameter.strip_prefix("remaining="));
                number?.parse().ok()
            });
            if let Some(number) = number {
                left.insert(format!("{IETF} {name}").trim_end().to_owned(), number);
            }
        }
    }
    left
}

/// Follows what is left from answer to answer.
#[derive(Default)]
pub(crate) struct Ledger {
    left: Left,
}

impl Ledger {
    /// What the request cost that was answered with these headers; nothing of what was not known
    /// before it.
    pub(crate) fn spend(&mut self, headers: Option<&HeaderMap>) -> Left {
        let now = headers.map(left).unwrap_or_default();
        let spent = now.iter().filter_map(|(name, now)| {
            let before = self.left.get(name)?;
            Some((name.clone(), before.saturating_sub(*now)))
        });
        let spent = spent.collect();
        self.left.extend(now);
        spent
    }
}

/// What in these costs may differ, and is to be looked into.
pub(crate) fn suspects<'a>(foreign: &'a Left, missing: &'a Left) -> impl Iterator<Item = &'a str> {
    let differs = |name: &String| missing.get(name).is_some_and(|cost| *cost != foreign[name]);
    foreign.keys().filter(move |name| differs(name)).map(String::as_str)
}

/// What a foreign and a missing one cost, if the one always costs more.
///
/// Two missing and two foreign ones are asked for, again and again, now these and now those first: after the second of each less is
/// left than after the first by what it costs. Where each path has a quota of its own the two still
/// come to the same as long as the costs are. Where it is full again each time nothing seems to be
/// spent, but then what is left stands still, and that is [looked at](super::steady) as well.
///
/// Answers that are late are counted, and none is waited for after the last.
pub(crate) async fn confirm<S, B>(
    client: &Client<S>,
    probe: &Probe,
    [foreign, missing]: [&Request<Bytes>; 2],
    name: &str,
    late: &mut usize,
) -> Option<[i64; 2]>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    let mut costs = [0, 0];
    let mut dearer = None;
    for round in 0..ROUNDS {
        let is_foreign_first = FOREIGN_FIRST >> round & 1 == 1;
        let [first, second] =
            if is_foreign_first { [foreign, missing] } else { [missing, foreign] };
        let mut found = [0; 4];
        for (found, request) in found.iter_mut().zip([first, first, second, second]) {
            let answer = client.ask(probe.dress(request)).await;
            *late += usize::from(answer.is_late());
            if *late >= MOST_LATE {
                return None;
            }
            *found = *left(&answer.wire.ok()?.headers).get(name)?;
        }
        let [first, second] = [[0, 1], [2, 3]].map(|[a, b]| found[a].saturating_sub(found[b]));
        costs = if is_foreign_first { [first, second] } else { [second, first] };
        let order = costs[0].cmp(&costs[1]);
        if order.is_eq() || *dearer.get_or_insert(order) != order {
            return None;
        }
    }
    Some(costs)
}
