//! What the clients of one process have spent, in bounded memory.

mod latch;
mod set;
mod table;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Arc, OnceLock},
    time::Duration,
};

use foldhash::{SharedSeed, quality::SeedableRandomState};
use portcullis_core::stack::Moment;
use smallvec::SmallVec;

pub(crate) use self::table::Full;
use self::table::{Entry, Place, Table};
use crate::{Answer, Charge, Clock, Decision, Policy, PolicyName, Standing, Store, engine::Meter};

/// How many keys there is room for unless said otherwise: 3 MiB.
const DEFAULT_CAPACITY: usize = 131_072;

/// Keeps what clients have spent in the memory of this process, and never in more than it was told.
///
/// Clones share it, and so may several limits: a policy's name and a key are one and the same cell,
/// whichever limit charges it. A [`RateLimit`](crate::RateLimit) has one of its own unless it is
/// given another.
///
/// ```
/// use portcullis_limit::{Memory, OnFull, Quota, RateLimit};
///
/// let store = Memory::new().with_capacity(1_000_000).on_full(OnFull::Refuse);
/// let limit = RateLimit::by_address(Quota::per_minute(600)).with_store(store);
/// # let _ = limit;
/// ```
///
/// # How it is bounded
///
/// Keys are 64-bit hashes, keyed at random per store, so that nobody can aim at another's place.
/// They share places in sets of eight, 24 bytes each, so that a decision looks at eight at most. A
/// set keeps 32 bits of each hash: a newcomer is taken for another client at odds of one to half a
/// thousand million.
/// Where a set is full, a key whose quota is whole makes room, then the one that is closest to it,
/// and one that is being refused never does: if all eight are, [`OnFull`] says what becomes of the
/// newcomer. Nothing runs in the background, and nothing ever pauses to clean up. A limit of
/// one policy that counts by rate reads without a lock: a caller that it refuses writes nothing,
/// however many threads it floods.
#[derive(Clone)]
pub struct Memory {
    shared: Arc<Shared>,
}

struct Shared {
    /// Made when the first request comes.
    table: OnceLock<Table>,
    capacity: usize,
    hash: SeedableRandomState,
    clock: Clock,
    on_full: OnFull,
}

/// What becomes of a newcomer where every place that its key may take belongs to a client that is
/// being refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnFull {
    /// It passes and is not remembered, so that a flood of addresses locks nobody out.
    #[default]
    Admit,
    /// It gets a 503 with `Retry-After`, so that nobody passes uncounted.
    Refuse,
}

impl Shared {
    #[inline]
    fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::new(self.capacity))
    }
}

impl Memory {
    /// Room for 131,072 keys, by the machine's monotonic clock.
    pub fn new() -> Self {
        Self::of(DEFAULT_CAPACITY, Clock::monotonic(), OnFull::default())
    }

    /// Has room for this many keys of all its policies together, rounded down to a multiple of
    /// eight and at least eight, at 24 bytes each; and forgets what was counted.
    ///
    /// Twice as many as there are clients that are being refused at once keeps nearly all of them.
    #[must_use]
    pub fn with_capacity(self, keys: usize) -> Self {
        Self::of(keys, self.shared.clock.clone(), self.shared.on_full)
    }

    /// Takes the time from another clock, and forgets what was counted.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self::of(self.capacity(), clock, self.shared.on_full)
    }

    /// What becomes of a newcomer where there is no room, and forgets what was counted.
    #[must_use]
    pub fn on_full(self, on_full: OnFull) -> Self {
        Self::of(self.capacity(), self.shared.clock.clone(), on_full)
    }

    fn of(capacity: usize, clock: Clock, on_full: OnFull) -> Self {
        let shared = Shared {
            table: OnceLock::new(),
            capacity: Table::rounded(capacity),
            hash: by_secrets(),
            clock,
            on_full,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The most keys that it ever remembers.
    pub fn capacity(&self) -> usize {
        self.shared.capacity
    }

    /// How often there was no room for a newcomer, since the beginning: see [`OnFull`].
    pub fn overflows(&self) -> u64 {
        self.shared.table.get().map_or(0, Table::overflows)
    }

    /// Charges one request of a policy whose requests all count alike.
    #[inline]
    pub(crate) fn charge_one(
        &self,
        policy: &Policy,
        key: &[u8],
        moment: &mut Moment,
    ) -> Result<Standing, Full> {
        // First of all, since nothing that comes before it goes on beside it.
        let now = self.shared.clock.now_at(moment);
        self.charge(&Entry::new(self.place(policy.name(), key), policy.meter(), 1), now)
    }

    #[inline]
    fn charge(&self, entry: &Entry<'_>, now: u64) -> Result<Standing, Full> {
        let Shared { clock, on_full, .. } = &*self.shared;
        self.shared.table().charge(entry, now, clock, *on_full)
    }

    /// Where a charge is kept.
    fn place_of(&self, charge: &Charge<'_>) -> Place {
        self.place(charge.policy(), charge.key())
    }

    #[inline]
    fn place(&self, policy: &PolicyName, key: &[u8]) -> Place {
        let mut hasher = self.shared.hash.build_hasher();
        hasher.write(key);
        // Nobody knows the one, so nobody can aim at what it is after the other.
        Place::new(hasher.finish() ^ policy.id())
    }
}

/// Hashes keys by secrets that come from the operating system.
///
/// foldhash is fast and no cryptographic hash: whoever saw many of its results might compute the
/// secrets. Nobody sees one. All that shows from outside is that two keys are counted as one, which
/// befalls one pair in 2 to the 46th in a table of the usual size, and teaches only whoever can send
/// from both.
fn by_secrets() -> SeedableRandomState {
    static SHARED: OnceLock<SharedSeed> = OnceLock::new();

    // The one thing in the standard library that is keyed by the operating system.
    let secret = || RandomState::new().hash_one(0_u8);
    SeedableRandomState::with_seed(secret(), SHARED.get_or_init(|| SharedSeed::from_u64(secret())))
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for Memory {
    fn check(&self, charges: &[Charge<'_>]) -> Answer<Decision> {
        let Shared { clock, on_full, .. } = &*self.shared;
        let decision = match charges {
            [charge] => {
                let now = clock.now();
                let meter = Meter::new(*charge.quota());
                let entry = Entry::new(self.place_of(charge), &meter, charge.cost());
                self.charge(&entry, now).map(|standing| Decision::of(standing.into()))
            }
            charges => {
                let meters: SmallVec<[Meter; 4]> =
                    charges.iter().map(|charge| Meter::new(*charge.quota())).collect();
                let entries: SmallVec<[Entry<'_>; 4]> = charges
                    .iter()
                    .zip(&meters)
                    .map(|(charge, meter)| Entry::new(self.place_of(charge), meter, charge.cost()))
                    .collect();
                self.shared.table().charge_all(&entries, clock, *on_full)
            }
        };
        Answer::from(decision.unwrap_or_else(Decision::from))
    }

    fn refund(&self, charges: &[Charge<'_>]) -> Answer<()> {
        let now = self.shared.clock.now();
        for charge in charges {
            self.shared.table().refund(self.place_of(charge), charge.cost(), now);
        }
        Answer::from(())
    }

    fn reset(&self, charge: &Charge<'_>) -> Answer<()> {
        self.shared.table().reset(self.place_of(charge));
        Answer::from(())
    }

    fn since_unix_epoch(&self) -> Duration {
        let clock = &self.shared.clock;
        Duration::from_nanos(clock.since_unix_epoch(clock.now()))
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("capacity", &self.capacity())
            .field("on_full", &self.shared.on_full)
            .field("overflows", &self.overflows())
            .finish_non_exhaustive()
    }
}
