//! Tokens, signed by keys that are made here.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, jwk::Jwk};
use portcullis::{BoxError, jwt::IssuerKeys};
use serde_json::json;

pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// Somebody who signs with one algorithm.
pub(crate) struct Signer {
    pub(crate) algorithm: Algorithm,
    key: EncodingKey,
}

const SECRET: [u8; 32] = [7; 32];

impl Signer {
    pub(crate) fn new(algorithm: Algorithm) -> Result<Self, BoxError> {
        let key = match algorithm {
            Algorithm::HS256 => EncodingKey::from_secret(&SECRET),
            Algorithm::ES256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
                EncodingKey::from_ec_der(pair.to_pkcs8v1()?.as_ref())
            }
            Algorithm::RS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
                // jsonwebtoken wants PKCS#1, which is what PKCS#8 has after 26 bytes of wrapping.
                let wrapped = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)?;
                EncodingKey::from_rsa_der(wrapped.as_ref().get(26..).unwrap_or_default())
            }
            other => return Err(format!("nobody signs with {other:?} here").into()),
        };
        Ok(Self { algorithm, key })
    }

    /// A token as issuers make them, good for a day.
    pub(crate) fn token(&self, kid: &str) -> Result<String, BoxError> {
        let now = jsonwebtoken::get_current_timestamp();
        let claims = json!({
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "248289761001",
            "exp": now + 86_400,
            "nbf": now - 60,
            "iat": now - 60,
            "jti": "5f0b8a7e-1c1e-4b9a-9d0f-1b0a3f6d2c11",
            "scope": "invoices:read invoices:write",
        });
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(self.algorithm) };
        Ok(jsonwebtoken::encode(&header, &claims, &self.key)?)
    }

    /// The key as a JWK Set has it.
    pub(crate) fn jwks(&self) -> Result<String, BoxError> {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm)?;
        jwk.common.key_id = Some("a".to_owned());
        Ok(json!({ "keys": [jwk] }).to_string())
    }

    pub(crate) fn decoding_key(&self) -> Result<DecodingKey, BoxError> {
        match self.algorithm {
            Algorithm::HS256 => Ok(DecodingKey::from_secret(&SECRET)),
            algorithm => Ok(DecodingKey::from_jwk(&Jwk::from_encoding_key(&self.key, algorithm)?)?),
        }
    }

    pub(crate) fn keys(&self) -> Result<IssuerKeys, BoxError> {
        Ok(match self.algorithm {
            Algorithm::HS256 => portcullis::jwt::Secret::new(SECRET).into(),
            _ => portcullis::jwt::KeySetText::new(self.jwks()?).into(),
        })
    }
}
