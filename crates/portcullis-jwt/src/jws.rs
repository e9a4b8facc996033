use serde::Deserialize;

use crate::{
    Algorithm, base64url,
    fault::Fault,
    json::{self, IsThere},
};

/// The longest header that is decoded, in bytes of base64url.
const MAX_HEADER: usize = 2 * 1024;

/// A JSON Web Signature in its compact form (RFC 7515, section 7.1), of which nothing is believed yet.
#[derive(Debug)]
pub(crate) struct Compact<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    /// What is signed: header and payload, as they came.
    pub(crate) signed: &'a [u8],
    /// In base64url.
    payload: &'a [u8],
    /// In base64url.
    pub(crate) signature: &'a str,
}

/// Of a header, what is acted upon. Keys that it brings are not.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    crit: IsThere,
    /// Without `crit` it would have to be ignored (RFC 7797, section 6), and others do not.
    #[serde(default)]
    b64: IsThere,
    #[serde(default)]
    jwk: IsThere,
    #[serde(default)]
    jku: IsThere,
    #[serde(default)]
    x5u: IsThere,
    #[serde(default)]
    x5c: IsThere,
}

impl<'a> Compact<'a> {
    pub(crate) fn parse(token: &'a [u8]) -> Result<Self, Fault> {
        let mut parts = token.split(|byte| *byte == b'.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::NotCompact);
        };
        if header.is_empty() || signature.is_empty() {
            return Err(Fault::NotCompact);
        }
        if header.len() > MAX_HEADER {
            return Err(Fault::HeaderTooLong);
        }
        let signed = &token[..header.len() + 1 + payload.len()];
        let signature = str::from_utf8(signature).map_err(|_| Fault::NotBase64)?;

        let header = base64url::decode(header).ok_or(Fault::NotBase64)?;
        let header: Header = json::object(&header).ok_or(Fault::HeaderMalformed)?;
        if header.crit.0 || header.b64.0 {
            return Err(Fault::Critical);
        }
        if header.jwk.0 || header.jku.0 || header.x5u.0 || header.x5c.0 {
            return Err(Fault::KeyInHeader);
        }
        let algorithm = Algorithm::named(&header.alg).ok_or(Fault::AlgorithmNotPinned)?;
        let Header { kid, typ, .. } = header;
        Ok(Self { algorithm, kid, typ, signed, payload, signature })
    }

    pub(crate) fn payload(&self) -> Result<Vec<u8>, Fault> {
        base64url::decode(self.payload).ok_or(Fault::NotBase64)
    }
}
