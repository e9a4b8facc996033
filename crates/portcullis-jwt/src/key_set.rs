use std::fmt;

use jsonwebtoken::DecodingKey;
use portcullis_core::BoxError;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    Algorithm, Backend,
    fault::Fault,
    json,
    jwk::{self, Key, Skipped},
    jws::Compact,
};

/// The most keys that a set may have. A set of more is none: nobody has so many.
const MAX_KEYS: usize = 256;

/// With how many keys one token is tried, where its `kid` does not say which.
const MAX_TRIED: usize = 4;

/// How much of a `kid` is logged, in characters.
const MAX_TOLD: usize = 200;

/// The public keys of an issuer: a JWK Set (RFC 7517, section 5).
#[derive(Default)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
    /// What it was read from, so that the same set is known again.
    text: Box<[u8]>,
    /// How many sets came before it.
    pub(crate) number: u64,
}

/// A set, of which no key is read yet.
#[derive(Deserialize)]
struct Set<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// Of a key that is skipped, what the log calls it.
#[derive(Deserialize)]
struct Named {
    kid: Option<String>,
}

impl KeySet {
    /// Reads a set. A key that is bad, or for something else, is skipped; a set without a key that
    /// this backend verifies with, for any of these algorithms, is none.
    pub(crate) fn parse(
        text: &[u8],
        algorithms: &[Algorithm],
        backend: Backend,
    ) -> Result<Self, BoxError> {
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        if first != Some(&b'{') {
            return Err("it is no JSON object".into());
        }
        let set: Set<'_> = serde_json::from_slice(text).map_err(|error| place_of(&error))?;
        if set.keys.len() > MAX_KEYS {
            return Err(format!("it has {} keys, more than {MAX_KEYS}", set.keys.len()).into());
        }
        let mut keys = Vec::with_capacity(set.keys.len());
        for jwk in set.keys {
            let key = jwk::key(jwk.get().as_bytes());
            match key.and_then(|key| key.checked(algorithms, backend)) {
                Ok(key) => keys.push(key),
                Err(skipped) => said(jwk, &skipped),
            }
        }
        if keys.is_empty() {
            return Err("it has no key that can be used for the issuer's algorithms".into());
        }
        Ok(Self { keys, text: text.into(), number: 0 })
    }

    pub(crate) fn with_number(self, number: u64) -> Self {
        Self { number, ..self }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// Whether one of the keys that this may be signed with has signed it.
    ///
    /// A key without a `kid` may be any; a token without one may be signed with any.
    pub(crate) fn verify(&self, backend: Backend, jws: &Compact<'_>) -> Result<(), Fault> {
        let kid = jws.kid.as_deref();
        let may_be = |key: &&Key| {
            key.fits(jws.algorithm)
                && (kid.is_none() || key.kid.is_none() || key.kid.as_deref() == kid)
        };
        // Those that say that it is they go first.
        let is_named = |key: &&Key| kid.is_some() && key.kid.as_deref() == kid;
        let named = self.keys.iter().filter(may_be).filter(is_named);
        let others = self.keys.iter().filter(may_be).filter(|key| !is_named(key));
        let has_signed = |key: &Key| {
            let verified = backend.verify(jws.algorithm, &key.material, jws.signed, jws.signature);
            verified.unwrap_or(false)
        };
        if named.clone().chain(others).take(MAX_TRIED).any(has_signed) {
            return Ok(());
        }
        // Where a key by that name is known, another fetch is of no use.
        Err(if named.count() > 0 { Fault::WrongSignature } else { Fault::KeyUnknown })
    }
}

/// What a secret verifies.
pub(crate) struct HmacKey(DecodingKey);

impl HmacKey {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(DecodingKey::from_secret(secret))
    }

    pub(crate) fn verify(&self, backend: Backend, jws: &Compact<'_>) -> Result<(), Fault> {
        match backend.verify(jws.algorithm, &self.0, jws.signed, jws.signature) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Fault::WrongSignature),
        }
    }
}

/// Where the JSON is wrong. What serde says of it quotes what was fetched, all of it if need be.
fn place_of(error: &serde_json::Error) -> String {
    let fault = if error.is_data() { "it is no JWK Set" } else { "it is no JSON" };
    format!("{fault}: line {}, column {}", error.line(), error.column())
}

fn said(jwk: &RawValue, skipped: &Skipped) {
    let kid = json::object::<Named>(jwk.get().as_bytes()).and_then(|named| named.kid);
    let kid = kid.map(|kid| kid.chars().take(MAX_TOLD).collect::<String>());
    match skipped {
        Skipped::Purpose => tracing::debug!(key.id = ?kid, "a JWK is left out: {skipped}"),
        Skipped::Fault(_) => tracing::warn!(key.id = ?kid, "a JWK is skipped: {skipped}"),
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_set_is_said_without_quoting_it() {
        let long = "S".repeat(100_000);
        for (text, says) in [
            (format!(r#"{{"keys":"{long}"}}"#), "it is no JWK Set: line 1, column 100010"),
            (format!("{{\"keys\":[],\n\"{long}"), "it is no JSON: line 2, column 100001"),
            (format!("<{long}>"), "it is no JSON object"),
        ] {
            let parsed = KeySet::parse(text.as_bytes(), Algorithm::ALL, Backend::default());
            assert_eq!(parsed.unwrap_err().to_string(), says);
        }
    }
}
