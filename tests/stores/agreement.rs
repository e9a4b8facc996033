//! The engine in memory and the script decide alike, to the microsecond, whatever happens.

use std::time::Duration;

use portcullis::limit::{Charge, Quota, Window};
use portcullis_tests::{Engine, Kind};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{
    engines::Shared,
    memory::InMemory,
    subject::{Account, Subject, decide},
};

/// What happens to a few accounts of one caller and one tenant.
#[derive(Clone, Debug)]
enum Event {
    /// Time goes by, in microseconds.
    Advance(u64),
    /// As long as the last refusal said, or so many microseconds more or less.
    Obey(i8),
    /// A request: for each account the quota by which it is asked, if it is charged, and its cost.
    Send([Option<(usize, u32)>; 3]),
    /// This is given back to an account, under this quota.
    Refund(usize, usize, u32),
    /// An account is forgotten.
    Reset(usize),
}

const ACCOUNTS: [(&str, &str); 3] = [("burst", "alice"), ("hourly", "alice"), ("daily", "acme")];

fn quotas() -> impl Strategy<Value = Vec<Quota>> {
    prop::collection::vec(prop_oneof![6 => usual(), 1 => extreme()], 1..4)
}

fn usual() -> impl Strategy<Value = Quota> {
    let window = prop_oneof![3 => Just(None), 1 => Just(Some(Window::Epoch)), 1 => Just(Some(Window::FirstRequest))];
    (1_u32..12, 100_u64..5_000_000, 1_u32..15, window).prop_map(|(count, micros, burst, window)| {
        let quota = Quota::per(count, Duration::from_micros(micros));
        match window {
            Some(window) => quota.in_windows(window),
            None => quota.burst(burst),
        }
    })
}

/// At the bounds of what a quota can be.
fn extreme() -> impl Strategy<Value = Quota> {
    let longest = (1_u64 << 62) / 1_000;
    let slow = (1..=longest).prop_map(|micros| Quota::per(1, Duration::from_micros(micros)));
    let longest = Just(Quota::per(1, Duration::from_micros(longest)));
    let fast = Just(Quota::per_second(1_000_000));
    let wide = (1_u32..=u32::MAX).prop_map(|burst| Quota::per_second(1_000).burst(burst));
    let many = (1_u32..=i32::MAX as u32).prop_map(|count| {
        Quota::per(count, Duration::from_secs(86_400)).in_windows(Window::FirstRequest)
    });
    prop_oneof![slow, longest, fast, wide, many]
}

fn event() -> impl Strategy<Value = Event> {
    let charge = || prop::option::weighted(0.7, (any::<usize>(), cost()));
    prop_oneof![
        2 => (0_u64..200_000).prop_map(Event::Advance),
        1 => (0_u64..20_000_000).prop_map(Event::Advance),
        2 => (-1_i8..=1).prop_map(Event::Obey),
        8 => [charge(), charge(), charge()].prop_map(Event::Send),
        1 => (0..ACCOUNTS.len(), any::<usize>(), cost()).prop_map(|(it, by, cost)| Event::Refund(it, by, cost)),
        1 => (0..ACCOUNTS.len()).prop_map(Event::Reset),
    ]
}

fn cost() -> impl Strategy<Value = u32> {
    prop_oneof![6 => Just(1), 3 => 1_u32..6, 1 => Just(0), 1 => Just(u32::MAX)]
}

/// Plays a history to both, under keys that nobody else has.
async fn assert_alike(script: &Shared, number: usize, quotas: &[Quota], events: &[Event]) {
    let memory = InMemory::new();
    memory.advance(script.since_unix_epoch());
    let accounts = ACCOUNTS.map(|(policy, key)| {
        Account::new(policy, &format!("{key}-{number}"), Quota::per_second(1))
    });
    let by = |account: &Account, quota: usize| account.with_quota(quotas[quota % quotas.len()]);
    let mut told = Duration::ZERO;
    for (place, event) in events.iter().enumerate() {
        let moved = match event {
            Event::Advance(micros) => Duration::from_micros(*micros),
            Event::Obey(more) => {
                let micros = told.as_micros() as i64 + i64::from(*more);
                Duration::from_micros(micros.max(0) as u64)
            }
            _ => Duration::ZERO,
        };
        // A minute at most, lest the time of all histories leave what it is counted in.
        let moved = moved.min(Duration::from_secs(60));
        memory.advance(moved);
        script.advance(moved);
        match event {
            Event::Advance(_) | Event::Obey(_) => {}
            Event::Send(charged) => {
                let charged: Vec<_> = accounts
                    .iter()
                    .zip(charged)
                    .filter_map(|(account, charge)| {
                        let (quota, cost) = (*charge)?;
                        let account = by(account, quota);
                        let cost = cost.min(account.quota.limit());
                        Some((account, cost))
                    })
                    .collect();
                if charged.is_empty() {
                    continue;
                }
                let charges: Vec<Charge<'_>> =
                    charged.iter().map(|(account, cost)| account.charge(*cost)).collect();
                let expected = decide(&memory, &charges).await;
                let decided = decide(script, &charges).await;
                assert_eq!(decided, expected, "{place} of {quotas:?} {events:?}");
                let waits = expected.standings().iter().filter_map(|it| it.retry_after());
                told = waits.max().unwrap_or_default();
            }
            Event::Refund(account, quota, cost) => {
                let account = by(&accounts[*account], *quota);
                let charge = [account.charge((*cost).min(account.quota.limit()))];
                for store in [memory.store(), script.store()] {
                    store.refund(&charge).wait().await.expect("the store answers");
                }
            }
            Event::Reset(account) => {
                let account = by(&accounts[*account], 0);
                for store in [memory.store(), script.store()] {
                    store.reset(&account.charge(0)).wait().await.expect("the store answers");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_script_and_the_engine_in_memory_agree_on_ten_thousand_random_histories() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let strategy = (quotas(), prop::collection::vec(event(), 1..30));
        let mut runner = TestRunner::default();
        let mut shares = Vec::new();
        for share in 0..4 {
            // What is known of a refusal says what was left then, and not what others took since.
            let script = Shared::asking_always(&engine, &format!("histories-{share}"));
            let histories: Vec<_> = (0..2_500)
                .map(|_| strategy.new_tree(&mut runner).expect("a history").current())
                .collect();
            shares.push(tokio::spawn(async move {
                for (number, (quotas, events)) in histories.iter().enumerate() {
                    assert_alike(&script, number, quotas, events).await;
                }
            }));
        }
        for share in shares {
            share.await.expect("they agree");
        }
    }
}
