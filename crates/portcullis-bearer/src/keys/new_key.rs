use std::fmt;

use zeroize::Zeroizing;

use super::KeyDigest;

/// A key that was just made. It is overwritten when it is dropped, and `Debug` does not show it.
pub struct NewKey {
    secret: Zeroizing<String>,
    digest: KeyDigest,
}

impl NewKey {
    pub(super) fn new(secret: Zeroizing<String>, digest: KeyDigest) -> Self {
        Self { secret, digest }
    }

    /// The key itself: show it to its owner once, and store it nowhere.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What to store, beside the key's id and its owner.
    pub fn digest(&self) -> KeyDigest {
        self.digest
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKey(…)")
    }
}

/// The operating system gave no random numbers, so no key was made.
#[derive(Debug)]
pub struct NoEntropy(getrandom::Error);

impl NoEntropy {
    pub(super) fn new(error: getrandom::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for NoEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gave no random numbers")
    }
}

impl std::error::Error for NoEntropy {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
