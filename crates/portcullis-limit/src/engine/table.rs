use std::{
    cell::Cell,
    fmt,
    sync::{Mutex, PoisonError},
};

use super::{Decision, gcra};
use crate::Quota;

/// How many keys share a set: the most that one request ever looks at.
const WAYS: usize = 8;

/// How many keys a table has room for unless said otherwise, in twice as many places: 2.2 MB.
pub(crate) const DEFAULT_CAPACITY: usize = 65_536;

/// The theoretical arrival time of every key, in bounded memory.
///
/// Set-associative: a key's hash names its set, and within the set it takes any place. Where there
/// is none, the key that is closest to being full again makes room, so that a key which is being
/// refused goes last; if all of them are being refused, the newcomer is admitted and not remembered.
pub(crate) struct Table {
    sets: Box<[Mutex<Set>]>,
}

#[derive(Clone, Copy, Default)]
struct Set {
    /// The hash of each key; 0 where there is none.
    keys: [u64; WAYS],
    /// Its theoretical arrival time, in nanoseconds since the clock's epoch.
    arrivals: [u64; WAYS],
}

impl Table {
    /// A table with twice as many places as this: keys fall into sets unevenly, and half full there
    /// is room for nearly every one.
    pub(crate) fn new(capacity: usize) -> Self {
        let sets = (capacity.saturating_mul(2) / WAYS).max(1).next_power_of_two();
        Self { sets: (0..sets).map(|_| Mutex::default()).collect() }
    }

    /// How many keys there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.sets.len() * WAYS / 2
    }

    /// Charges one request to a key.
    pub(crate) fn charge(
        &self,
        hash: u64,
        quota: &Quota,
        rate: governor::Quota,
        now: u64,
    ) -> Decision {
        // The lowest bits name the set; 0 stands for nobody.
        let set = &self.sets[hash as usize & (self.sets.len() - 1)];
        let key = hash.max(1);
        // A set is consistent after every single store, so a panic in another thread harms nothing.
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);

        if let Some(way) = set.keys.iter().position(|held| *held == key) {
            let cell = Cell::new(Some(set.arrivals[way]));
            let decision = gcra::decide(rate, &cell, now);
            set.arrivals[way] = cell.get().unwrap_or(now);
            return decision;
        }

        let cell = Cell::new(None);
        let decision = gcra::decide(rate, &cell, now);
        let way = set.closest_to_full();
        let is_refusing = set.arrivals[way].saturating_sub(quota.tolerance_nanos()) > now;
        if !is_refusing {
            set.keys[way] = key;
            set.arrivals[way] = cell.get().unwrap_or(now);
        }
        decision
    }
}

impl Set {
    /// The way that nobody has, or whose key has to wait least until its quota is whole.
    fn closest_to_full(&self) -> usize {
        let mut closest = 0;
        for way in 1..WAYS {
            if self.arrivals[way] < self.arrivals[closest] {
                closest = way;
            }
        }
        closest
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("capacity", &self.capacity()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota::per_second(1).burst(2);
    const SECOND: u64 = 1_000_000_000;

    fn charge(table: &Table, key: u64, now: u64) -> Decision {
        table.charge(key, &QUOTA, QUOTA.governor(), now)
    }

    #[test]
    fn a_key_that_is_refused_outlives_a_flood_of_newcomers_to_its_set() {
        let table = Table::new(WAYS / 2);
        while matches!(charge(&table, 1, 0), Decision::Admitted { .. }) {}
        for newcomer in 2..10_000 {
            let decision = charge(&table, newcomer, newcomer);
            assert_eq!(decision, Decision::Admitted { remaining: 1 });
            assert!(matches!(charge(&table, 1, newcomer), Decision::Refused { .. }));
        }
    }

    #[test]
    fn a_newcomer_to_a_set_of_the_refused_is_admitted_and_they_stay_refused() {
        let table = Table::new(WAYS / 2);
        for key in 1..=WAYS as u64 {
            while matches!(charge(&table, key, 0), Decision::Admitted { .. }) {}
        }
        assert_eq!(charge(&table, 99, 0), Decision::Admitted { remaining: 1 });
        for key in 1..=WAYS as u64 {
            assert!(matches!(charge(&table, key, 0), Decision::Refused { .. }));
        }
        // One of them makes room as soon as it is no longer refused.
        assert_eq!(charge(&table, 99, SECOND), Decision::Admitted { remaining: 1 });
        assert_eq!(charge(&table, 99, SECOND), Decision::Admitted { remaining: 0 });
    }

    #[test]
    fn threads_that_share_a_key_are_admitted_exactly_its_burst() {
        let table = Table::new(DEFAULT_CAPACITY);
        let quota = Quota::per_hour(1_000);
        let rate = quota.governor();
        let admitted: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        (0..500)
                            .map(|_| table.charge(42, &quota, rate, 0))
                            .filter(|decision| matches!(decision, Decision::Admitted { .. }))
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 1_000);
    }
}
