use std::{fmt, ops::Deref, sync::Arc};

use crate::registered::Span;

/// What a token that was verified says: your own type, and what was granted.
///
/// It is what handlers find in the request's extensions: with axum, `Principal<Claims<C>>`. Requests
/// with the same token share one, and a clone is a count.
///
/// ```
/// use portcullis_bearer::{GuardLayer, RequireScopes};
/// use portcullis_jwt::Claims;
///
/// #[derive(serde::Deserialize)]
/// struct Account { sub: String }
///
/// let readers = GuardLayer::new(RequireScopes::new(["invoices:read"], Claims::<Account>::may));
/// # let _ = readers;
/// ```
pub struct Claims<C>(Arc<Verified<C>>);

pub(crate) struct Verified<C> {
    pub(crate) claims: C,
    pub(crate) scopes: Vec<String>,
    pub(crate) span: Span,
    /// Whose keys it was verified with, as a place in the list of who is believed.
    pub(crate) issuer: usize,
    /// The number of the key set that it was verified with.
    pub(crate) key_set: u64,
}

impl<C> Claims<C> {
    pub(crate) fn new(verified: Verified<C>) -> Self {
        Self(Arc::new(verified))
    }

    pub(crate) fn verified(&self) -> &Verified<C> {
        &self.0
    }

    /// Your own type, as it was read from the token's claims. `Deref` gives it too.
    pub fn get(&self) -> &C {
        &self.0.claims
    }

    /// The scopes that were granted, in the token's order.
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    /// Whether this scope was granted: what
    /// [`RequireScopes`](portcullis_bearer::RequireScopes) asks.
    pub fn may(&self, scope: &str) -> bool {
        self.0.scopes.iter().any(|granted| granted == scope)
    }
}

impl<C> Deref for Claims<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0.claims
    }
}

impl<C> Clone for Claims<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: fmt::Debug> fmt::Debug for Claims<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("claims", &self.0.claims)
            .field("scopes", &self.0.scopes)
            .finish_non_exhaustive()
    }
}
