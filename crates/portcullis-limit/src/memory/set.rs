use crate::engine::{Cell, State};

/// How many keys share a set: the most that one decision ever looks at.
pub(super) const WAYS: usize = 8;

/// Eight places, each with a key's hash and its cell.
#[derive(Clone, Copy, Default)]
pub(super) struct Set {
    /// The hash of each key; 0 where there is none.
    keys: [u64; WAYS],
    whole_at: [u64; WAYS],
    states: [State; WAYS],
}

impl Set {
    /// The place of a key, where it has one.
    pub(super) fn find(&self, key: u64) -> Option<usize> {
        self.keys.iter().position(|held| *held == key)
    }

    pub(super) fn cell(&self, way: usize) -> Cell {
        Cell { whole_at: self.whole_at[way], state: self.states[way] }
    }

    pub(super) fn write(&mut self, way: usize, key: u64, cell: Cell) {
        self.keys[way] = key;
        self.whole_at[way] = cell.whole_at;
        self.states[way] = cell.state;
    }

    pub(super) fn clear(&mut self, way: usize) {
        self.write(way, 0, Cell::default());
    }

    /// The place that a newcomer takes: one that nobody has, one whose quota is whole, else the one
    /// that is closest to whole and not being refused.
    pub(super) fn room(&self, now: u64, is_taken: impl Fn(usize) -> bool) -> Option<usize> {
        let mut closest = None;
        let mut earliest = u64::MAX;
        for way in 0..WAYS {
            if self.whole_at[way] < earliest
                && !is_taken(way)
                && self.cell(way).refused_for(now) == 0
            {
                earliest = self.whole_at[way];
                closest = Some(way);
            }
        }
        closest
    }

    /// How long until one of those that are being refused is not, in nanoseconds.
    pub(super) fn room_in(&self, now: u64) -> u64 {
        (0..WAYS).map(|way| self.cell(way).refused_for(now)).min().unwrap_or(0)
    }

    /// How many keys there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.keys.iter().filter(|key| **key != 0).count()
    }
}
