use std::{
    collections::{HashSet, VecDeque},
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use super::KeyId;

/// How many revocations are remembered.
const CAPACITY: usize = 4_096;

/// The ids that were revoked last: whatever is cached, being looked up, or said by a source that has
/// not heard of it, they are no longer good.
#[derive(Default)]
pub(super) struct Revoked {
    ids: RwLock<Ids>,
}

#[derive(Default)]
struct Ids {
    known: HashSet<KeyId>,
    in_order: VecDeque<KeyId>,
    forgotten: u64,
}

impl Revoked {
    /// Adds an id. The oldest are forgotten when there are too many: then `forget` is called, which
    /// must make sure that nothing of before is used again.
    pub(super) fn add(&self, id: &KeyId, forget: impl FnOnce()) {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        if !ids.known.insert(id.clone()) {
            return;
        }
        ids.in_order.push_back(id.clone());
        if ids.in_order.len() > CAPACITY {
            let oldest: Vec<_> = ids.in_order.drain(..CAPACITY / 2).collect();
            oldest.iter().for_each(|id| {
                ids.known.remove(id);
            });
            ids.forgotten += 1;
            forget();
        }
    }

    pub(super) fn contains(&self, id: &KeyId) -> bool {
        let ids = self.read();
        !ids.known.is_empty() && ids.known.contains(id)
    }

    /// How often ids were forgotten: an answer that was looked up before that is none.
    pub(super) fn forgotten(&self) -> u64 {
        self.read().forgotten
    }

    fn read(&self) -> RwLockReadGuard<'_, Ids> {
        self.ids.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_remembered_and_the_oldest_are_not_forgotten_in_silence() {
        let revoked = Revoked::default();
        let mut forgets = 0;
        for id in 0..=CAPACITY as i64 {
            revoked.add(&id.into(), || forgets += 1);
            revoked.add(&id.into(), || forgets += 1);
        }
        assert_eq!((forgets, revoked.forgotten()), (1, 1));
        assert!(!revoked.contains(&0.into()));
        assert!(revoked.contains(&(CAPACITY as i64).into()));
    }
}
