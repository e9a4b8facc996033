//! How what is counted is called in the engine.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use sha2::{Digest as _, Sha256};

/// The first 128 bits of a key's SHA-256: no address, no credential and no long key is ever sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 16]);

impl Digest {
    pub(crate) fn of(key: &[u8]) -> Self {
        let mut short = [0; 16];
        short.copy_from_slice(&Sha256::digest(key)[..16]);
        Self(short)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The cell's name. What stands in braces names the slot, so that all policies of one key share
    /// one.
    pub(crate) fn cell(&self, prefix: &str, policy: &str) -> Vec<u8> {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut name = Vec::with_capacity(prefix.len() + policy.len() + 39);
        name.extend_from_slice(prefix.as_bytes());
        name.extend_from_slice(b":{");
        for byte in self.0 {
            name.push(HEX[usize::from(byte >> 4)]);
            name.push(HEX[usize::from(byte & 15)]);
        }
        name.extend_from_slice(b"}:");
        name.extend_from_slice(policy.as_bytes());
        name.extend_from_slice(b":v1");
        name
    }
}

/// Does not show what it stands for, nor anything that could be looked up.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// Where it is said that a cell was forgotten.
pub(crate) fn reset_channel(prefix: &str) -> String {
    format!("{prefix}:reset")
}

/// The digest of a value, fed as a limit's [`Key`](portcullis_limit::Key) feeds it.
pub(crate) fn digest_of<K: Hash + ?Sized>(value: &K) -> Digest {
    let mut bytes = Bytes::default();
    value.hash(&mut bytes);
    Digest::of(&bytes.0)
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_so_that_an_operator_finds_it() {
        // printf 'alice\377' | sha256sum | head -c 32
        let name = digest_of("alice").cell("portcullis", "caller");
        assert_eq!(
            String::from_utf8_lossy(&name),
            "portcullis:{72113adcd646508ce8ff232d7435f008}:caller:v1"
        );
    }

    #[test]
    fn policies_of_one_key_share_a_slot_whatever_they_are_called() {
        let slot = |name: Vec<u8>| {
            let name = String::from_utf8_lossy(&name).into_owned();
            let (_, from) = name.split_once('{').unwrap();
            from.split_once('}').unwrap().0.to_owned()
        };
        let alice = Digest::of(b"alice");
        for policy in ["a", "{b}", "}{", "a:v1", "\r\nDEL x"] {
            assert_eq!(slot(alice.cell("portcullis", policy)).len(), 32);
        }
        let cells = ["a", "a:v1"].map(|policy| alice.cell("portcullis", policy));
        assert_ne!(cells[0], cells[1]);
        assert_ne!(Digest::of(b"alice"), Digest::of(b"bob"));
        assert!(!format!("{alice:?}").contains("alice"));
    }
}
