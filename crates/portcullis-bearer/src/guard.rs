#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use http::{header::AUTHORIZATION, request::Parts};
use portcullis_core::{Admission, ApiError, Guard, Verdict};

use crate::{FromFn, Outcome, Token, Verification, Verify, parse, refusals::Refusals};

/// Lets in who has a valid bearer token, and puts the principal into the request's extensions.
///
/// See the [crate's documentation](crate) for what is accepted and what is answered.
pub struct Bearer<V> {
    verify: Arc<V>,
    refusals: Arc<Refusals>,
}

impl<V: Verify> Bearer<V> {
    /// A guard that asks `verify` whose a token is.
    pub fn new(verify: V) -> Self {
        Self { verify: Arc::new(verify), refusals: Arc::new(Refusals::new()) }
    }
}

impl<F, P> Bearer<FromFn<F>>
where
    F: Fn(&Token) -> Verification<P> + Send + Sync + 'static,
    P: Clone + Send + Sync + 'static,
{
    /// A guard that asks a closure whose a token is.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use portcullis_bearer::Bearer;
    ///
    /// let names = HashMap::from([("tok".to_owned(), "Alice")]);
    /// let bearer = Bearer::from_fn(move |token| names.get(token.as_str()).copied().into());
    /// # let _ = bearer;
    /// ```
    pub fn from_fn(verify: F) -> Self {
        Self::new(FromFn(verify))
    }
}

impl<V: Verify> Guard for Bearer<V> {
    fn check(&self, head: &mut Parts) -> Verdict {
        let token = match parse::token(&head.headers) {
            Ok(token) => token,
            Err(reason) => return Verdict::from(self.refusals.of(reason)),
        };
        if let Some(header) = head.headers.get_mut(AUTHORIZATION) {
            header.set_sensitive(true);
        }
        match self.verify.verify(&token) {
            Verification::Now(outcome) => match admit(outcome, &self.refusals) {
                Ok(principal) => {
                    head.extensions.insert(principal);
                    Verdict::from(Admission::new())
                }
                Err(refusal) => Verdict::from(refusal),
            },
            Verification::Later(outcome) => {
                let refusals = Arc::clone(&self.refusals);
                Verdict::later(async move {
                    let principal = admit(outcome.await, &refusals)?;
                    Ok(Admission::new().with_extension(principal))
                })
            }
        }
    }
}

fn admit<P>(outcome: Outcome<P>, refusals: &Refusals) -> Result<P, ApiError> {
    match outcome {
        Outcome::Accepted(principal) => Ok(principal),
        Outcome::Rejected(reason) => Err(refusals.of(reason)),
        Outcome::Unavailable(why) => Err(Refusals::unavailable(why)),
    }
}

impl<V> Clone for Bearer<V> {
    fn clone(&self) -> Self {
        Self { verify: Arc::clone(&self.verify), refusals: Arc::clone(&self.refusals) }
    }
}

impl<V> fmt::Debug for Bearer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}
