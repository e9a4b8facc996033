use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// Somebody who signs, with a key of its own.
pub(crate) struct Signer {
    kid: String,
    pair: Ed25519KeyPair,
}

impl Signer {
    pub(crate) fn new(kid: &str) -> Self {
        let pair = Ed25519KeyPair::generate().expect("a key");
        Self { kid: kid.to_owned(), pair }
    }

    pub(crate) fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref());
        json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid})
    }

    pub(crate) fn set(&self) -> String {
        json!({ "keys": [self.jwk()] }).to_string()
    }

    /// A token of these claims, under the signer's own name.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_as(&self.kid, claims)
    }

    /// The same under any name.
    pub(crate) fn token_as(&self, kid: &str, claims: &Value) -> String {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid});
        let parts = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = parts.join(".");
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Claims that are good for an hour, with this scope.
pub(crate) fn claims(scope: &str) -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "alice",
        "nbf": now() - 60,
        "exp": now() + 3_600,
        "scope": scope,
    })
}
