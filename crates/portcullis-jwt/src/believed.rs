use std::sync::Arc;

use crate::{
    Algorithm, Backend,
    fault::Fault,
    jws::Compact,
    key_set::{HmacKey, KeySet},
    remote::Remote,
};

/// An issuer, as the verifier knows it.
pub(crate) struct Believed {
    /// None is anybody.
    pub(crate) name: Option<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) keys: Keys,
    pub(crate) backend: Backend,
}

pub(crate) enum Keys {
    Secret(HmacKey),
    Fixed(KeySet),
    Remote(Arc<Remote>),
}

impl Keys {
    pub(crate) fn remote(&self) -> Option<&Arc<Remote>> {
        match self {
            Self::Remote(remote) => Some(remote),
            Self::Secret(_) | Self::Fixed(_) => None,
        }
    }

    /// The number of the set that is known now.
    #[inline]
    pub(crate) fn number(&self) -> u64 {
        self.remote().map_or(0, |remote| remote.number())
    }
}

impl Believed {
    /// Whether this issuer has signed it, and the number of the key set that says so.
    pub(crate) fn verify(&self, jws: &Compact<'_>) -> Result<u64, Fault> {
        if !self.algorithms.contains(&jws.algorithm) {
            return Err(Fault::AlgorithmNotPinned);
        }
        match &self.keys {
            Keys::Secret(secret) => secret.verify(self.backend, jws).map(|()| 0),
            Keys::Fixed(keys) => keys.verify(self.backend, jws).map(|()| 0),
            Keys::Remote(remote) => {
                let keys = remote.keys().ok_or(Fault::KeyUnknown)?;
                keys.verify(self.backend, jws).map(|()| keys.number)
            }
        }
    }
}
