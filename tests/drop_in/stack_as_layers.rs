//! The stack is one service. It answers as an envelope, the guards, a mask and a catch do around
//! each other, and asks no more of what is beneath it.

mod behaviours;
mod bodies;
mod client;
mod inner;
mod journal;
mod panics;
mod slots;

use std::{collections::BTreeSet, error::Error, time::Duration};

use http::Method;
use portcullis::Clock;

use self::{
    behaviours::Behaviour,
    client::Client,
    inner::{Inner, Readiness},
    journal::Journal,
    slots::Slots,
};

/// The keys of one client's requests, in a row: see [`slots::Tokens`].
const KEYS: [&str; 11] = [
    "known",
    "known-later",
    "unknown",
    "unknown-later",
    "panics",
    "panics-later",
    "",
    "known",
    "known",
    "known",
    "known-later",
];

/// What is beneath the stack: everything that a service can do, or one that is never ready.
fn inners() -> impl Iterator<Item = (Readiness, Behaviour)> {
    let behaviours = behaviours::ALL.map(|behaviour| (Readiness::Ready, behaviour));
    let [_, unready @ ..] = Readiness::ALL;
    behaviours.into_iter().chain(unready.map(|readiness| (readiness, behaviours::ALL[0])))
}

#[tokio::test]
async fn the_stack_answers_as_its_layers_do_around_each_other() -> Result<(), Box<dyn Error>> {
    let mut compared = 0;
    let mut statuses = BTreeSet::new();
    for slots in Slots::all() {
        for (readiness, behaviour) in inners() {
            let [of_stack, of_layers] = [Journal::default(), Journal::default()];
            let inner = |journal| Inner::new(readiness, behaviour, journal);
            // Both are told the same time, which goes on, so that no two refusals are alike.
            let (clock, hand) = Clock::manual();
            let mut stack = Client::of(slots.stack(inner(&of_stack), &of_stack, &clock));
            let mut layers = Client::of(slots.layers(inner(&of_layers), &of_layers, &clock));

            for (key, method) in
                KEYS.iter().flat_map(|key| [(key, Method::GET), (key, Method::HEAD)])
            {
                let seen = stack.ask(key, &method).await?;
                let cell = format!("{slots:?} {readiness:?} {} {key:?} {method}", behaviour.name);
                assert_eq!(seen, layers.ask(key, &method).await?, "{cell}");
                assert_eq!(of_stack.entries(), of_layers.entries(), "{cell}");
                hand.advance(Duration::from_secs(7));
                compared += 1;
                statuses.insert(seen.status());
            }
        }
    }
    assert_eq!(compared, 25_344, "36 stacks, 32 services, 22 requests");
    let all = [101, 200, 400, 401, 403, 404, 406, 409, 422, 429, 500, 503];
    assert_eq!(statuses, BTreeSet::from(all), "nothing is left out");
    Ok(())
}
