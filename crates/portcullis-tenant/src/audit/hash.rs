use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
};

/// A resource's id as the audit sink sees it: the same id has the same hash as long as the key is
/// the same, and without the key nobody finds the id that a hash is of.
///
/// An id that was [parsed](crate::PathParameters::parse) is the same however the path spells it; one
/// that was read [as text](crate::PathParameters::text) is another with each spelling. Several
/// parameters are joined by `/`, in the order of the route, so a handler that audits by hand says
/// [`about("Report", "acme/7")`](crate::Hidden::about); of several a `/` within one is `%2F`, and a
/// `%` is `%25`.
///
/// 64 bits, SipHash-2-4; shown as 16 hexadecimal digits. The key is made at random with each
/// [`MaskLayer`](crate::MaskLayer), unless it is
/// [given one](crate::MaskLayer::with_id_key).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdHash(u64);

impl IdHash {
    /// The hash as a number.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl fmt::Display for IdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for IdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What ids are hashed with.
#[derive(Clone)]
pub(crate) struct HashKey([u64; 2]);

impl HashKey {
    pub(crate) fn random() -> Self {
        // The standard library hands out its random key only by hashing with it.
        let random = RandomState::new();
        Self([0_u8, 1].map(|half| random.hash_one(half)))
    }

    pub(crate) const fn new(key: u128) -> Self {
        Self([key as u64, (key >> 64) as u64])
    }

    #[expect(deprecated, reason = "the standard library's only hasher that takes a key")]
    pub(crate) fn hash(&self, id: &str) -> IdHash {
        let Self([one, two]) = self;
        let mut hasher = std::hash::SipHasher::new_with_keys(*one, *two);
        hasher.write(id.as_bytes());
        IdHash(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_hash_under_one_key_and_another_under_another() {
        let key = HashKey::new(7);
        assert_eq!(key.hash("41"), HashKey::new(7).hash("41"));
        assert_ne!(key.hash("41"), key.hash("42"));
        assert_ne!(key.hash("41"), HashKey::new(8).hash("41"));
        assert_ne!(HashKey::random().hash("41"), HashKey::random().hash("41"));
    }

    /// The vector of SipHash's own paper (Aumasson and Bernstein, appendix A).
    #[test]
    fn it_is_siphash_2_4() {
        let key = HashKey::new(u128::from_le_bytes(std::array::from_fn(|place| place as u8)));
        let text = String::from_utf8((0..15).collect()).unwrap();
        assert_eq!(key.hash(&text).to_string(), "a129ca6149be45e5");
    }
}
