use aws_lc_rs::{
    encoding::AsDer,
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::Algorithm;

/// Somebody who signs.
pub(crate) struct Signer {
    algorithm: Algorithm,
    kid: Option<String>,
    key: Key,
}

enum Key {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
    Secret(Vec<u8>),
}

impl Signer {
    /// With a key of its own, just made.
    pub(crate) fn new(algorithm: Algorithm, kid: &str) -> Self {
        let key = match algorithm {
            Algorithm::Es256 => {
                Key::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
            }
            Algorithm::Es384 => {
                Key::Ec(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap())
            }
            Algorithm::EdDsa => Key::Ed(Ed25519KeyPair::generate().unwrap()),
            Algorithm::Rs256 | Algorithm::Ps256 => {
                Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
            }
            other => panic!("nobody signs with {other} here"),
        };
        Self { algorithm, kid: Some(kid.to_owned()), key }
    }

    pub(crate) fn with_secret(secret: &[u8]) -> Self {
        Self { algorithm: Algorithm::Hs256, kid: None, key: Key::Secret(secret.to_vec()) }
    }

    pub(crate) fn without_kid(self) -> Self {
        Self { kid: None, ..self }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its public key.
    pub(crate) fn jwk(&self) -> Value {
        let coordinates = |point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            (encode(x), encode(y))
        };
        let mut jwk = match &self.key {
            Key::Ec(pair) => {
                let (x, y) = coordinates(pair.public_key().as_ref());
                let crv = if self.algorithm == Algorithm::Es256 { "P-256" } else { "P-384" };
                json!({"kty": "EC", "crv": crv, "x": x, "y": y})
            }
            Key::Ed(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref())})
            }
            Key::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } =
                    RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": encode(&n), "e": encode(&e)})
            }
            Key::Secret(secret) => json!({"kty": "oct", "k": encode(secret)}),
        };
        if let Some(kid) = &self.kid {
            jwk["kid"] = kid.as_str().into();
        }
        jwk
    }

    /// Its public key as bytes: what somebody may take for a secret.
    pub(crate) fn public_key(&self) -> Vec<Vec<u8>> {
        let der = |key: &dyn Fn() -> Vec<u8>| key();
        match &self.key {
            Key::Ec(pair) => vec![
                pair.public_key().as_ref().to_vec(),
                der(&|| pair.public_key().as_der().unwrap().as_ref().to_vec()),
                self.jwk().to_string().into_bytes(),
            ],
            Key::Rsa(pair) => {
                vec![pair.public_key().as_ref().to_vec(), self.jwk().to_string().into_bytes()]
            }
            Key::Ed(pair) => vec![pair.public_key().as_ref().to_vec()],
            Key::Secret(secret) => vec![secret.clone()],
        }
    }

    /// A token of these claims.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let mut header = json!({"alg": self.algorithm.name(), "typ": "JWT"});
        if let Some(kid) = &self.kid {
            header["kid"] = kid.as_str().into();
        }
        self.token_with(&header.to_string(), &claims.to_string())
    }

    /// A token of this header and these claims, whatever they are.
    pub(crate) fn token_with(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        format!("{signed}.{}", encode(&self.sign(signed.as_bytes())))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Key::Rsa(pair) => {
                let padding: &dyn RsaEncoding = match self.algorithm {
                    Algorithm::Rs256 => &RSA_PKCS1_SHA256,
                    _ => &RSA_PSS_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
            Key::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, message).as_ref().to_vec()
            }
        }
    }
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The set of these signers' keys.
pub(crate) fn set<'a>(signers: impl IntoIterator<Item = &'a Signer>) -> String {
    let keys: Vec<_> = signers.into_iter().map(Signer::jwk).collect();
    json!({ "keys": keys }).to_string()
}
