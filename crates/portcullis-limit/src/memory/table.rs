use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use smallvec::SmallVec;

use super::{
    OnFull,
    set::{Set, WAYS},
};
use crate::{
    Clock, Decision, Quota, Standing, Standings,
    engine::{self, Cell},
};

/// The cells of all keys, in bounded memory.
///
/// Set-associative: a key's hash names its set, and within the set it takes any place.
pub(super) struct Table {
    sets: Box<[Mutex<Set>]>,
    /// How many sets were looked at.
    #[cfg(test)]
    pub(super) visited: std::sync::atomic::AtomicU64,
}

/// One charge, as the table sees it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    hash: u64,
    quota: &'a Quota,
    cost: u32,
}

pub(super) struct Outcome {
    pub(super) decision: Decision,
    /// How many newcomers had no room.
    pub(super) overflowed: u64,
}

/// What becomes of one entry if all are admitted.
struct Plan {
    /// Which of the locked sets.
    set: usize,
    /// Its place there; `None` where there is no room.
    way: Option<usize>,
    key: u64,
    standing: Standing,
    cell: Option<Cell>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(hash: u64, quota: &'a Quota, cost: u32) -> Self {
        Self { hash, quota, cost }
    }

    /// What stands for it in its set: 0 stands for nobody.
    fn key(&self) -> u64 {
        self.hash.max(1)
    }
}

impl Table {
    /// As many keys as a table of this capacity holds.
    pub(super) fn rounded(capacity: usize) -> usize {
        (capacity / WAYS).max(1) * WAYS
    }

    pub(super) fn new(capacity: usize) -> Self {
        Self {
            sets: (0..Self::rounded(capacity) / WAYS).map(|_| Mutex::default()).collect(),
            #[cfg(test)]
            visited: Default::default(),
        }
    }

    /// Charges one entry.
    pub(super) fn charge(&self, entry: &Entry<'_>, clock: &Clock, on_full: OnFull) -> Outcome {
        let now = clock.now();
        let mut set = self.lock(self.index(entry));
        let key = entry.key();
        let held = set.find(key);
        let cell = held.map(|way| set.cell(way));
        let (standing, charged) = engine::decide(cell, entry.quota, entry.cost, now, clock);

        let mut overflowed = 0;
        if let Some(cell) = charged {
            match held.or_else(|| set.room(now, |_| false)) {
                Some(way) => set.write(way, key, cell),
                None if on_full == OnFull::Refuse => return Outcome::full(set.room_in(now), 1),
                None => overflowed = 1,
            }
        }
        Outcome { decision: Decision::of(standing.into()), overflowed }
    }

    /// Charges all entries, or none.
    pub(super) fn charge_all(
        &self,
        entries: &[Entry<'_>],
        clock: &Clock,
        on_full: OnFull,
    ) -> Outcome {
        // Always in the order of their places, so that two decisions never wait for each other.
        let mut indices: SmallVec<[usize; 4]> =
            entries.iter().map(|entry| self.index(entry)).collect();
        indices.sort_unstable();
        indices.dedup();
        let now = clock.now();
        let mut sets: SmallVec<[MutexGuard<'_, Set>; 4]> =
            indices.iter().map(|index| self.lock(*index)).collect();

        let mut plans: SmallVec<[Plan; 4]> = entries
            .iter()
            .map(|entry| {
                let index = self.index(entry);
                let locked = indices.iter().position(|it| *it == index).unwrap_or(0);
                let (set, key) = (&sets[locked], entry.key());
                let way = set.find(key);
                let cell = way.map(|way| set.cell(way));
                let (standing, cell) = engine::decide(cell, entry.quota, entry.cost, now, clock);
                Plan { set: locked, way, key, standing, cell }
            })
            .collect();
        // Newcomers last, so that none takes the place of another policy's key.
        for place in 0..plans.len() {
            let set = plans[place].set;
            let is_taken = |way| plans.iter().any(|plan| plan.set == set && plan.way == Some(way));
            if plans[place].way.is_none() {
                plans[place].way = sets[set].room(now, is_taken);
            }
        }

        let standings: Standings = plans.iter().map(|plan| plan.standing).collect();
        if standings.iter().any(Standing::is_refusing) {
            // Nothing is charged: what would be left is what is left.
            let ask = |(entry, plan): (&Entry<'_>, &Plan)| {
                if plan.standing.is_refusing() {
                    return plan.standing;
                }
                let set = &sets[plan.set];
                let cell = set.find(plan.key).map(|way| set.cell(way));
                let (asked, _) = engine::decide(cell, entry.quota, 0, now, clock);
                Standing::from_nanos(asked.remaining, asked.whole_in, 0)
            };
            let standings = entries.iter().zip(&plans).map(ask).collect();
            for plan in plans.iter().filter(|plan| plan.standing.is_refusing()) {
                if let (Some(way), Some(cell)) = (plan.way, plan.cell) {
                    sets[plan.set].write(way, plan.key, cell);
                }
            }
            return Outcome { decision: Decision::Refused(standings), overflowed: 0 };
        }

        let no_room = plans.iter().filter(|plan| plan.cell.is_some() && plan.way.is_none());
        let overflowed = no_room.clone().count() as u64;
        if overflowed > 0 && on_full == OnFull::Refuse {
            let wait = no_room.map(|plan| sets[plan.set].room_in(now)).max().unwrap_or(0);
            return Outcome::full(wait, overflowed);
        }
        for plan in &plans {
            if let (Some(way), Some(cell)) = (plan.way, plan.cell) {
                sets[plan.set].write(way, plan.key, cell);
            }
        }
        Outcome { decision: Decision::Admitted(standings), overflowed }
    }

    /// Gives back what an entry cost.
    pub(super) fn refund(&self, entry: &Entry<'_>, now: u64) {
        let mut set = self.lock(self.index(entry));
        if let Some(way) = set.find(entry.key()) {
            let cell = engine::refund(set.cell(way), entry.cost, now);
            set.write(way, entry.key(), cell);
        }
    }

    /// Forgets a key.
    pub(super) fn reset(&self, entry: &Entry<'_>) {
        let mut set = self.lock(self.index(entry));
        if let Some(way) = set.find(entry.key()) {
            set.clear(way);
        }
    }

    /// Which set a hash names: the hash's upper bits, scaled to the number of sets.
    fn index(&self, entry: &Entry<'_>) -> usize {
        ((u128::from(entry.hash) * self.sets.len() as u128) >> 64) as usize
    }

    fn lock(&self, index: usize) -> MutexGuard<'_, Set> {
        #[cfg(test)]
        self.visited.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // A set is consistent after every single store, so a panic in another thread harms nothing.
        self.sets[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys it holds.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.sets.iter().map(|set| set.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}

impl Outcome {
    fn full(wait: u64, overflowed: u64) -> Self {
        let retry_after = Duration::from_nanos(wait.max(1));
        Self { decision: Decision::Full { retry_after }, overflowed }
    }
}
