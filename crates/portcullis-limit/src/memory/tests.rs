use std::{
    fs,
    sync::{Barrier, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::{ManualClock, PolicyName, Quota, Standing};

fn at_rest(capacity: usize) -> (Memory, ManualClock) {
    let (clock, hand) = Clock::manual();
    (Memory::new().with_capacity(capacity).with_clock(clock), hand)
}

fn policy() -> PolicyName {
    PolicyName::new("address")
}

fn charge<'a>(policy: &'a PolicyName, key: &'a [u8], quota: &'a Quota) -> Charge<'a> {
    Charge::new(policy, key, quota, 1).unwrap()
}

fn decide(store: &Memory, charges: &[Charge<'_>]) -> Decision {
    match store.check(charges) {
        Answer::Now(decision) => decision.unwrap(),
        Answer::Later(_) => panic!("memory answers now"),
    }
}

#[test]
fn a_key_that_is_refused_outlives_a_flood_of_newcomers_to_its_set() {
    let (store, hand) = at_rest(8);
    let (policy, quota) = (policy(), Quota::per_second(1).burst(2));
    let spent = charge(&policy, b"spent", &quota);
    while decide(&store, &[spent]).is_admitted() {}
    for newcomer in 0_u32..10_000 {
        let key = newcomer.to_be_bytes();
        assert!(decide(&store, &[charge(&policy, &key, &quota)]).is_admitted());
        assert!(!decide(&store, &[spent]).is_admitted());
        hand.advance(Duration::from_nanos(1));
    }
    assert_eq!((store.overflows(), store.shared.table().len()), (0, 8));
}

#[test]
fn of_those_that_are_not_refused_the_one_closest_to_whole_makes_room_whatever_its_quota() {
    let (store, hand) = at_rest(8);
    let policy = policy();
    let (fast, slow) = (Quota::per_second(10), Quota::per_hour(1_000));
    // Seven that have spent a little of a slow quota, one that has spent all of a fast one.
    for key in 0_u8..7 {
        decide(&store, &[charge(&policy, &[key], &slow)]);
    }
    let fast_key = [7];
    while decide(&store, &[charge(&policy, &fast_key, &fast)]).is_admitted() {}
    // One second later the fast one is whole, and the slow ones miss 2.6 s.
    hand.advance(Duration::from_secs(1));
    decide(&store, &[charge(&policy, b"new", &slow)]);
    for key in 0_u8..7 {
        let kept = decide(&store, &[Charge::new(&policy, &[key], &slow, 0).unwrap()]);
        assert_eq!(kept.standings()[0].remaining(), 999, "key {key} is remembered");
    }
}

#[test]
fn places_are_all_there_are_and_a_charge_looks_at_one_set_of_them() {
    const CAPACITY: usize = 100_000;
    const ADDRESSES: u64 = 10_000_000;
    let store = Memory::new().with_capacity(CAPACITY);
    let (policy, quota) = (policy(), Quota::per_minute(60));
    let spent = charge(&policy, b"spent", &const { Quota::per_hour(1) });
    decide(&store, &[spent]);
    let visited = store.shared.table().visited.load(Ordering::Relaxed);

    // The machine's own noise included: the longest is told, not judged.
    let mut longest = Duration::ZERO;
    let mut resident = Vec::new();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for count in 0..ADDRESSES {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let key = random.to_be_bytes();
        let begun = Instant::now();
        let is_admitted = decide(&store, &[charge(&policy, &key, &quota)]).is_admitted();
        longest = longest.max(begun.elapsed());
        assert!(is_admitted);
        if count % (ADDRESSES / 10) == 0 {
            resident.push(resident_kib());
            assert!(store.shared.table().len() <= CAPACITY);
        }
    }

    let looked_at = store.shared.table().visited.load(Ordering::Relaxed) - visited;
    assert_eq!(looked_at, ADDRESSES, "one set a charge");
    assert!(!decide(&store, &[spent]).is_admitted(), "who was refused is refused");
    let (first, last) = (resident[1], resident[9]);
    println!("longest check {longest:?}; resident {first} KiB, then {last} KiB");
    assert!(last <= first + 4 * 1024, "{resident:?}");
    assert_eq!(store.capacity(), CAPACITY);
}

/// What this process holds in memory; other tests of it come and go.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4
}

#[test]
fn threads_that_share_one_key_are_admitted_exactly_its_burst() {
    let (store, _hand) = at_rest(1_024);
    let quota = Quota::per_hour(1_000);
    let admitted = admitted_by_64_threads(100, &|| {
        let policy = policy();
        decide(&store, &[charge(&policy, b"hot", &quota)]).is_admitted()
    });
    assert_eq!(admitted, 1_000);
}

#[test]
fn threads_that_share_two_policies_are_charged_for_both_or_none() {
    for _ in 0..20 {
        let (store, _hand) = at_rest(1_024);
        let (hourly, second) = (PolicyName::new("hourly"), PolicyName::new("second"));
        let per_hour =
            |cost| Charge::new(&hourly, b"hot", &const { Quota::per_hour(10) }, cost).unwrap();
        let per_second = charge(&second, b"hot", &const { Quota::per_second(1) });
        let admitted = admitted_by_64_threads(20, &|| {
            decide(&store, &[per_hour(1), per_second]).is_admitted()
        });
        assert_eq!(admitted, 1);
        assert_eq!(decide(&store, &[per_hour(0)]).standings()[0].remaining(), 9);
    }
}

/// How many of the checks of 64 threads are admitted, each of which makes this many.
fn admitted_by_64_threads(checks: usize, check: &(dyn Fn() -> bool + Sync)) -> usize {
    let begin = Barrier::new(64);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    begin.wait();
                    (0..checks).filter(|_| check()).count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

#[test]
fn policies_whose_keys_fall_into_one_set_do_not_take_each_others_place() {
    // Eight places are one set: everything falls into it.
    let (store, _hand) = at_rest(8);
    let names: Vec<_> = (0..6).map(|number| PolicyName::new(format!("policy {number}"))).collect();
    let charges: Vec<_> =
        names.iter().map(|name| charge(name, b"key", &const { Quota::per_hour(3) })).collect();
    for remaining in [2, 1, 0] {
        let decision = decide(&store, &charges);
        assert!(decision.is_admitted());
        assert!(decision.standings().iter().all(|it| it.remaining() == remaining));
    }
    assert!(!decide(&store, &charges).is_admitted());
    assert_eq!(store.shared.table().len(), 6);
}

#[test]
fn a_newcomer_never_takes_the_place_of_another_policys_key() {
    let (store, hand) = at_rest(8);
    let (slow, fast) = (PolicyName::new("slow"), PolicyName::new("fast"));
    let (hourly, second) = (Quota::per_hour(1), Quota::per_second(10));
    // Seven that are being refused, and the key's own under the fast policy: the only candidate.
    for key in 0_u8..7 {
        decide(&store, &[charge(&slow, &[key], &hourly)]);
    }
    decide(&store, &[charge(&fast, b"key", &second)]);
    let both = || [charge(&slow, b"key", &hourly), charge(&fast, b"key", &second)];
    for remaining in [8, 7, 6] {
        let decision = decide(&store, &both());
        assert_eq!(decision.standings()[1].remaining(), remaining);
    }
    assert_eq!(store.overflows(), 3);
    // Once one of the others is whole there is room for it.
    hand.advance(Duration::from_secs(3_600));
    assert!(decide(&store, &both()).is_admitted());
    assert!(!decide(&store, &both()).is_admitted());
}

#[test]
fn where_one_of_several_policies_has_no_room_all_are_admitted_or_none_is_charged() {
    let (hourly, wide) = (PolicyName::new("hourly"), PolicyName::new("wide"));
    let (one, nine) = (Quota::per_hour(1), Quota::per_hour(9));
    let both = [charge(&hourly, b"newcomer", &one), charge(&wide, b"newcomer", &nine)];
    let (clock, hand) = Clock::manual();
    for on_full in [OnFull::Admit, OnFull::Refuse] {
        let store = Memory::new().with_capacity(8).with_clock(clock.clone()).on_full(on_full);
        // Seven that are being refused, and the newcomer's own under the policy with room.
        for key in 0_u8..7 {
            decide(&store, &[charge(&hourly, &[key], &one)]);
        }
        decide(&store, &[both[1]]);
        for remaining in [7, 6] {
            match (on_full, decide(&store, &both)) {
                (OnFull::Admit, decision) => {
                    assert!(decision.is_admitted());
                    assert_eq!(decision.standings()[1].remaining(), remaining);
                }
                (OnFull::Refuse, decision) => {
                    let Decision::Full { retry_after } = decision else { panic!("{decision:?}") };
                    assert_eq!(retry_after, Duration::from_secs(3_600), "when there is room");
                    let kept =
                        decide(&store, &[Charge::new(&wide, b"newcomer", &nine, 0).unwrap()]);
                    assert_eq!(kept.standings()[0].remaining(), 8, "nothing was charged");
                }
            }
        }
        assert_eq!(store.overflows(), 2);
        hand.advance(Duration::from_secs(3_600));
        assert!(decide(&store, &both).is_admitted());
        assert!(!decide(&store, &both).is_admitted(), "it is remembered");
    }
}

#[test]
fn whoever_was_refused_several_at_once_is_remembered_until_its_quota_is_whole() {
    let (store, hand) = at_rest(8);
    let (policy, quota) = (policy(), Quota::per_second(1).burst(10));
    let batch = |cost| Charge::new(&policy, b"batch", &quota, cost).unwrap();
    let (hourly, daily) = (PolicyName::new("hourly"), Quota::per_hour(1));
    for key in 0_u8..7 {
        decide(&store, &[charge(&hourly, &[key], &daily)]);
    }
    assert!(decide(&store, &[batch(10)]).is_admitted());
    hand.advance(Duration::from_secs(1));
    assert!(!decide(&store, &[batch(10)]).is_admitted());
    decide(&store, &[charge(&policy, b"newcomer", &quota)]);
    assert!(!decide(&store, &[batch(10)]).is_admitted(), "it has nine seconds to wait");
}

#[test]
fn a_store_that_nobody_asks_takes_no_memory() {
    let store = Memory::new().with_capacity(usize::MAX / 64).on_full(OnFull::Refuse);
    assert!(store.capacity() > 1 << 50 && store.shared.table.get().is_none());
}

#[test]
fn every_store_hashes_by_secrets_of_its_own() {
    let [one, another] = [(); 2].map(|()| by_secrets());
    assert_eq!(one.hash_one(7_u8), one.clone().hash_one(7_u8));
    assert_ne!(one.hash_one(7_u8), another.hash_one(7_u8));
}

#[test]
fn debug_says_how_large_it_is_and_shows_no_key() {
    let (store, _hand) = at_rest(20);
    decide(&store, &[charge(&policy(), b"secret", &const { Quota::per_hour(3) })]);
    let shown = format!("{store:?}");
    assert_eq!(shown, "Memory { capacity: 16, on_full: Admit, overflows: 0, .. }");
}

#[test]
fn standings_stay_small() {
    assert!(size_of::<Standing>() <= 24);
    assert!(size_of::<Decision>() <= 72);
}
