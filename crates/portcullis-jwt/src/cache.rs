use std::hash::{Hash, Hasher, RandomState};

use portcullis_bearer::Token;
use quick_cache::{Equivalent, UnitWeighter, sync};

use crate::Claims;

/// Tokens that were verified, and what they say, within a bound.
///
/// A token is found by a keyed hash of all of it, SipHash with a key of this process's own, and is
/// itself then compared with the one that was verified, all of it. So a hit is that token and no
/// other, whatever an attacker knows of the hash, and costs a fourth of what a cryptographic digest
/// of it does. A copy that is given up is overwritten, as each of [`Token`] is.
pub(crate) struct Cache<C> {
    tokens: sync::Cache<Known, Claims<C>, UnitWeighter, RandomState>,
}

/// A token that was verified.
struct Known(Token);

/// A token that came.
struct Asked<'a>(&'a Token);

impl<C> Cache<C> {
    pub(crate) fn new(capacity: usize) -> Self {
        let hasher = RandomState::new();
        let tokens = sync::Cache::with(
            capacity,
            capacity as u64,
            UnitWeighter,
            hasher,
            sync::DefaultLifecycle::default(),
        );
        Self { tokens }
    }

    pub(crate) fn get(&self, token: &Token) -> Option<Claims<C>> {
        self.tokens.get(&Asked(token))
    }

    pub(crate) fn insert(&self, token: &Token, claims: Claims<C>) {
        self.tokens.insert(Known(token.clone()), claims);
    }

    pub(crate) fn forget(&self, token: &Token) {
        self.tokens.remove(&Asked(token));
    }

    #[cfg(test)]
    #[cfg(feature = "aws-lc-rs")]
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Asked(&self.0).hash(state);
    }
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0.as_bytes());
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        Asked(&self.0).equivalent(other)
    }
}

impl Eq for Known {}

impl Equivalent<Known> for Asked<'_> {
    /// Looks at all of it before it says no: how long it takes tells nothing of where they differ.
    fn equivalent(&self, known: &Known) -> bool {
        let (asked, known) = (self.0.as_bytes(), known.0.as_bytes());
        let differences = asked.iter().zip(known).fold(0, |all, (one, other)| all | (one ^ other));
        asked.len() == known.len() && differences == 0
    }
}
