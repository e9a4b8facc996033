//! Random histories, which a store and the model see alike.

use std::time::Duration;

use portcullis::limit::{Quota, Window};
use proptest::prelude::*;

use crate::{
    model::{Admitted, Expected},
    subject::{Account, Subject, decide},
};

/// Policies of one limit, and what is sent to it.
#[derive(Clone, Debug)]
pub(crate) struct History {
    quotas: Vec<Quota>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    /// Time goes by, in microseconds.
    Advance(u64),
    /// As long as the last refusal said.
    Obey,
    /// A microsecond less than that.
    Hurry,
    /// A request for which each policy counts this much.
    Send(Vec<u32>),
}

const NAMES: [&str; 3] = ["first", "second", "third"];

pub(crate) fn histories() -> impl Strategy<Value = History> {
    let quotas = prop::collection::vec(quota(), 1..=NAMES.len());
    let steps = prop::collection::vec(step(), 1..40);
    (quotas, steps).prop_map(|(quotas, steps)| History { quotas, steps })
}

fn quota() -> impl Strategy<Value = Quota> {
    let window = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Window::Epoch)),
        1 => Just(Some(Window::FirstRequest)),
    ];
    (1_u32..12, 100_u64..5_000_000, 1_u32..15, window).prop_map(|(count, micros, burst, window)| {
        let quota = Quota::per(count, Duration::from_micros(micros));
        match window {
            Some(window) => quota.in_windows(window),
            None => quota.burst(burst),
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0_u64..200_000).prop_map(Step::Advance),
        1 => (0_u64..20_000_000).prop_map(Step::Advance),
        2 => Just(Step::Obey),
        1 => Just(Step::Hurry),
        6 => prop::collection::vec(prop_oneof![3 => Just(1), 1 => 1_u32..6], NAMES.len())
            .prop_map(Step::Send),
    ]
}

/// Fails where the store decides otherwise than the model about this key.
pub(crate) async fn assert_agreed(subject: &impl Subject, history: &History, key: &str) {
    let epoch = subject.store().since_unix_epoch();
    let accounts: Vec<_> = (history.quotas.iter().zip(NAMES))
        .map(|(quota, name)| Account::new(name, key, *quota))
        .collect();
    let mut model: Vec<_> = history.quotas.iter().map(|quota| Admitted::new(*quota)).collect();
    let mut now = epoch.as_nanos() as i128;
    let mut told = Duration::ZERO;

    for step in &history.steps {
        let by = match step {
            Step::Advance(micros) => Duration::from_micros(*micros),
            Step::Obey => told,
            Step::Hurry => told.saturating_sub(Duration::from_micros(1)),
            Step::Send(_) => Duration::ZERO,
        };
        subject.advance(by);
        now += by.as_nanos() as i128;
        let Step::Send(costs) = step else { continue };

        let costs: Vec<_> = accounts
            .iter()
            .zip(costs)
            .map(|(account, cost)| (*cost).min(account.quota.limit()))
            .collect();
        let charges: Vec<_> =
            accounts.iter().zip(&costs).map(|(account, cost)| account.charge(*cost)).collect();
        let decision = decide(subject, &charges).await;

        let asked: Vec<_> =
            model.iter().zip(&costs).map(|(it, cost)| it.expect(now, i128::from(*cost))).collect();
        let is_admitted = asked.iter().all(|expected| expected.wait == 0);
        let expected: Vec<_> = (model.iter().zip(asked))
            // Nothing is charged where one refuses.
            .map(
                |(it, asked)| if is_admitted || asked.wait > 0 { asked } else { it.expect(now, 0) },
            )
            .collect();
        let seen: Vec<_> = (decision.standings().iter())
            .map(|it| Expected {
                remaining: it.remaining().into(),
                wait: it.retry_after().unwrap_or_default().as_nanos() as i128,
            })
            .collect();
        assert_eq!((decision.is_admitted(), seen), (is_admitted, expected), "{key} of {history:?}");

        let waits = decision.standings().iter().filter_map(|it| it.retry_after());
        told = waits.max().unwrap_or_default();
        if is_admitted {
            for (it, cost) in model.iter_mut().zip(&costs) {
                it.charge(now, i128::from(*cost));
            }
        }
    }
    model.iter().for_each(Admitted::assert_kept);
}
