use std::{
    collections::{HashSet, VecDeque},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::KeyId;

/// How many revocations are remembered.
const CAPACITY: usize = 4_096;

/// The ids that were revoked last: whatever is cached, being looked up, or said by a source that has
/// not heard of it, they are no longer good.
#[derive(Default)]
pub(super) struct Revoked {
    ids: RwLock<Ids>,
    /// Whether there were any, ever: mostly not, and then nobody takes the lock.
    has_any: AtomicBool,
    forgotten: AtomicU64,
}

#[derive(Default)]
struct Ids {
    known: HashSet<KeyId>,
    in_order: VecDeque<KeyId>,
}

impl Revoked {
    /// Adds an id. The oldest are forgotten when there are too many: see
    /// [`forgotten`](Self::forgotten).
    pub(super) fn add(&self, id: &KeyId) {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        if !ids.known.insert(id.clone()) {
            return;
        }
        self.has_any.store(true, Ordering::Release);
        ids.in_order.push_back(id.clone());
        if ids.in_order.len() > CAPACITY {
            // Before they are: who no longer finds one sees that some were forgotten.
            self.forgotten.fetch_add(1, Ordering::AcqRel);
            let oldest: Vec<_> = ids.in_order.drain(..CAPACITY / 2).collect();
            oldest.iter().for_each(|id| {
                ids.known.remove(id);
            });
        }
    }

    #[inline]
    pub(super) fn contains(&self, id: &KeyId) -> bool {
        if !self.has_any.load(Ordering::Acquire) {
            return false;
        }
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        ids.known.contains(id)
    }

    /// How often ids were forgotten: an answer that was looked up before that is none.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_remembered_and_the_oldest_are_not_forgotten_in_silence() {
        let revoked = Revoked::default();
        for id in 0..=CAPACITY as i64 {
            assert_eq!(revoked.forgotten(), 0);
            revoked.add(&id.into());
            revoked.add(&id.into());
        }
        assert_eq!(revoked.forgotten(), 1);
        assert!(!revoked.contains(&0.into()));
        assert!(revoked.contains(&(CAPACITY as i64).into()));
    }
}
