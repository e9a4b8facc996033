/// Why credentials were refused.
///
/// A refusal carries it in its response's extensions, so that a layer further out may count failed
/// verifications, or show them by reason. A 503 carries none: it is nobody's failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// There are no credentials.
    Missing,
    /// The credentials are of another scheme, `Basic` perhaps.
    OtherScheme,
    /// The header is not `Bearer`, spaces, and one token.
    Malformed,
    /// The header is `Bearer`, and no token.
    Empty,
    /// There is more than one `Authorization` header.
    Duplicate,
    /// The header is longer than a token may be.
    TooLong,
    /// Nobody has this token.
    Unknown,
    /// The token's time is over.
    Expired,
    /// The token was taken back.
    Revoked,
    /// The token is good, and was not granted a scope that is needed here.
    InsufficientScope,
    /// The token is good, and credentials of its kind are not taken here.
    NotPermitted,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::Missing,
        Self::OtherScheme,
        Self::Malformed,
        Self::Empty,
        Self::Duplicate,
        Self::TooLong,
        Self::Unknown,
        Self::Expired,
        Self::Revoked,
        Self::InsufficientScope,
        Self::NotPermitted,
    ];

    /// Whether a token was looked at, and is not good: what guessing tokens leads to.
    pub const fn is_failed_verification(self) -> bool {
        matches!(self, Self::Unknown | Self::Expired | Self::Revoked)
    }

    /// Whether the caller is known, and may not: a 403.
    pub const fn is_forbidden(self) -> bool {
        matches!(self, Self::InsufficientScope | Self::NotPermitted)
    }

    /// The `error` of the challenge (RFC 6750, section 3.1): none for who sent no credentials, or
    /// credentials of another scheme.
    pub const fn error_code(self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::OtherScheme => None,
            Self::Malformed | Self::Empty | Self::Duplicate | Self::TooLong => {
                Some("invalid_request")
            }
            Self::Unknown | Self::Expired | Self::Revoked => Some("invalid_token"),
            Self::InsufficientScope | Self::NotPermitted => Some("insufficient_scope"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_stands_at_its_place() {
        for (place, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, place);
        }
    }
}
