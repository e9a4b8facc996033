use std::{
    fmt,
    hash::{DefaultHasher, Hasher},
};

/// As many bytes of a key lie on the stack: an address, a number, a UUID as text.
const SHORT: usize = 40;

/// Takes a [`Key`](super::Key) in, for the time of one decision.
///
/// A table in memory keeps a 64-bit hash of it, keyed at random per store, so that nobody can aim
/// at a client's place.
pub struct KeyHasher {
    short: [u8; SHORT],
    /// Of all that was taken in.
    len: usize,
    /// All of it, once it is longer than what lies on the stack.
    long: Vec<u8>,
}

impl KeyHasher {
    /// What was taken in.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.short.get(..self.len).unwrap_or(&self.long)
    }

    #[cold]
    fn write_long(&mut self, bytes: &[u8]) {
        if self.long.is_empty() {
            self.long.extend_from_slice(&self.short[..self.len]);
        }
        self.long.extend_from_slice(bytes);
    }
}

impl Default for KeyHasher {
    #[inline]
    fn default() -> Self {
        Self { short: [0; SHORT], len: 0, long: Vec::new() }
    }
}

impl Hasher for KeyHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        match self.short.get_mut(self.len..end) {
            Some(place) => place.copy_from_slice(bytes),
            None => self.write_long(bytes),
        }
        self.len = end;
    }

    /// A hash of what was taken in, which no limit uses.
    fn finish(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(self.bytes());
        hasher.finish()
    }
}

/// Does not show the key.
impl fmt::Debug for KeyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyHasher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_key_is_all_that_was_written_however_long(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 0..6),
        ) {
            let mut hasher = KeyHasher::default();
            parts.iter().for_each(|part| hasher.write(part));
            prop_assert_eq!(hasher.bytes(), parts.concat());
        }
    }
}
