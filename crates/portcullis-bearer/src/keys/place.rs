use std::{
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::OnceLock,
};

use foldhash::{SharedSeed, quality::SeedableRandomState};

use super::KeyDigest;

/// A digest, as a cache compares it: by its keyed hash first, which lets nobody try prefixes, and then
/// not in constant time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place([u8; 32]);

/// A quarter of a digest, which is as good as random, tells it from others.
impl Hash for Place {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let [first, ..] = self.0.as_chunks().0 else { return };
        hasher.write_u64(u64::from_le_bytes(*first));
    }
}

impl From<&KeyDigest> for Place {
    #[inline]
    fn from(digest: &KeyDigest) -> Self {
        Self(*digest.as_bytes())
    }
}

/// Hashes places by secrets that come from the operating system.
///
/// A digest is as good as random, but without a pepper callers can compute those of the keys they try,
/// and find thousands that would lie together in a table whose hash they know. foldhash is no
/// cryptographic hash, but nobody sees what it makes of a digest. Where the quarters are the same the
/// hashes are, whatever the secrets; to find but three such digests takes 2 to the 43rd.
pub(super) fn by_secrets() -> SeedableRandomState {
    static SHARED: OnceLock<SharedSeed> = OnceLock::new();

    // The one thing in the standard library that is keyed by the operating system.
    let secret = || RandomState::new().hash_one(0_u8);
    SeedableRandomState::with_seed(secret(), SHARED.get_or_init(|| SharedSeed::from_u64(secret())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_elsewhere_in_every_cache() {
        let place = Place::from(&KeyDigest::of("key"));
        let [one, another] = [(); 2].map(|()| by_secrets());
        assert_eq!(one.hash_one(place), one.clone().hash_one(place));
        assert_ne!(one.hash_one(place), another.hash_one(place));
    }
}
