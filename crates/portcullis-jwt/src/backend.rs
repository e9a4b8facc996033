use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonwebtoken::DecodingKey;

use crate::{Algorithm, algorithm::Family, build_error::BuildError};

/// Whose cryptography verifies signatures.
///
/// Without a word from you it is `AwsLc` where the feature `aws-lc-rs` is on, and `ProcessDefault`
/// where it is not. Either is tried with every algorithm when the layer is built, and a
/// [`BuildError`] where it does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// AWS-LC, called directly: what the process has installed, and which features others have turned
    /// on in jsonwebtoken, changes nothing.
    #[cfg(feature = "aws-lc-rs")]
    AwsLc,
    /// What jsonwebtoken 11 has installed for the process, or its one backend. It has none, and would
    /// panic, where neither or both of its backends are on and nobody called `install_default`. Under
    /// `panic = "abort"` that ends the process when the layer is built, and is no [`BuildError`].
    ProcessDefault,
}

impl Default for Backend {
    fn default() -> Self {
        #[cfg(feature = "aws-lc-rs")]
        return Self::AwsLc;
        #[cfg(not(feature = "aws-lc-rs"))]
        return Self::ProcessDefault;
    }
}

/// Something that is no signature of anything.
const NO_SIGNATURE: &str = "AAAA";

impl Backend {
    /// Whether this is the signature, in base64url, of this message.
    ///
    /// # Errors
    ///
    /// When the backend does not know the algorithm, or the key is not of it.
    pub(crate) fn verify(
        self,
        algorithm: Algorithm,
        key: &DecodingKey,
        message: &[u8],
        signature: &str,
    ) -> Result<bool, jsonwebtoken::errors::Error> {
        match self {
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLc => {
                let factory = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.verifier_factory;
                let verifier = factory(&algorithm.of_backend(), key)?;
                let Some(signature) = crate::base64url::decode(signature.as_bytes()) else {
                    return Ok(false);
                };
                Ok(verifier.verify(message, &signature).is_ok())
            }
            Self::ProcessDefault => {
                jsonwebtoken::crypto::verify(signature, message, key, algorithm.of_backend())
            }
        }
    }

    /// Whether this key is one that something of this algorithm can be verified with. AWS-LC reads it;
    /// others are asked to verify with it, and may answer only that nothing is right.
    pub(crate) fn takes(self, algorithm: Algorithm, key: &DecodingKey) -> bool {
        match self {
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLc => aws_lc::reads(algorithm.family(), key),
            Self::ProcessDefault => self.verify(algorithm, key, b"", NO_SIGNATURE).is_ok(),
        }
    }

    /// Tries every algorithm once, so that what is missing is missed now.
    pub(crate) fn check(self, algorithms: &[Algorithm]) -> Result<(), BuildError> {
        for algorithm in algorithms {
            // jsonwebtoken answers with a panic where it has no backend.
            let tried = catch_unwind(AssertUnwindSafe(|| {
                self.verify(*algorithm, &any_key(algorithm.family()), b"", NO_SIGNATURE)
            }));
            match tried {
                Ok(Ok(false)) => {}
                Ok(Ok(true) | Err(_)) => return Err(BuildError::AlgorithmUnknown(*algorithm)),
                Err(_) => return Err(BuildError::NoBackend),
            }
        }
        Ok(())
    }
}

#[cfg(feature = "aws-lc-rs")]
mod aws_lc {
    use aws_lc_rs::{
        rsa::{PublicEncryptingKey, PublicKeyComponents},
        signature::{
            ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
            VerificationAlgorithm,
        },
    };
    use jsonwebtoken::{DecodingKey, DecodingKeyKind};

    use crate::algorithm::Family;

    pub(super) fn reads(family: Family, key: &DecodingKey) -> bool {
        let algorithm: &'static dyn VerificationAlgorithm = match (family, key.kind()) {
            (Family::P256, _) => &ECDSA_P256_SHA256_FIXED,
            (Family::P384, _) => &ECDSA_P384_SHA384_FIXED,
            (Family::Ed25519, _) => &ED25519,
            (Family::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key: Result<PublicEncryptingKey, _> = PublicKeyComponents { n, e }.try_into();
                return key.is_ok();
            }
            (Family::Rsa | Family::Hmac, _) => return false,
        };
        key.try_get_as_bytes().is_ok_and(|point| ParsedPublicKey::new(algorithm, point).is_ok())
    }
}

/// A key of this family that is one, since some backends look: the generators of the curves.
fn any_key(family: Family) -> DecodingKey {
    let point = |point: &str| crate::base64url::decode(point.as_bytes()).unwrap_or_default();
    match family {
        Family::Hmac => DecodingKey::from_secret(&[0; 64]),
        Family::Rsa => DecodingKey::from_rsa_raw_components(&[0xff; 256], &[1, 0, 1]),
        Family::P256 => DecodingKey::from_ec_der(&point(P256)),
        Family::P384 => DecodingKey::from_ec_der(&point(P384)),
        Family::Ed25519 => {
            let mut base = [0x66; 32];
            base[0] = 0x58;
            DecodingKey::from_ed_der(&base)
        }
    }
}

const P256: &str = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v\
                    4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
const P384: &str = "BKqHyiK-iwU3jrHHHvMgrXRuHTtii6ebmFn3QeCCVCo4VQLyXb9VKWw6VF44cnYKt\
                    zYX3kqWJixvXZ6Yv5KS3Cn49B29KJoUfOnaMRO18LjACmCxzh1-gZ16Qx18kOoOXw";

#[cfg(test)]
#[cfg(not(feature = "aws-lc-rs"))]
mod tests {
    use super::*;

    /// jsonwebtoken as it is without a backend: `cargo test -p portcullis-jwt`, and no feature.
    #[test]
    fn where_there_is_no_backend_it_is_said_when_the_layer_is_built() {
        for algorithm in Algorithm::ALL {
            let checked = Backend::default().check(&[*algorithm]);
            assert!(matches!(checked, Err(BuildError::NoBackend)), "{algorithm}: {checked:?}");
        }
    }
}

#[cfg(test)]
#[cfg(feature = "aws-lc-rs")]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_a_backend() {
        Backend::AwsLc.check(Algorithm::ALL).unwrap();
    }

    #[test]
    fn a_point_that_is_not_on_the_curve_is_no_key() {
        for (algorithm, length) in [(Algorithm::Es256, 64), (Algorithm::Es384, 96)] {
            let none = DecodingKey::from_ec_der(&[&[4][..], &vec![7; length]].concat());
            assert!(!Backend::AwsLc.takes(algorithm, &none), "{algorithm}");
            assert!(Backend::AwsLc.takes(algorithm, &any_key(algorithm.family())), "{algorithm}");
        }
        for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
            assert!(Backend::AwsLc.takes(algorithm, &any_key(algorithm.family())), "{algorithm}");
        }
    }
}
