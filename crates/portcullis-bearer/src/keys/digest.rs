use std::{
    fmt,
    hash::{Hash, Hasher},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What is stored of a key: its SHA-256, or HMAC-SHA-256 with a pepper, 32 bytes.
///
/// Two are compared in constant time. `Debug` does not show it.
#[derive(Clone, Copy)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// The SHA-256 of a key, as an [`ApiKeys`](super::ApiKeys) without a pepper has it.
    pub fn of(key: &str) -> Self {
        Digester::Sha256.digest(key.as_bytes())
    }

    /// The bytes, to be stored and looked up.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for KeyDigest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl PartialEq for KeyDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyDigest {}

impl Hash for KeyDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(…)")
    }
}

/// Turns keys into digests.
#[derive(Clone)]
pub(super) enum Digester {
    Sha256,
    Hmac(Box<Hmac<Sha256>>),
}

impl Digester {
    /// With a pepper, a secret that lies somewhere else than the digests.
    #[track_caller]
    pub(super) fn with_pepper(pepper: &[u8]) -> Self {
        assert!(
            pepper.len() >= 16,
            "a pepper of {} bytes can be guessed: use 16 or more, 32 random ones for instance",
            pepper.len()
        );
        match Hmac::new_from_slice(pepper) {
            Ok(hmac) => Self::Hmac(Box::new(hmac)),
            Err(_) => unreachable!("HMAC takes a key of any length"),
        }
    }

    #[inline]
    pub(super) fn digest(&self, key: &[u8]) -> KeyDigest {
        KeyDigest(match self {
            Self::Sha256 => Sha256::digest(key).into(),
            Self::Hmac(keyed) => hmac(keyed, key),
        })
    }
}

fn hmac(keyed: &Hmac<Sha256>, key: &[u8]) -> [u8; 32] {
    keyed.clone().chain_update(key).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: KeyDigest) -> String {
        digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn digests_are_those_that_everybody_computes() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex(Digester::Sha256.digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        // RFC 4231, test case 6.
        let keyed = Digester::with_pepper(&[0xaa; 131]);
        assert_eq!(
            hex(keyed.digest(b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    #[should_panic = "use 16 or more"]
    fn a_pepper_that_can_be_guessed_is_refused_when_it_is_given() {
        let _ = Digester::with_pepper(b"salt");
    }
}
