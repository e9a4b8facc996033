use crate::engine::Cell;

/// How many keys share a set: the most that one decision ever looks at.
pub(super) const WAYS: usize = 8;

/// Eight places, each with what tells its key from others and its cell.
///
/// What all of a decision's looks go to first lies together, so that it takes two lines of the
/// processor's cache: that, and the one cell.
#[derive(Clone, Copy, Default)]
pub(super) struct Set {
    /// Of each key's hash the half that does not name the set; 0 where there is none.
    tags: [u32; WAYS],
    cells: [Cell; WAYS],
}

impl Set {
    /// The place of a key, where it has one.
    #[inline]
    pub(super) fn find(&self, tag: u32) -> Option<usize> {
        self.tags.iter().position(|held| *held == tag)
    }

    #[inline]
    pub(super) fn cell(&self, way: usize) -> Cell {
        self.cells[way]
    }

    #[inline]
    pub(super) fn write(&mut self, way: usize, tag: u32, cell: Cell) {
        self.tags[way] = tag;
        self.cells[way] = cell;
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
            if self.cells[way].whole_at < earliest
                && !is_taken(way)
                && self.cell(way).refused_for(now) == 0
            {
                earliest = self.cells[way].whole_at;
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
        self.tags.iter().filter(|tag| **tag != 0).count()
    }
}
