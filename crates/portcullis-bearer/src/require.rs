use std::{fmt, marker::PhantomData};

use http::request::Parts;
use portcullis_core::{Admission, ApiError, Guard, Verdict};

use crate::{Reason, Refusals, exempt::AdmittedPreflight, missing::missing};

/// Lets in whose credentials were granted all of these scopes: 403 `insufficient_scope` for the
/// rest (RFC 6750, section 3.1), with the first missing scope named.
///
/// It stands behind a [`Bearer`](crate::Bearer), on the routes that it is for:
///
/// ```
/// use portcullis_bearer::{GuardLayer, RequireScopes};
///
/// #[derive(Clone)]
/// struct Account { scopes: Vec<String> }
///
/// impl Account {
///     fn may(&self, scope: &str) -> bool {
///         self.scopes.iter().any(|granted| granted == scope)
///     }
/// }
///
/// let writers = GuardLayer::new(RequireScopes::new(["tickets:write"], Account::may));
/// # let _ = writers;
/// ```
///
/// Whom a bearer let in without credentials gets a 401 here, but for a CORS preflight that the bearer
/// admitted as one, which passes. Anybody can send what looks like a preflight: where a handler
/// answers `OPTIONS` itself, as those of `any(…)` do, choose
/// [`OnPreflight::Verify`](crate::OnPreflight::Verify), and nothing passes without a principal. Where there is no bearer at all it is a 500, [`PRINCIPAL_MISSING`](crate::PRINCIPAL_MISSING), and
/// a line in the log says what to add.
pub struct RequireScopes<P, F> {
    scopes: Vec<(Box<str>, ApiError)>,
    has: F,
    principal: PhantomData<fn(&P)>,
}

impl<P, F> RequireScopes<P, F>
where
    P: Send + Sync + 'static,
    F: Fn(&P, &str) -> bool + Send + Sync + 'static,
{
    /// All of these scopes, of which `has` says whether a principal was granted one.
    ///
    /// # Panics
    ///
    /// When there is no scope, or one is no `scope-token` (RFC 6749, section 3.3): visible ASCII
    /// without spaces, quotes and backslashes.
    #[track_caller]
    pub fn new<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>, has: F) -> Self {
        let scopes: Vec<_> = scopes
            .into_iter()
            .map(|scope| (Box::from(scope.as_ref()), ApiError::forbidden()))
            .collect();
        assert!(!scopes.is_empty(), "no scope is required: name at least one, or leave this out");
        for (scope, _) in &scopes {
            assert!(
                is_scope(scope),
                "{scope:?} is no scope: use visible ASCII without spaces, quotes and backslashes"
            );
        }
        Self { scopes, has, principal: PhantomData }.with_refusals(&Refusals::new())
    }

    /// Says it as these do: see [`Reason::InsufficientScope`].
    #[must_use]
    pub fn with_refusals(mut self, refusals: &Refusals) -> Self {
        let needed: Vec<_> = self.scopes.iter().map(|(scope, _)| &**scope).collect();
        let needed = needed.join(" ");
        for (scope, refusal) in &mut self.scopes {
            *refusal = refusals.insufficient_scope(&needed, scope);
        }
        self
    }
}

impl<P, F> Guard for RequireScopes<P, F>
where
    P: Send + Sync + 'static,
    F: Fn(&P, &str) -> bool + Send + Sync + 'static,
{
    fn check(&self, head: &mut Parts) -> Verdict {
        let Some(principal) = head.extensions.get::<P>() else {
            return absent::<P>(head, "a RequireScopes");
        };
        match self.scopes.iter().find(|(scope, _)| !(self.has)(principal, scope)) {
            Some((_, refusal)) => Verdict::from(refusal.clone()),
            None => Verdict::from(Admission::new()),
        }
    }
}

/// Lets in some principals, by the kind of their credentials for instance: 403 for the rest.
///
/// ```
/// use portcullis_bearer::{GuardLayer, Permit, Reason, Refusals};
///
/// #[derive(Clone)]
/// struct Caller { is_session: bool }
///
/// let refusals = Refusals::new()
///     .with_message(Reason::NotPermitted, "API keys are not permitted for this endpoint");
/// let sessions = Permit::only(|caller: &Caller| caller.is_session).with_refusals(&refusals);
/// # let _ = GuardLayer::new(sessions);
/// ```
///
/// Like [`RequireScopes`] it stands behind a [`Bearer`](crate::Bearer), and treats who has no
/// principal alike.
pub struct Permit<P, F> {
    permits: F,
    refusal: ApiError,
    principal: PhantomData<fn(&P)>,
}

impl<P, F> Permit<P, F>
where
    P: Send + Sync + 'static,
    F: Fn(&P) -> bool + Send + Sync + 'static,
{
    /// Only principals of which this is true.
    pub fn only(permits: F) -> Self {
        let refusal = Refusals::new().of(Reason::NotPermitted);
        Self { permits, refusal, principal: PhantomData }
    }

    /// Says it as these do: see [`Reason::NotPermitted`].
    #[must_use]
    pub fn with_refusals(self, refusals: &Refusals) -> Self {
        Self { refusal: refusals.of(Reason::NotPermitted), ..self }
    }
}

impl<P, F> Guard for Permit<P, F>
where
    P: Send + Sync + 'static,
    F: Fn(&P) -> bool + Send + Sync + 'static,
{
    fn check(&self, head: &mut Parts) -> Verdict {
        match head.extensions.get::<P>() {
            Some(principal) if (self.permits)(principal) => Verdict::from(Admission::new()),
            Some(_) => Verdict::from(self.refusal.clone()),
            None => absent::<P>(head, "a Permit"),
        }
    }
}

#[cold]
fn absent<P>(head: &Parts, who: &str) -> Verdict {
    if head.extensions.get::<AdmittedPreflight>().is_some() {
        return Verdict::from(Admission::new());
    }
    Verdict::from(missing::<P>(head, who))
}

/// `scope-token` (RFC 6749, section 3.3).
fn is_scope(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
}

impl<P, F> fmt::Debug for RequireScopes<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes: Vec<_> = self.scopes.iter().map(|(scope, _)| scope).collect();
        f.debug_struct("RequireScopes").field("scopes", &scopes).finish_non_exhaustive()
    }
}

impl<P, F> fmt::Debug for Permit<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("refusal", &self.refusal).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use portcullis_core::Anonymous;

    use super::*;
    use crate::PRINCIPAL_MISSING;

    #[derive(Clone)]
    struct Account(&'static [&'static str]);

    fn refusal(guard: &impl Guard, principal: Account) -> Option<ApiError> {
        let (mut head, ()) = Request::new(()).into_parts();
        head.extensions.insert(principal);
        let Verdict::Now(decision) = guard.check(&mut head) else { panic!("it is decided now") };
        decision.err()
    }

    #[test]
    fn the_first_scope_that_is_missing_is_named() {
        let guard = RequireScopes::new(["a", "b"], |account: &Account, scope: &str| {
            account.0.contains(&scope)
        });
        for (granted, missing) in [
            (&["a", "b", "c"] as &[_], None),
            (&["a"], Some("Missing required scope: b")),
            (&["b"], Some("Missing required scope: a")),
            (&[], Some("Missing required scope: a")),
        ] {
            let refusal = refusal(&guard, Account(granted));
            assert_eq!(refusal.as_ref().map(ApiError::message), missing);
            let reason = refusal.and_then(|refusal| refusal.extensions().get().copied());
            assert_eq!(reason, missing.map(|_| Reason::InsufficientScope));
        }
    }

    #[test]
    fn without_a_principal_it_is_our_fault_unless_a_bearer_let_it_in_without() {
        let permit = Permit::only(|_: &Account| true);
        let scopes = RequireScopes::new(["a"], |_: &Account, _: &str| true);
        for guard in [&permit as &dyn Guard, &scopes] {
            let check = |mut head| match guard.check(&mut head) {
                Verdict::Now(decision) => decision.err(),
                _ => panic!("it is decided now"),
            };
            let head = |request: http::request::Builder| request.body(()).unwrap().into_parts().0;
            let forgotten = check(head(Request::get("/")));
            assert_eq!(forgotten.unwrap().code(), Some(PRINCIPAL_MISSING));

            let anonymous = || Anonymous::new(Refusals::new().of(Reason::Missing));
            let refused = check(head(Request::get("/").extension(anonymous())));
            assert_eq!(refused.unwrap().status().as_u16(), 401);
            let preflight = Request::options("/")
                .header("origin", "https://app.test")
                .header("access-control-request-method", "PUT");
            let preflight = preflight.extension(anonymous());
            let unmarked = head(preflight);
            let mut admitted = unmarked.clone();
            admitted.extensions.insert(AdmittedPreflight);
            assert!(check(admitted).is_none());
            // That it looks like one is nothing.
            assert_eq!(check(unmarked).unwrap().status().as_u16(), 401);
        }
    }

    #[test]
    #[should_panic = "name at least one"]
    fn no_scope_at_all_is_refused_when_the_layer_is_built() {
        let _ = RequireScopes::new([""; 0], |_: &Account, _: &str| true);
    }

    #[test]
    #[should_panic = "is no scope"]
    fn two_scopes_in_one_are_refused_when_the_layer_is_built() {
        let _ = RequireScopes::new(["a b"], |_: &Account, _: &str| true);
    }
}
