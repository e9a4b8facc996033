use std::fmt;

use portcullis_bearer::Reason;

/// What is wrong with a token, for the log. It quotes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    TooLong,
    NotCompact,
    NotBase64,
    HeaderTooLong,
    HeaderMalformed,
    Critical,
    KeyInHeader,
    AlgorithmNotPinned,
    WrongType,
    /// There is no such key, or none yet: it may help to fetch them.
    KeyUnknown,
    WrongSignature,
    ClaimsMalformed,
    IssuerMissing,
    IssuerUnknown,
    AudienceMissing,
    WrongAudience,
    ExpiryMissing,
    NotBeforeMissing,
    WrongTime,
    NotYet,
    Expired,
    WrongScopes,
    WrongClaims,
}

impl Fault {
    pub(crate) const fn reason(self) -> Reason {
        match self {
            Self::Expired => Reason::Expired,
            _ => Reason::Unknown,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "it is too long",
            Self::NotCompact => "it is not three parts with dots between them",
            Self::NotBase64 => "it is not base64url",
            Self::HeaderTooLong => "its header is too long",
            Self::HeaderMalformed => "its header is no JSON object with an `alg`",
            Self::Critical => "its header has `crit` or `b64`",
            Self::KeyInHeader => "its header brings a key, or says where one is",
            Self::AlgorithmNotPinned => "its algorithm is not one of the issuer's",
            Self::WrongType => "its `typ` is another",
            Self::KeyUnknown => "there is no such key",
            Self::WrongSignature => "its signature is wrong",
            Self::ClaimsMalformed => "its claims are no JSON object, or one claim comes twice",
            Self::IssuerMissing => "`iss` is missing",
            Self::IssuerUnknown => "`iss` is nobody who is believed",
            Self::AudienceMissing => "`aud` is missing",
            Self::WrongAudience => "`aud` is somebody else",
            Self::ExpiryMissing => "`exp` is missing",
            Self::NotBeforeMissing => "`nbf` is missing",
            Self::WrongTime => "`exp` or `nbf` is no whole number of seconds",
            Self::NotYet => "`nbf` has not come",
            Self::Expired => "`exp` is over",
            Self::WrongScopes => "`scope` or `scp` is neither a text nor an array of texts",
            Self::WrongClaims => "its claims are not what the service reads",
        })
    }
}
