use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use foldhash::quality::SeedableRandomState;
use portcullis_core::{BoxError, stack::Moment};
use quick_cache::{
    UnitWeighter,
    sync::{self, DefaultLifecycle},
};
use tokio::time::Duration;

use super::{
    KeyDigest, StoredKey,
    freshness::{Begun, Freshness},
    place::{Place, by_secrets},
};

/// What the source said of a key.
pub(super) enum Answer<P> {
    Found(StoredKey<P>),
    Nobody,
    /// It said nothing. Who waited for the same look-up shares this; nobody else sees it.
    Failed(Arc<BoxError>),
}

/// The answers to digests, within a bound, each looked up by one request at a time.
///
/// What keeps hot keys while somebody tries thousands of others, and lets many wait for one, is
/// quick_cache's; what an answer is good for is said here.
pub(super) struct Cache<P> {
    entries: sync::Cache<Place, Entry<P>, UnitWeighter, SeedableRandomState>,
    /// Counts answers, so that one is known to be newer than a question.
    answers: AtomicU64,
}

struct Entry<P> {
    answer: Arc<Answer<P>>,
    number: u64,
    freshness: Freshness,
}

impl<P> Cache<P> {
    pub(super) fn new(capacity: usize) -> Self {
        let weight = capacity as u64;
        let lifecycle = DefaultLifecycle::default();
        Self {
            entries: sync::Cache::with(capacity, weight, UnitWeighter, by_secrets(), lifecycle),
            answers: AtomicU64::new(0),
        }
    }

    /// The answer, if there is one that is fresh at this moment.
    pub(super) fn get(&self, digest: &KeyDigest, moment: &mut Moment) -> Option<Arc<Answer<P>>> {
        let entry = self.entries.get(&Place::from(digest))?;
        entry.freshness.lasts_at(moment).then_some(entry.answer)
    }

    /// The answer that is fresh, or that somebody is looking up already, or that `look_up` gives. It
    /// is kept for as long as `fresh_for` says, from the beginning of the look-up, and a failure not
    /// at all.
    ///
    /// If the one who looks it up goes away, the next of those who wait does it.
    pub(super) async fn get_or<Found: Future<Output = Answer<P>>>(
        &self,
        digest: KeyDigest,
        look_up: impl Fn() -> Found,
        fresh_for: impl Fn(&Answer<P>) -> Duration,
    ) -> Arc<Answer<P>> {
        let asked = self.answers.load(Ordering::Acquire);
        let place = Place::from(&digest);
        loop {
            let guard = match self.entries.get_value_or_guard_async(&place).await {
                Ok(entry) if entry.number > asked || entry.freshness.lasts() => {
                    return entry.answer;
                }
                Ok(stale) => {
                    self.entries.remove_if(&place, |entry| entry.number == stale.number);
                    continue;
                }
                Err(guard) => guard,
            };
            // The source may have read it right away, and told late.
            let begun = Begun::now();
            let answer = Arc::new(look_up().await);
            if matches!(*answer, Answer::Failed(_)) {
                // The place goes first, so that only those who wait already are told.
                self.entries.remove(&place);
            }
            let freshness = begun.and_for(fresh_for(&answer));
            let number = self.answers.fetch_add(1, Ordering::AcqRel) + 1;
            // It is an error where the digest was forgotten meanwhile: then nothing is kept.
            let _ = guard.insert(Entry { answer: Arc::clone(&answer), number, freshness });
            return answer;
        }
    }

    /// Forgets this digest, and does not keep what is being looked up of it.
    pub(super) fn forget(&self, digest: &KeyDigest) {
        self.entries.remove(&Place::from(digest));
    }

    /// Forgets the answers of which this is true.
    pub(super) fn forget_if(&self, is_wrong: impl Fn(&Answer<P>) -> bool) {
        self.entries.retain(|_, entry| !is_wrong(&entry.answer));
    }

    /// Forgets all, and keeps nothing of what is being looked up.
    pub(super) fn clear(&self) {
        self.entries.clear();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl<P> Clone for Entry<P> {
    fn clone(&self) -> Self {
        Self { answer: Arc::clone(&self.answer), ..*self }
    }
}
