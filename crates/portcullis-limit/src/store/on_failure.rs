use std::num::NonZeroU32;

/// What becomes of a request that a [`Store`](super::Store) cannot decide about, since the engine
/// behind it is gone, or too slow.
///
/// A [`Policy`](crate::Policy::on_store_failure) says it, or else the store does. A store that
/// needs no other machine never asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnStoreFailure {
    /// It is counted in the memory of this process, by this process's share of the quota, until the
    /// engine is back: for limits that protect what is behind them.
    Local {
        /// How many processes share the quota.
        replicas: NonZeroU32,
    },
    /// It passes, uncounted: for limits that are a courtesy.
    Admit,
    /// It gets a 503 with `Retry-After`, never a 429: for limits that stop guessing.
    Refuse,
}

impl OnStoreFailure {
    /// Counts in memory, by one share in this many.
    ///
    /// # Panics
    ///
    /// When it is zero; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn local(replicas: u32) -> Self {
        match NonZeroU32::new(replicas) {
            Some(replicas) => Self::Local { replicas },
            None => {
                panic!("a quota is shared by at least 1 replica: by how many does this one run?")
            }
        }
    }
}

impl Default for OnStoreFailure {
    /// In memory, by the whole quota: as if this were the only replica.
    fn default() -> Self {
        Self::Local { replicas: NonZeroU32::MIN }
    }
}
