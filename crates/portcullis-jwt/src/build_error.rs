use std::{error::Error, fmt};

use portcullis_core::BoxError;

use crate::Algorithm;

/// Why a [`Jwt`](crate::Jwt) cannot be built. Its `Display` says what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Nobody is believed.
    NoIssuer,
    /// No algorithm was named for this issuer.
    NoAlgorithm(String),
    /// No audience was named, and none was waived.
    NoAudience,
    /// A text that is compared with a claim or a header is empty.
    Empty(&'static str),
    /// Two issuers have the same name, or there is another beside [`Issuer::any`](crate::Issuer::any).
    Ambiguous(String),
    /// HMAC with public keys, or a public key's algorithm with a secret.
    KeysDoNotFit(Algorithm),
    /// A secret that is shorter than its algorithm demands.
    SecretTooShort {
        /// What it is for.
        algorithm: Algorithm,
        /// The secret's length in bytes.
        length: usize,
    },
    /// A key set given as text that has no key for these algorithms.
    NoKeys(BoxError),
    /// A URL that keys cannot be fetched from.
    Url {
        /// The URL.
        url: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Nobody was named who fetches keys, and the feature `client` is off.
    NoClient,
    /// The client cannot be set up.
    Client(BoxError),
    /// A time, a length or a number that cannot be meant.
    Setting {
        /// The method that sets it.
        setting: &'static str,
        /// What is wrong, and what to do.
        fault: &'static str,
    },
    /// No cryptography: neither the feature `aws-lc-rs` nor a provider that the process installed.
    NoBackend,
    /// The cryptography does not know an algorithm.
    AlgorithmUnknown(Algorithm),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoIssuer => {
                f.write_str("nobody's tokens are believed: name an issuer with `with_issuer`")
            }
            Self::NoAlgorithm(issuer) => write!(
                f,
                "no algorithm for the tokens of {issuer}: pin those that it signs with, \
                 `with_algorithms([Algorithm::Es256])` for instance"
            ),
            Self::NoAudience => f.write_str(
                "no audience: name this service as its tokens do with `with_audience`, or take \
                 tokens for any service with `with_any_audience`",
            ),
            Self::Empty(what) => write!(f, "an empty {what}: name it, or leave it out"),
            Self::Ambiguous(issuer) => write!(
                f,
                "it is not clear whose keys a token of {issuer} is verified with: name each issuer \
                 once, and none beside `Issuer::any`"
            ),
            Self::KeysDoNotFit(algorithm) => write!(
                f,
                "{algorithm} does not fit the issuer's keys: HMAC takes a `Secret`, all others take \
                 public keys"
            ),
            Self::SecretTooShort { algorithm, length } => write!(
                f,
                "a secret of {length} bytes is too short for {algorithm}: use {} or more random \
                 ones",
                algorithm.shortest_secret()
            ),
            Self::NoKeys(_) => f.write_str(
                "the key set has no key for the issuer's algorithms: give the issuer's JWK Set, \
                 `{\"keys\": […]}`",
            ),
            Self::Url { url, fault } => write!(f, "keys cannot be fetched from {url:?}: {fault}"),
            Self::NoClient => f.write_str(
                "nobody fetches the keys: enable the feature `client`, or give a `Fetch` of your \
                 own to `Jwks::with_fetch`",
            ),
            Self::Client(_) => f.write_str("the client that fetches keys cannot be set up"),
            Self::Setting { setting, fault } => write!(f, "`{setting}`: {fault}"),
            Self::NoBackend => f.write_str(
                "there is no cryptography to verify signatures with: enable the feature \
                 `aws-lc-rs`, or install a provider with jsonwebtoken's \
                 `CryptoProvider::install_default` before the layer is built",
            ),
            Self::AlgorithmUnknown(algorithm) => {
                write!(f, "the backend does not know {algorithm}: pin others, or use another")
            }
        }
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoKeys(source) | Self::Client(source) => Some(&**source),
            _ => None,
        }
    }
}
