//! Stores of somebody else's.

use std::{error::Error, sync::Mutex};

use super::*;
use crate::{Answer, Charge, Decision, Memory, OnFull, Store, StoreError};

/// Asks a store in memory, after a turn of the executor.
struct Remote {
    memory: Memory,
    charged: Mutex<Vec<String>>,
}

impl Store for Remote {
    fn check(&self, charges: &[Charge<'_>]) -> Answer<Decision> {
        for charge in charges {
            let seen = format!("{charge:?}");
            self.charged.lock().unwrap().push(seen);
        }
        let answer = self.memory.check(charges);
        Answer::Later(Box::pin(async {
            tokio::task::yield_now().await;
            answer.wait().await
        }))
    }

    fn refund(&self, charges: &[Charge<'_>]) -> Answer<()> {
        self.memory.refund(charges)
    }

    fn reset(&self, charge: &Charge<'_>) -> Answer<()> {
        self.memory.reset(charge)
    }
}

async fn later(limit: &RateLimit, mut head: Parts) -> Result<Admission, ApiError> {
    match limit.check(&mut head) {
        Verdict::Later(decision) => decision.await,
        _ => panic!("a remote store answers later"),
    }
}

#[tokio::test]
async fn a_store_that_answers_later_is_waited_for_and_shown_no_key_in_debug() {
    let (clock, _hand) = Clock::manual();
    let charged = Mutex::default();
    let store = Arc::new(Remote { memory: Memory::new().with_clock(clock), charged });
    let limit = RateLimit::by(Quota::per_hour(2), |account: &Account| account.name)
        .and(Policy::by_address(Quota::per_hour(3)))
        .with_store(Arc::clone(&store));
    let mut seen = Vec::new();
    for name in ["alice", "alice", "alice", "bob", "bob"] {
        seen.push(later(&limit, of_account(name)).await.is_ok());
    }
    assert_eq!(seen, [true, true, false, true, false]);
    let charged = store.charged.lock().unwrap();
    assert_eq!(charged.len(), 10);
    assert!(charged[0].starts_with("Charge { policy: \"caller\", quota:"), "{}", charged[0]);
    assert!(!charged.iter().any(|charge| charge.contains("alice") || charge.contains("192")));
}

/// Never answers.
struct Broken;

impl Store for Broken {
    fn check(&self, _charges: &[Charge<'_>]) -> Answer<Decision> {
        let error = StoreError::new("connection reset by 10.1.2.3");
        Answer::Now(Err(error.with_retry_after(Duration::from_millis(2_500))))
    }

    fn refund(&self, _charges: &[Charge<'_>]) -> Answer<()> {
        Answer::Now(Err(StoreError::new("connection reset")))
    }

    fn reset(&self, _charge: &Charge<'_>) -> Answer<()> {
        Answer::Now(Err(StoreError::new("connection reset")))
    }
}

#[tokio::test]
async fn a_store_that_fails_is_a_503_that_says_when_to_come_back_and_keeps_the_cause() {
    let limit = RateLimit::by_address(Quota::per_hour(2)).with_store(Broken);
    let refusal = ask(&limit, from_client()).unwrap_err();
    assert_eq!(refusal.status().as_u16(), 503);
    assert_eq!(retry_after(&refusal), 3);
    assert_eq!(refusal.allowance(), None);
    assert!(!refusal.to_string().contains("10.1.2.3"));
    let cause = refusal.source().and_then(Error::source).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("connection reset by 10.1.2.3"));

    let partition = limit.partitions(&from_client()).unwrap().remove(0);
    assert!(partition.peek().await.is_err() && partition.reset().await.is_err());
    assert!(is_admitted(&limit.in_shadow(), from_client()), "a shadow breaks nothing");
}

#[test]
fn where_there_is_no_room_a_newcomer_passes_or_waits_as_the_store_was_told() {
    for (on_full, admitted) in [(OnFull::Admit, 100), (OnFull::Refuse, 8)] {
        let (clock, hand) = Clock::manual();
        let store = Memory::new().with_capacity(8).with_clock(clock).on_full(on_full);
        let limit = RateLimit::by_address(Quota::per_minute(1)).with_store(store.clone());
        let client = |number: u8| from_address(&format!("192.0.2.{number}:9"));
        let seen = (0..100).filter(|number| is_admitted(&limit, client(*number))).count();
        assert_eq!(seen, admitted);
        assert_eq!(store.overflows(), 92);
        if on_full == OnFull::Refuse {
            let refusal = ask(&limit, client(99)).unwrap_err();
            assert_eq!((refusal.status().as_u16(), retry_after(&refusal)), (503, 60));
        }
        assert!(!is_admitted(&limit, client(0)), "who is refused stays refused");
        hand.advance(Duration::from_secs(60));
        assert!(is_admitted(&limit, client(99)));
    }
}

#[test]
fn limits_that_share_a_store_share_what_they_call_the_same() {
    let store = Memory::new();
    let limit = |name| {
        let policy = Policy::by_address(Quota::per_hour(4)).named(name);
        RateLimit::new(policy).with_store(store.clone())
    };
    assert_eq!(admitted_of(&limit("api"), 10, from_client), 4);
    assert_eq!(admitted_of(&limit("api"), 10, from_client), 0);
    assert_eq!(admitted_of(&limit("sign-in"), 10, from_client), 4);
}
