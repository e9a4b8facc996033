use std::{fmt, time::Duration};

use portcullis_core::{BoxError, BoxFuture};

use crate::Reason;

/// What came of looking a token up.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<P> {
    /// The token is this principal's.
    Accepted(P),
    /// The token is not good.
    Rejected(Reason),
    /// Nobody could say, a database being down perhaps. See [`Outcome::unavailable`].
    Unavailable(Unavailable),
}

/// Why nobody could say whether a token is good.
///
/// `Debug` does not show the cause, which may quote the token.
pub struct Unavailable {
    pub(crate) retry_after: Option<Duration>,
    pub(crate) source: BoxError,
}

impl<P> Outcome<P> {
    /// Nobody could say: a 503 with `Retry-After`, not a 401, so that the client does not throw a
    /// good token away. The cause is logged and never sent.
    pub fn unavailable(retry_after: Duration, source: impl Into<BoxError>) -> Self {
        Self::Unavailable(Unavailable { retry_after: Some(retry_after), source: source.into() })
    }
}

/// An [`Outcome`], now or later: what is looked up in memory costs no box.
#[must_use = "a verification does nothing until a verifier returns it"]
#[non_exhaustive]
pub enum Verification<P> {
    /// Known without waiting.
    Now(Outcome<P>),
    /// Known when the future is ready.
    Later(BoxFuture<Outcome<P>>),
}

impl<P: 'static> Verification<P> {
    /// A verification that has to wait for something.
    ///
    /// The future gives an [`Outcome`], or what converts into one:
    ///
    /// - an `Option`, where none is [`Reason::Unknown`],
    /// - a `Result` of an `Option`, where an error is a 503,
    /// - a [`Reason`], or a `Result` with one, of a principal or of an `Option`,
    /// - a `Result` of an [`Outcome`], where an error is a 503: what can be good, be refused for more
    ///   than one reason, and fail.
    ///
    /// It borrows nothing, so the token and the database are cloned into it:
    ///
    /// ```
    /// use portcullis_bearer::{Bearer, Token, Verification};
    ///
    /// # #[derive(Clone)] struct Account;
    /// # #[derive(Clone)] struct Pool;
    /// # impl Pool {
    /// #     async fn find(&self, _: &str) -> Result<Option<Account>, std::io::Error> { Ok(None) }
    /// # }
    /// # let pool = Pool;
    /// let bearer = Bearer::from_fn(move |token: &Token| {
    ///     let (pool, token) = (pool.clone(), token.clone());
    ///     Verification::later(async move { pool.find(token.as_str()).await })
    /// });
    /// # let _ = bearer;
    /// ```
    ///
    /// With more to say than found or not:
    ///
    /// ```
    /// use portcullis_bearer::{Bearer, Outcome, Reason, Token, Verification};
    /// # #[derive(Clone)] struct Account { is_expired: bool }
    /// # #[derive(Clone)] struct Pool;
    /// # impl Pool {
    /// #     async fn find(&self, _: &str) -> Result<Option<Account>, std::io::Error> { Ok(None) }
    /// # }
    /// # let pool = Pool;
    ///
    /// let bearer = Bearer::from_fn(move |token: &Token| {
    ///     let (pool, token) = (pool.clone(), token.clone());
    ///     Verification::later(async move {
    ///         Ok::<_, std::io::Error>(match pool.find(token.as_str()).await? {
    ///             Some(account) if account.is_expired => Outcome::Rejected(Reason::Expired),
    ///             Some(account) => Outcome::Accepted(account),
    ///             None => Outcome::Rejected(Reason::Unknown),
    ///         })
    ///     })
    /// });
    /// # let _ = bearer;
    /// ```
    pub fn later<O: Into<Outcome<P>>>(outcome: impl Future<Output = O> + Send + 'static) -> Self {
        Self::Later(Box::pin(async move { outcome.await.into() }))
    }
}

impl<P: fmt::Debug> fmt::Debug for Verification<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(outcome) => f.debug_tuple("Now").field(outcome).finish(),
            Self::Later(_) => f.debug_tuple("Later").finish_non_exhaustive(),
        }
    }
}

impl<P> From<Option<P>> for Outcome<P> {
    fn from(principal: Option<P>) -> Self {
        principal.map_or(Self::Rejected(Reason::Unknown), Self::Accepted)
    }
}

impl<P> From<Result<P, Reason>> for Outcome<P> {
    fn from(principal: Result<P, Reason>) -> Self {
        principal.map_or_else(Self::Rejected, Self::Accepted)
    }
}

/// Without a principal it is [`Reason::Unknown`]. Where nothing else says who the principal is, the
/// compiler asks, so that nobody is let in as an `Option` that is empty.
impl<P> From<Result<Option<P>, Reason>> for Outcome<P> {
    fn from(found: Result<Option<P>, Reason>) -> Self {
        found.map_or_else(Self::Rejected, Self::from)
    }
}

impl<P> From<Reason> for Outcome<P> {
    fn from(reason: Reason) -> Self {
        Self::Rejected(reason)
    }
}

/// An error is a 503 with the guard's own `Retry-After`
/// ([`Bearer::with_retry_after`](crate::Bearer::with_retry_after)).
impl<P, E: Into<BoxError>> From<Result<Option<P>, E>> for Outcome<P> {
    fn from(found: Result<Option<P>, E>) -> Self {
        match found {
            Ok(principal) => principal.into(),
            Err(error) => {
                Self::Unavailable(Unavailable { retry_after: None, source: error.into() })
            }
        }
    }
}

/// As the verifier says; an error is a 503 with the guard's own `Retry-After`.
impl<P, E: Into<BoxError>> From<Result<Self, E>> for Outcome<P> {
    fn from(outcome: Result<Self, E>) -> Self {
        outcome.unwrap_or_else(|error| {
            Self::Unavailable(Unavailable { retry_after: None, source: error.into() })
        })
    }
}

impl fmt::Debug for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unavailable")
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl<P> From<Outcome<P>> for Verification<P> {
    fn from(outcome: Outcome<P>) -> Self {
        Self::Now(outcome)
    }
}

impl<P> From<Option<P>> for Verification<P> {
    fn from(principal: Option<P>) -> Self {
        Self::Now(principal.into())
    }
}

impl<P> From<Result<P, Reason>> for Verification<P> {
    fn from(principal: Result<P, Reason>) -> Self {
        Self::Now(principal.into())
    }
}

/// As for an [`Outcome`]: name the principal where the compiler asks for it.
impl<P> From<Result<Option<P>, Reason>> for Verification<P> {
    fn from(found: Result<Option<P>, Reason>) -> Self {
        Self::Now(found.into())
    }
}

impl<P> From<Reason> for Verification<P> {
    fn from(reason: Reason) -> Self {
        Self::Now(reason.into())
    }
}

impl<P, E: Into<BoxError>> From<Result<Option<P>, E>> for Verification<P> {
    fn from(found: Result<Option<P>, E>) -> Self {
        Self::Now(found.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_not_found_is_refused_however_the_verifier_says_it() {
        let found = |found: Result<Option<u8>, Reason>| found;
        for (found, expected) in [
            (found(Ok(Some(7))), Ok(7)),
            (found(Ok(None)), Err(Reason::Unknown)),
            (found(Err(Reason::Expired)), Err(Reason::Expired)),
        ] {
            for outcome in [Outcome::<u8>::from(found), now(found.into())] {
                match outcome {
                    Outcome::Accepted(principal) => assert_eq!(Ok(principal), expected),
                    Outcome::Rejected(reason) => assert_eq!(Err(reason), expected),
                    Outcome::Unavailable(_) => panic!("it is known"),
                }
            }
        }
    }

    fn now(verification: Verification<u8>) -> Outcome<u8> {
        match verification {
            Verification::Now(outcome) => outcome,
            Verification::Later(_) => panic!("it is known now"),
        }
    }
}
