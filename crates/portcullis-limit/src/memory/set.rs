use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::latch::{self, Latch, Version};
use crate::engine::{Cell, State};

/// How many keys share a set: the most that one decision ever looks at.
pub(super) const WAYS: usize = 8;

/// Eight places, each with what tells its key from others and its cell, in three lines of the
/// processor's cache.
#[derive(Default)]
#[repr(C, align(64))]
pub(super) struct Set {
    latch: Latch,
    /// Of each key's hash the half that does not name the set; 0 where there is none.
    tags: [AtomicU32; WAYS],
    places: [Place; WAYS],
}

/// A cell's two words, which never lie in two lines of the cache.
#[derive(Default)]
#[repr(align(16))]
struct Place {
    whole_at: AtomicU64,
    state: AtomicU64,
}

/// What a set had of one key, at one moment.
pub(super) struct Seen {
    version: Version,
    found: Option<(usize, Cell)>,
}

/// A set that nobody else writes to.
pub(super) struct Held<'a> {
    set: &'a Set,
    _hold: latch::Hold<'a>,
}

impl Set {
    /// Looks for a key, without a lock.
    #[inline(always)]
    pub(super) fn see(&self, tag: u32) -> Seen {
        loop {
            let version = self.latch.version();
            let found = self.find(tag).map(|way| (way, self.places[way].cell()));
            if self.latch.is_at(version) {
                return Seen { version, found };
            }
        }
    }

    /// The right to write, if the set is as it was seen.
    #[inline]
    pub(super) fn hold_as(&self, seen: &Seen) -> Option<Held<'_>> {
        let hold = self.latch.hold_at(seen.version)?;
        Some(Held { set: self, _hold: hold })
    }

    /// The right to write, once nobody else does.
    pub(super) fn hold(&self) -> Held<'_> {
        Held { set: self, _hold: self.latch.hold() }
    }

    #[inline]
    fn find(&self, tag: u32) -> Option<usize> {
        self.tags.iter().position(|held| held.load(Ordering::Relaxed) == tag)
    }
}

impl Seen {
    /// The key's place and its cell, where it has one.
    #[inline]
    pub(super) fn found(&self) -> Option<(usize, Cell)> {
        self.found
    }
}

impl Held<'_> {
    /// The place of a key, where it has one.
    pub(super) fn find(&self, tag: u32) -> Option<usize> {
        self.set.find(tag)
    }

    pub(super) fn cell(&self, way: usize) -> Cell {
        self.set.places[way].cell()
    }

    #[inline]
    pub(super) fn write(&self, way: usize, tag: u32, cell: Cell) {
        self.set.tags[way].store(tag, Ordering::Relaxed);
        self.set.places[way].write(cell);
    }

    pub(super) fn clear(&self, way: usize) {
        self.write(way, 0, Cell::default());
    }

    /// The place that a newcomer takes: one that nobody has, one whose quota is whole, else the one
    /// that is closest to whole and not being refused.
    pub(super) fn room(&self, now: u64, is_taken: impl Fn(usize) -> bool) -> Option<usize> {
        let mut closest = None;
        let mut earliest = u64::MAX;
        for way in 0..WAYS {
            let cell = self.cell(way);
            if cell.whole_at < earliest && !is_taken(way) && cell.refused_for(now) == 0 {
                earliest = cell.whole_at;
                closest = Some(way);
            }
        }
        closest
    }

    /// How long until one of those that are being refused is not, in nanoseconds.
    pub(super) fn room_in(&self, now: u64, is_taken: impl Fn(usize) -> bool) -> u64 {
        let others = (0..WAYS).filter(|way| !is_taken(*way));
        others.map(|way| self.cell(way).refused_for(now)).min().unwrap_or(0)
    }

    /// How many keys there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.set.tags.iter().filter(|tag| tag.load(Ordering::Relaxed) != 0).count()
    }
}

impl Place {
    #[inline]
    fn cell(&self) -> Cell {
        let whole_at = self.whole_at.load(Ordering::Relaxed);
        Cell { whole_at, state: State::from_bits(self.state.load(Ordering::Relaxed)) }
    }

    #[inline]
    fn write(&self, cell: Cell) {
        self.whole_at.store(cell.whole_at, Ordering::Relaxed);
        self.state.store(cell.state.to_bits(), Ordering::Relaxed);
    }
}
