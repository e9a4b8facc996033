/// Why credentials were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// There is no `Authorization` header.
    Missing,
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
}
