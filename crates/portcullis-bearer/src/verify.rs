use std::{fmt, time::Duration};

use portcullis_core::{BoxError, BoxFuture};

use crate::{Reason, Token};

/// Says whose a token is.
///
/// ```
/// use std::collections::HashMap;
///
/// use portcullis_bearer::{Bearer, Token, Verification, Verify};
///
/// #[derive(Clone)]
/// struct Account { id: u64 }
///
/// struct Keys(HashMap<String, Account>);
///
/// impl Verify for Keys {
///     type Principal = Account;
///
///     fn verify(&self, token: &Token) -> Verification<Account> {
///         self.0.get(token.as_str()).cloned().into()
///     }
/// }
///
/// let bearer = Bearer::new(Keys(HashMap::new()));
/// # let _ = bearer;
/// ```
pub trait Verify: Send + Sync + 'static {
    /// Who the caller is: what handlers find in the request's extensions.
    type Principal: Clone + Send + Sync + 'static;

    /// Looks the token up, now or later.
    fn verify(&self, token: &Token) -> Verification<Self::Principal>;
}

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
#[derive(Debug)]
pub struct Unavailable {
    pub(crate) retry_after: Duration,
    pub(crate) source: BoxError,
}

impl<P> Outcome<P> {
    /// Nobody could say: a 503 with `Retry-After`, not a 401, so that the client does not throw a
    /// good token away. The cause is logged and never sent.
    pub fn unavailable(retry_after: Duration, source: impl Into<BoxError>) -> Self {
        Self::Unavailable(Unavailable { retry_after, source: source.into() })
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
    /// The future gives an [`Outcome`], or what converts into one: an `Option` (none is
    /// [`Reason::Unknown`]) or a `Result` with a [`Reason`]. It borrows nothing, so the token and the
    /// database are cloned into it; neither copies much:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use portcullis_bearer::{Bearer, Outcome, Token, Verification};
    ///
    /// # #[derive(Clone)] struct Account;
    /// # #[derive(Clone)] struct Pool;
    /// # impl Pool {
    /// #     async fn find(&self, _: &str) -> Result<Option<Account>, std::io::Error> { Ok(None) }
    /// # }
    /// # let pool = Pool;
    /// let bearer = Bearer::from_fn(move |token: &Token| {
    ///     let (pool, token) = (pool.clone(), token.clone());
    ///     Verification::later(async move {
    ///         match pool.find(token.as_str()).await {
    ///             Ok(account) => account.into(),
    ///             Err(error) => Outcome::unavailable(Duration::from_secs(1), error),
    ///         }
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

/// A closure as a [`Verify`]. See [`Bearer::from_fn`](crate::Bearer::from_fn).
#[derive(Clone, Copy)]
pub struct FromFn<F>(pub(crate) F);

impl<F, P> Verify for FromFn<F>
where
    F: Fn(&Token) -> Verification<P> + Send + Sync + 'static,
    P: Clone + Send + Sync + 'static,
{
    type Principal = P;

    fn verify(&self, token: &Token) -> Verification<P> {
        (self.0)(token)
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}
