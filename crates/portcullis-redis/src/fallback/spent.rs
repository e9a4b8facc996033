//! What was spent without the engine, so that it is given back where it was spent.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use crate::{due::Due, time::micros};

/// How many cells share a set: the most that one look ever costs.
const WAYS: usize = 4;

/// 8,192 cells: 272 KiB, from the first outage on.
const SETS: usize = 2_048;

/// What the engine was not charged for requests that were admitted, of a bounded number of cells.
#[derive(Debug, Default)]
pub(super) struct Spent {
    sets: OnceLock<Box<[Set]>>,
    hash: RandomState,
}

type Set = Mutex<[Option<Entry>; WAYS]>;

#[derive(Clone, Copy, Debug)]
struct Entry {
    cell: u64,
    amount: Amount,
    /// When memory has forgotten it, in microseconds.
    ends_at: u64,
}

/// What requests cost, and what of that was counted here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) cost: u32,
    /// No more than the cost: a share is less than the quota, and some policies count nothing.
    pub(super) here: u32,
}

impl Spent {
    /// Remembers it for as long as it takes to come back by itself.
    pub(super) fn add(&self, due: &Due, here: u32, comes_back_in: Duration, now: u64) {
        let sets = self
            .sets
            .get_or_init(|| (0..SETS).map(|_| Mutex::default()).collect::<Vec<_>>().into());
        let cell = self.cell(due);
        let mut set = lock(sets, cell);
        let is_held = |way: &usize| set[*way].is_some_and(|entry| entry.cell == cell);
        // Who is forgotten soonest makes room.
        let ends_at = |way: &usize| set[*way].map_or(0, |entry| entry.ends_at);
        let way = (0..WAYS).find(is_held).or_else(|| (0..WAYS).min_by_key(ends_at));
        let Some(slot) = way.and_then(|way| set.get_mut(way)) else { return };
        let held = slot.filter(|entry| entry.cell == cell && entry.ends_at > now);
        let Amount { cost, here: before } = held.map(|entry| entry.amount).unwrap_or_default();
        let amount = Amount {
            cost: cost.saturating_add(due.cost),
            here: before.saturating_add(here.min(due.cost)),
        };
        *slot = Some(Entry { cell, amount, ends_at: now.saturating_add(micros(comes_back_in)) });
    }

    /// Takes away what this charge gives back, as far as it was spent without the engine.
    pub(super) fn take(&self, due: &Due, now: u64) -> Amount {
        let Some(sets) = self.sets.get() else { return Amount::default() };
        let cell = self.cell(due);
        let mut set = lock(sets, cell);
        let held = |slot: &&mut Option<Entry>| slot.is_some_and(|entry| entry.cell == cell);
        let Some(slot) = set.iter_mut().find(held) else { return Amount::default() };
        let Some(entry) = slot.filter(|entry| entry.ends_at > now) else {
            *slot = None;
            return Amount::default();
        };
        let (taken, left) = entry.amount.split(due.cost);
        *slot = (left.cost > 0).then_some(Entry { amount: left, ..entry });
        taken
    }

    pub(super) fn forget(&self, due: &Due) {
        let Some(sets) = self.sets.get() else { return };
        let cell = self.cell(due);
        for slot in &mut *lock(sets, cell) {
            if slot.is_some_and(|entry| entry.cell == cell) {
                *slot = None;
            }
        }
    }

    fn cell(&self, due: &Due) -> u64 {
        self.hash.hash_one((&due.policy, due.key))
    }
}

fn lock(sets: &[Set], cell: u64) -> MutexGuard<'_, [Option<Entry>; WAYS]> {
    sets[cell as usize % SETS].lock().unwrap_or_else(PoisonError::into_inner)
}

impl Amount {
    /// A part of at most this cost, and the rest. Parts that are taken one by one add up.
    fn split(self, cost: u32) -> (Self, Self) {
        let cost = cost.min(self.cost);
        let whole = u64::from(self.cost.max(1));
        // A part of it, so it fits.
        let here = (u64::from(self.here) * u64::from(cost) / whole) as u32;
        (Self { cost, here }, Self { cost: self.cost - cost, here: self.here - here })
    }
}

#[cfg(test)]
mod tests {
    use portcullis_limit::{PolicyName, Quota};

    use super::*;
    use crate::key::Digest;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn due(key: &str, cost: u32) -> Due {
        Due {
            policy: PolicyName::new("caller"),
            key: Digest::of(key.as_bytes()),
            quota: Quota::per_hour(100),
            cost,
            on_failure: None,
        }
    }

    #[test]
    fn what_was_spent_here_is_taken_once_and_the_rest_is_the_engines() {
        let spent = Spent::default();
        assert_eq!(spent.take(&due("alice", 5), 0), Amount::default());
        spent.add(&due("alice", 5), 2, HOUR, 0);
        assert_eq!(spent.take(&due("bob", 5), 1), Amount::default());
        let parts = [(); 6].map(|()| spent.take(&due("alice", 1), 1));
        assert_eq!(parts.map(|it| it.cost), [1, 1, 1, 1, 1, 0]);
        assert_eq!(parts.iter().map(|it| it.here).sum::<u32>(), 2);
        spent.add(&due("alice", 1), 1, HOUR, 0);
        assert_eq!(spent.take(&due("alice", 3), 1), Amount { cost: 1, here: 1 });
    }

    #[test]
    fn what_came_back_by_itself_is_forgotten_and_so_is_what_was_reset() {
        let spent = Spent::default();
        let hour = micros(HOUR);
        spent.add(&due("alice", 1), 1, HOUR, 0);
        assert_eq!(spent.take(&due("alice", 1), hour), Amount::default());
        spent.add(&due("alice", 1), 1, HOUR, 0);
        spent.add(&due("alice", 2), 2, HOUR, hour);
        assert_eq!(spent.take(&due("alice", 9), hour), Amount { cost: 2, here: 2 });
        spent.add(&due("alice", 1), 1, HOUR, 0);
        spent.forget(&due("alice", 0));
        assert_eq!(spent.take(&due("alice", 1), 1), Amount::default());
    }

    #[test]
    fn who_spends_under_any_number_of_keys_finds_no_more_room_than_there_is() {
        let spent = Spent::default();
        for number in 0..4 * WAYS * SETS {
            spent.add(&due(&number.to_string(), 1), 1, HOUR, number as u64);
        }
        let known = (0..4 * WAYS * SETS)
            .filter(|number| spent.take(&due(&number.to_string(), 1), 0).cost > 0)
            .count();
        assert!((WAYS * SETS / 2..=WAYS * SETS).contains(&known), "{known}");
    }
}
