use std::{
    fmt,
    hash::{DefaultHasher, Hasher},
};

use smallvec::SmallVec;

/// Takes a [`Key`](super::Key) in, for the time of one decision.
///
/// A table in memory keeps a 64-bit hash of it, keyed at random per process, so that nobody can aim
/// at a client's place.
#[derive(Default)]
pub struct KeyHasher {
    bytes: SmallVec<[u8; 40]>,
}

impl KeyHasher {
    /// What was taken in.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Marks where one key ends and another begins: by its place, so that no bytes of the one read
    /// as bytes of the other.
    pub(super) fn separate(&mut self) {
        let place = self.bytes.len() as u64;
        self.bytes.extend_from_slice(&place.to_ne_bytes());
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A hash of what was taken in, which no limit uses.
    fn finish(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.bytes);
        hasher.finish()
    }
}

/// Does not show the key.
impl fmt::Debug for KeyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyHasher").finish_non_exhaustive()
    }
}
