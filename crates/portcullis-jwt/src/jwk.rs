use std::fmt;

use jsonwebtoken::DecodingKey;
use serde::Deserialize;

use crate::{
    Algorithm, Backend,
    algorithm::Family,
    base64url,
    json::{self, IsThere},
};

/// The shortest RSA modulus that is taken, in bits; what AWS-LC verifies with goes up to 8,192.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// A public key that a signature may be verified with.
pub(crate) struct Key {
    pub(crate) kid: Option<Box<str>>,
    family: Family,
    /// What it says that it is for; any of its family's where it says nothing.
    algorithm: Option<Algorithm>,
    pub(crate) material: DecodingKey,
}

impl Key {
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        self.family == algorithm.family() && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// The key, where it is for one of these algorithms and the backend can verify with it.
    pub(crate) fn checked(
        self,
        algorithms: &[Algorithm],
        backend: Backend,
    ) -> Result<Self, Skipped> {
        let algorithm = algorithms.iter().find(|algorithm| self.fits(**algorithm));
        let algorithm = algorithm.ok_or(Skipped::Purpose)?;
        if backend.takes(*algorithm, &self.material) {
            Ok(self)
        } else {
            Err(Skipped::Fault("nothing can be verified with it"))
        }
    }
}

/// Why a JWK is left out of its set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// It is for something else: nothing is wrong with it.
    Purpose,
    /// It is what nobody should publish, or no key at all.
    Fault(&'static str),
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Purpose => "it is not for verifying signatures of the issuer's algorithms",
            Self::Fault(fault) => fault,
        })
    }
}

/// A JSON Web Key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    #[serde(default)]
    d: IsThere,
}

/// Reads one key of a set.
pub(crate) fn key(json: &[u8]) -> Result<Key, Skipped> {
    let jwk: Jwk = json::object(json).ok_or(Skipped::Fault("it is no JWK"))?;
    let is_for_signatures = jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
    let verifies =
        jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|it| it == "verify"));
    if !is_for_signatures || !verifies {
        return Err(Skipped::Purpose);
    }
    if jwk.kty == "oct" {
        return Err(Skipped::Fault("it is a secret, and secrets are not published"));
    }
    if jwk.d.0 {
        return Err(Skipped::Fault("it is a private key, and everybody can sign with it now"));
    }
    let algorithm = match jwk.alg.as_deref() {
        Some(name) => Some(Algorithm::named(name).ok_or(Skipped::Purpose)?),
        None => None,
    };
    let (family, material) = jwk.material()?;
    if algorithm.is_some_and(|algorithm| algorithm.family() != family) {
        return Err(Skipped::Fault("its `alg` is not of its `kty` and `crv`"));
    }
    Ok(Key { kid: jwk.kid.map(Box::from), family, algorithm, material })
}

impl Jwk {
    fn material(&self) -> Result<(Family, DecodingKey), Skipped> {
        match (&*self.kty, self.crv.as_deref()) {
            ("RSA", _) => {
                let (n, e) = (bytes(self.n.as_deref())?, bytes(self.e.as_deref())?);
                let (n, e) = (without_zeros(&n), without_zeros(&e));
                if !RSA_BITS.contains(&bits(n)) {
                    return Err(Skipped::Fault(
                        "its modulus has less than 2,048 bits or more than 8,192",
                    ));
                }
                if !is_odd(n) {
                    return Err(Skipped::Fault("its modulus is even"));
                }
                // 3 and more, and odd: with 1 anybody signs.
                if bits(e) < 2 || !is_odd(e) {
                    return Err(Skipped::Fault("its exponent is none"));
                }
                Ok((Family::Rsa, DecodingKey::from_rsa_raw_components(n, e)))
            }
            ("EC", Some("P-256")) => self.point(Family::P256, 32),
            ("EC", Some("P-384")) => self.point(Family::P384, 48),
            ("OKP", Some("Ed25519")) => {
                let x = exactly(32, bytes(self.x.as_deref())?)?;
                Ok((Family::Ed25519, DecodingKey::from_ed_der(&x)))
            }
            ("EC" | "OKP", Some(_)) => Err(Skipped::Purpose),
            _ => Err(Skipped::Fault("its `kty` is unknown, or its `crv` is missing")),
        }
    }

    /// An uncompressed point. Whether it lies on the curve is for the backend to say.
    fn point(&self, family: Family, length: usize) -> Result<(Family, DecodingKey), Skipped> {
        let x = exactly(length, bytes(self.x.as_deref())?)?;
        let y = exactly(length, bytes(self.y.as_deref())?)?;
        Ok((family, DecodingKey::from_ec_der(&[&[4], &*x, &*y].concat())))
    }
}

fn bytes(text: Option<&str>) -> Result<Vec<u8>, Skipped> {
    let text = text.ok_or(Skipped::Fault("a part of it is missing"))?;
    base64url::decode(text.as_bytes()).ok_or(Skipped::Fault("a part of it is not base64url"))
}

fn exactly(length: usize, bytes: Vec<u8>) -> Result<Vec<u8>, Skipped> {
    if bytes.len() == length {
        Ok(bytes)
    } else {
        Err(Skipped::Fault("a coordinate is too long or too short"))
    }
}

/// A number without the zeros before it, most significant byte first. RFC 7518, section 6.3.1.1, has
/// none there; some issuers do, and backends refuse it.
fn without_zeros(number: &[u8]) -> &[u8] {
    let leading = number.iter().take_while(|byte| **byte == 0).count();
    number.get(leading..).unwrap_or_default()
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}

/// How many bits a number has, most significant byte first.
fn bits(number: &[u8]) -> usize {
    let number = without_zeros(number);
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_from_the_first_that_is_set() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[0, 1]), 1);
        assert_eq!(bits(&[1, 0, 1]), 17);
        assert_eq!(bits(&[0xff; 256]), 2_048);
    }

    #[test]
    fn what_is_no_key_for_signatures_is_left_out_and_the_log_says_why() {
        let x = "A".repeat(43);
        let rsa = |n: &str, e: &str| format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#);
        let long = format!("{}w", "_".repeat(341));
        for (json, why) in [
            ("7".to_owned(), "it is no JWK"),
            (r#"["RSA"]"#.into(), "it is no JWK"),
            (r#"{"kty":"RSA","kty":"RSA"}"#.into(), "it is no JWK"),
            (r#"{"kid":"a"}"#.into(), "it is no JWK"),
            (r#"{"kty":"RSA"}"#.into(), "a part of it is missing"),
            (rsa("_w", "AQAB"), "its modulus has less than 2,048 bits or more than 8,192"),
            (rsa(&format!("{}g", &long[..341]), "AQAB"), "its modulus is even"),
            (rsa(&long, "AQ"), "its exponent is none"),
            (rsa(&long, "AAAB"), "its exponent is none"),
            (rsa(&long, "Ag"), "its exponent is none"),
            (rsa(&long, ""), "its exponent is none"),
            (rsa("=", "AQAB"), "a part of it is not base64url"),
            (r#"{"kty":"oct","k":"AAAA"}"#.into(), "it is a secret, and secrets are not published"),
            (
                format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{x}"}}"#),
                "it is a private key, and everybody can sign with it now",
            ),
            (
                format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","alg":"ES256"}}"#),
                "its `alg` is not of its `kty` and `crv`",
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-384","x":"{x}","y":"{x}"}}"#),
                "a coordinate is too long or too short",
            ),
            (r#"{"kty":"EC","x":"A"}"#.into(), "its `kty` is unknown, or its `crv` is missing"),
        ] {
            assert_eq!(key(json.as_bytes()).err(), Some(Skipped::Fault(why)), "{json}");
        }
        for member in [r#""use":"enc""#, r#""key_ops":["encrypt"]"#, r#""alg":"RSA-OAEP""#] {
            let json = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}",{member}}}"#);
            assert_eq!(key(json.as_bytes()).err(), Some(Skipped::Purpose), "{json}");
        }
        let secp256k1 = r#"{"kty":"EC","crv":"secp256k1","x":"A","y":"A"}"#;
        assert_eq!(key(secp256k1.as_bytes()).err(), Some(Skipped::Purpose));
    }
}
