use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use smallvec::SmallVec;

use super::{
    OnFull,
    set::{Held, Set, WAYS},
};
use crate::{
    Clock, Decision, Standing, Standings,
    engine::{self, Cell, Meter},
};

/// The cells of all keys, in bounded memory.
///
/// Set-associative: a key's hash names its set, and within the set it takes any place.
pub(super) struct Table {
    sets: Box<[Set]>,
    /// How many newcomers had no room.
    overflows: AtomicU64,
    /// How many sets were looked at.
    #[cfg(test)]
    pub(super) visited: AtomicU64,
}

/// One charge, as the table sees it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    place: Place,
    meter: &'a Meter,
    cost: u32,
}

/// Where a key is kept: a hash of it.
#[derive(Clone, Copy)]
pub(super) struct Place(u64);

/// There is no room for a newcomer for this long, in nanoseconds, and it is to be refused.
#[derive(Debug)]
pub(crate) struct Full(u64);

impl From<Full> for Decision {
    fn from(Full(wait): Full) -> Self {
        Self::Full { retry_after: Duration::from_nanos(wait.max(1)) }
    }
}

/// What becomes of one entry if all are admitted.
struct Plan {
    /// Which of the locked sets.
    set: usize,
    /// Its place there; `None` where there is no room.
    way: Option<usize>,
    tag: u32,
    standing: Standing,
    cell: Option<Cell>,
}

/// Whether a place of a set is one of these.
fn is_taken(plans: &[Plan], set: usize, way: usize) -> bool {
    plans.iter().any(|plan| plan.set == set && plan.way == Some(way))
}

impl<'a> Entry<'a> {
    #[inline]
    pub(super) fn new(place: Place, meter: &'a Meter, cost: u32) -> Self {
        Self { place, meter, cost }
    }
}

impl Place {
    #[inline]
    pub(super) fn new(hash: u64) -> Self {
        Self(hash)
    }

    /// What stands for it in its set: 0 stands for nobody.
    #[inline]
    fn tag(self) -> u32 {
        (self.0 as u32).max(1)
    }
}

impl Table {
    /// As many keys as a table of this capacity holds.
    pub(super) fn rounded(capacity: usize) -> usize {
        (capacity / WAYS).max(1) * WAYS
    }

    pub(super) fn new(capacity: usize) -> Self {
        Self {
            sets: (0..Self::rounded(capacity) / WAYS).map(|_| Set::default()).collect(),
            overflows: AtomicU64::new(0),
            #[cfg(test)]
            visited: Default::default(),
        }
    }

    /// Charges one entry.
    #[inline(always)]
    pub(super) fn charge(
        &self,
        entry: &Entry<'_>,
        now: u64,
        clock: &Clock,
        on_full: OnFull,
    ) -> Result<Standing, Full> {
        let Entry { place, meter, cost } = *entry;
        let set = self.set(self.index(place));
        if meter.quota().window().is_none() {
            let seen = set.see(place.tag());
            if let Some((way, cell)) = seen.found() {
                let (standing, charged) = engine::decide_by_rate(Some(cell), meter, cost, now);
                let Some(cell) = charged else { return Ok(standing) };
                if let Some(held) = set.hold_as(&seen) {
                    held.write(way, place.tag(), cell);
                    return Ok(standing);
                }
            }
        }
        self.charge_in_turn(set.hold(), entry, now, clock, on_full)
    }

    /// Charges a newcomer, one that is counted in windows, or one whom somebody was faster than: while
    /// nobody else writes to the set.
    #[inline(never)]
    fn charge_in_turn(
        &self,
        set: Held<'_>,
        entry: &Entry<'_>,
        now: u64,
        clock: &Clock,
        on_full: OnFull,
    ) -> Result<Standing, Full> {
        let Entry { place, meter, cost } = *entry;
        let tag = place.tag();
        let held = set.find(tag);
        let cell = held.map(|way| set.cell(way));
        let (standing, charged) = engine::decide(cell, meter, cost, now, clock);
        if let Some(cell) = charged {
            match held.or_else(|| set.room(now, |_| false)) {
                Some(way) => set.write(way, tag, cell),
                None => {
                    let wait = set.room_in(now, |_| false);
                    drop(set);
                    self.overflow(1, on_full, wait)?;
                }
            }
        }
        Ok(standing)
    }

    /// Charges all entries, or none.
    pub(super) fn charge_all(
        &self,
        entries: &[Entry<'_>],
        clock: &Clock,
        on_full: OnFull,
    ) -> Result<Decision, Full> {
        // Always in the order of their places, so that two decisions never wait for each other.
        let mut indices: SmallVec<[usize; 4]> =
            entries.iter().map(|entry| self.index(entry.place)).collect();
        indices.sort_unstable();
        indices.dedup();
        let now = clock.now();
        let sets: SmallVec<[Held<'_>; 4]> =
            indices.iter().map(|index| self.set(*index).hold()).collect();

        let mut plans: SmallVec<[Plan; 4]> = entries
            .iter()
            .map(|entry| {
                let index = self.index(entry.place);
                let locked = indices.iter().position(|it| *it == index).unwrap_or(0);
                let (set, tag) = (&sets[locked], entry.place.tag());
                let way = set.find(tag);
                let cell = way.map(|way| set.cell(way));
                let (standing, cell) = engine::decide(cell, entry.meter, entry.cost, now, clock);
                Plan { set: locked, way, tag, standing, cell }
            })
            .collect();
        // Newcomers last, so that none takes the place of another policy's key.
        for place in 0..plans.len() {
            let set = plans[place].set;
            if plans[place].way.is_none() {
                plans[place].way = sets[set].room(now, |way| is_taken(&plans, set, way));
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
                let cell = set.find(plan.tag).map(|way| set.cell(way));
                let (asked, _) = engine::decide(cell, entry.meter, 0, now, clock);
                Standing::from_nanos(asked.remaining, asked.whole_in, 0)
            };
            let standings = entries.iter().zip(&plans).map(ask).collect();
            for plan in plans.iter().filter(|plan| plan.standing.is_refusing()) {
                if let (Some(way), Some(cell)) = (plan.way, plan.cell) {
                    sets[plan.set].write(way, plan.tag, cell);
                }
            }
            return Ok(Decision::Refused(standings));
        }

        let no_room = plans.iter().filter(|plan| plan.cell.is_some() && plan.way.is_none());
        let overflowed = no_room.clone().count() as u64;
        // A place of another policy's key never makes room for this one, so it is not waited for.
        let room_in =
            |Plan { set, .. }: &Plan| sets[*set].room_in(now, |way| is_taken(&plans, *set, way));
        let wait = no_room.map(room_in).max().unwrap_or(0);
        if overflowed == 0 || on_full == OnFull::Admit {
            for plan in &plans {
                if let (Some(way), Some(cell)) = (plan.way, plan.cell) {
                    sets[plan.set].write(way, plan.tag, cell);
                }
            }
        }
        drop(sets);
        if overflowed > 0 {
            self.overflow(overflowed, on_full, wait)?;
        }
        Ok(Decision::Admitted(standings))
    }

    /// Gives back what a request cost.
    pub(super) fn refund(&self, place: Place, cost: u32, now: u64) {
        let set = self.set(self.index(place)).hold();
        if let Some(way) = set.find(place.tag()) {
            let cell = engine::refund(set.cell(way), cost, now);
            set.write(way, place.tag(), cell);
        }
    }

    /// Forgets a key.
    pub(super) fn reset(&self, place: Place) {
        let set = self.set(self.index(place)).hold();
        if let Some(way) = set.find(place.tag()) {
            set.clear(way);
        }
    }

    /// Counts newcomers for whom there is no room, and refuses them where that is asked for.
    ///
    /// Says so at the first time, the second, the fourth, and so on: a flood is not to fill the logs.
    /// No set is locked meanwhile, since nobody knows what a log does.
    #[cold]
    fn overflow(&self, newcomers: u64, on_full: OnFull, wait: u64) -> Result<(), Full> {
        let before = self.overflows.fetch_add(newcomers, Ordering::Relaxed);
        let overflows = before.saturating_add(1);
        if overflows.is_power_of_two() {
            let capacity = self.sets.len() * WAYS;
            tracing::warn!(
                overflows,
                capacity,
                ?on_full,
                "a limit has no room for a client, since those that it remembers in its place are \
                 being refused: give the store more room with `Memory::with_capacity`"
            );
        }
        match on_full {
            OnFull::Admit => Ok(()),
            OnFull::Refuse => Err(Full(wait)),
        }
    }

    /// How many newcomers had no room.
    pub(super) fn overflows(&self) -> u64 {
        self.overflows.load(Ordering::Relaxed)
    }

    /// Which set a hash names: the hash's upper bits, scaled to the number of sets.
    #[inline]
    fn index(&self, place: Place) -> usize {
        ((u128::from(place.0) * self.sets.len() as u128) >> 64) as usize
    }

    #[inline]
    fn set(&self, index: usize) -> &Set {
        #[cfg(test)]
        self.visited.fetch_add(1, Ordering::Relaxed);
        &self.sets[index]
    }

    /// How many keys it holds.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.sets.iter().map(|set| set.hold().len()).sum()
    }
}
