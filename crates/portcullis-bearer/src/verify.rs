use std::fmt;

use portcullis_core::stack::Moment;

use crate::{Token, Verification};

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
    ///
    /// A panic, an error and a silence that lasts too long are all a 503, as
    /// [`Outcome::unavailable`](crate::Outcome::unavailable) is: the token may well be good.
    fn verify(&self, token: &Token) -> Verification<Self::Principal>;

    /// The same, of a verifier that knows the time already, or leaves it to the next guard.
    #[doc(hidden)]
    #[inline]
    fn verify_at(&self, token: &Token, moment: &mut Moment) -> Verification<Self::Principal> {
        moment.pass();
        self.verify(token)
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
