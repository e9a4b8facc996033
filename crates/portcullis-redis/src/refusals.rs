//! Refusals that are known to last, so that a client that floods costs the engine one call an
//! interval.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use portcullis_limit::Decision;

use crate::due::{Due, Told, Tolds, decision, is_refused};

/// How many requests share a set: the most that one look ever costs.
const WAYS: usize = 4;

/// A charge that is given back or forgotten ends the refusals of all charges that share its place
/// here.
const PLACES: usize = 1_024;

/// Refusals that last, of a bounded number of requests.
///
/// An entry is what the engine said last of the charges of one request, while the same request
/// would be refused. Others can only have spent since, so it is refused until its time, and so is
/// one of another cost for which there is no room either. When that has come a request may ask, and
/// is counted here at once: however many come with it, no more ask than there were intervals, until
/// the engine has said more.
pub(crate) struct Refusals {
    sets: Box<[Mutex<[Option<Entry>; WAYS]>]>,
    hash: RandomState,
    /// How often something was given back or forgotten.
    changes: Box<[AtomicU64]>,
    all_changed: AtomicU64,
}

struct Entry {
    request: Request,
    told: Tolds,
    /// When that was so, in microseconds.
    at: u64,
    /// When all of it is back.
    whole_at: u64,
}

/// What tells a request from others, and whether what is known of it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    keys: u64,
    quotas: u64,
    changes: u64,
}

impl Refusals {
    pub(crate) fn new(capacity: usize) -> Self {
        let sets = (0..capacity.div_ceil(WAYS)).map(|_| Mutex::default()).collect();
        let changes = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { sets, hash: RandomState::new(), changes, all_changed: AtomicU64::new(0) }
    }

    /// What tells this request from others, as of now.
    pub(crate) fn request(&self, dues: &[Due]) -> Request {
        let (mut keys, mut quotas) = (0_u64, 0_u64);
        let mut changes = self.all_changed.load(Ordering::Acquire);
        for due in dues {
            changes = changes.wrapping_add(self.place(due).load(Ordering::Acquire));
            // Not by their costs: what is spent says of each whether it is refused.
            keys = keys.rotate_left(5) ^ self.cell(due);
            quotas = quotas.rotate_left(5) ^ self.hash.hash_one(due.quota);
        }
        Request { keys, quotas, changes }
    }

    /// The refusal of this request, where it is known to last. Where it is over, the request that is
    /// told so is counted as if it were admitted.
    pub(crate) fn refusal(&self, request: Request, dues: &[Due], now: u64) -> Option<Decision> {
        if self.sets.is_empty() {
            return None;
        }
        let mut set = self.lock(request);
        let slot = set
            .iter_mut()
            .find(|slot| slot.as_ref().is_some_and(|entry| entry.request.keys == request.keys))?;
        let entry = slot.as_mut()?;
        if entry.request != request {
            *slot = None;
            return None;
        }
        let told = entry.told_at(dues, now);
        if is_refused(dues, &told) {
            return Some(decision(dues, &told, false));
        }
        let asked: Tolds = dues.iter().zip(&told).map(|(due, told)| told.spending(due)).collect();
        if is_by_rate(dues) || is_refused(dues, &asked) {
            *entry = Entry::new(request, dues, asked, now);
        } else {
            *slot = None;
        }
        None
    }

    /// Takes in what the engine says of this request.
    pub(crate) fn learn(&self, request: Request, dues: &[Due], tolds: &[Told], now: u64) {
        if self.sets.is_empty() {
            return;
        }
        let mut set = self.lock(request);
        let held = set
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|entry| entry.request.keys == request.keys));
        if !is_refused(dues, tolds) {
            // By rate it was counted when it was let through, and so were those on their way.
            if let Some(way) = held.filter(|_| !is_by_rate(dues)) {
                set[way] = None;
            }
            return;
        }
        // Who is whole soonest makes room.
        let whole_at = |way: &usize| set[*way].as_ref().map_or(0, |entry| entry.whole_at);
        let Some(way) = held.or_else(|| (0..WAYS).min_by_key(whole_at)) else { return };
        set[way] = Some(Entry::new(request, dues, tolds.iter().copied().collect(), now));
    }

    /// Forgets what is known of this request.
    pub(crate) fn forget(&self, request: Request) {
        if self.sets.is_empty() {
            return;
        }
        for slot in &mut *self.lock(request) {
            if slot.as_ref().is_some_and(|entry| entry.request.keys == request.keys) {
                *slot = None;
            }
        }
    }

    /// Something of this charge was given back, or forgotten.
    pub(crate) fn changed(&self, due: &Due) {
        self.place(due).fetch_add(1, Ordering::AcqRel);
    }

    /// Something was forgotten, by an operator elsewhere perhaps.
    pub(crate) fn all_changed(&self) {
        self.all_changed.fetch_add(1, Ordering::AcqRel);
    }

    fn cell(&self, due: &Due) -> u64 {
        self.hash.hash_one((&due.policy, due.key))
    }

    fn place(&self, due: &Due) -> &AtomicU64 {
        &self.changes[self.cell(due) as usize % PLACES]
    }

    fn lock(&self, request: Request) -> std::sync::MutexGuard<'_, [Option<Entry>; WAYS]> {
        let place = ((u128::from(request.keys) * self.sets.len() as u128) >> 64) as usize;
        self.sets[place].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether what is back at any time is known without asking: the next window is not.
fn is_by_rate(dues: &[Due]) -> bool {
    dues.iter().all(Due::is_by_rate)
}

impl Entry {
    fn new(request: Request, dues: &[Due], told: Tolds, at: u64) -> Self {
        let whole_in = dues.iter().zip(&told).map(|(_, told)| told.whole_in).max();
        Self { request, told, at, whole_at: at.saturating_add(whole_in.unwrap_or(0)) }
    }

    fn told_at(&self, dues: &[Due], now: u64) -> Tolds {
        let elapsed = now.saturating_sub(self.at);
        dues.iter().zip(&self.told).map(|(due, told)| told.after(due, elapsed)).collect()
    }
}

impl Told {
    /// What it is once the charge is spent; a window that is over is not begun here.
    fn spending(self, due: &Due) -> Self {
        match due.is_by_rate() {
            true => {
                let spent = self.spent + due.spend();
                Self { spent, whole_in: spent }
            }
            false if self.whole_in == 0 => self,
            false => Self { spent: self.spent + due.spend(), ..self },
        }
    }
}
