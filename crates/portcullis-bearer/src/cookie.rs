mod parse;

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use http::{header::COOKIE, request::Parts};
use portcullis_core::{Guard, Verdict, stack::Moment};

use crate::{
    Challenge, FromFn, Inbound, Reason, Refusals, Token, Verification, Verify,
    exempt::hide,
    judge::{Judge, Judgement},
};

/// A session that a cookie names: a guard of its own, or a second way past a
/// [`Bearer`](crate::Bearer::or_cookie).
///
/// ```
/// use portcullis_bearer::{Bearer, GuardLayer, Refusals, Reason, SessionCookie};
/// # #[derive(Clone)] struct Account;
/// # let key = |_: &portcullis_bearer::Token| Some(Account).into();
/// # let session = key;
///
/// // Either way in, one kind of principal:
/// let either = Bearer::from_fn(key).or_cookie(SessionCookie::from_fn("__Host-session", session));
///
/// // A route that takes sessions only:
/// let sessions = SessionCookie::from_fn("__Host-session", session)
///     .with_refusals(Refusals::new().with_message(Reason::Missing, "no session cookie"));
/// # let _ = (GuardLayer::new(either), GuardLayer::new(sessions));
/// ```
///
/// A browser sends cookies with requests that other sites make it send: put a defence against that
/// in front, tower-http's `CsrfLayer` for instance.
///
/// It is challenged for as `Cookie cookie-name="__Host-session"`, which browsers ignore; see
/// [`with_challenge`](Self::with_challenge).
pub struct SessionCookie<V: ?Sized> {
    name: Cow<'static, str>,
    challenge: Challenge,
    is_challenged_beside: bool,
    inbound: Inbound,
    judge: Arc<Judge>,
    refusals: Refusals,
    verify: Arc<V>,
}

impl<V: Verify> SessionCookie<V> {
    /// Asks `verify` whose session this cookie's value is.
    ///
    /// # Panics
    ///
    /// When the name does not begin with `__Host-`. Browsers let nobody but the very host set such a
    /// cookie; another's name is set by any subdomain, and by whoever sits on the way to one. See
    /// [`unprefixed`](Self::unprefixed).
    #[track_caller]
    pub fn new(name: impl Into<Cow<'static, str>>, verify: V) -> Self {
        let name = name.into();
        assert!(
            name.starts_with("__Host-"),
            "{name:?} may be set by any subdomain: name the cookie `__Host-…`, or use `unprefixed`"
        );
        Self::unprefixed(name, verify)
    }

    /// The same for a cookie whose name has no prefix, of which you know who can set it.
    ///
    /// # Panics
    ///
    /// When the name is no cookie's name (RFC 6265, section 4.1.1).
    #[track_caller]
    pub fn unprefixed(name: impl Into<Cow<'static, str>>, verify: V) -> Self {
        let name = name.into();
        assert!(
            !name.is_empty() && name.bytes().all(crate::challenge::is_token_byte),
            "{name:?} is no cookie's name: use letters, digits, `-` and `_`"
        );
        let challenge = Challenge::new("Cookie").with("cookie-name", name.clone());
        let unsettled = Self {
            name,
            challenge,
            is_challenged_beside: true,
            inbound: Inbound::default(),
            judge: Arc::new(Judge::new()),
            refusals: Refusals::new().of_sessions(),
            verify: Arc::new(verify),
        };
        unsettled.settled()
    }

    /// Challenges for the session like this.
    #[must_use]
    pub fn with_challenge(self, challenge: Challenge) -> Self {
        Self { challenge, ..self }.settled()
    }

    /// Adds no challenge to those of a [`Bearer`](crate::Bearer::or_cookie). Alone it keeps its own,
    /// since a 401 has to have one (RFC 9110, section 15.5.2).
    #[must_use]
    pub fn unchallenged(self) -> Self {
        Self { is_challenged_beside: false, ..self }
    }

    /// Says something else for each reason, where it stands alone. Its challenge is the cookie's,
    /// unless a refusal brings one.
    #[must_use]
    pub fn with_refusals(self, refusals: Refusals) -> Self {
        Self { refusals, ..self }.settled()
    }

    /// How long the verifier may take, where it stands alone: 5 seconds unless you say otherwise.
    #[must_use]
    pub fn with_timeout(mut self, patience: Duration) -> Self {
        Arc::make_mut(&mut self.judge).patience = Some(patience);
        self
    }

    /// Leaves the cookie to the handlers, marked sensitive, or removes it.
    #[must_use]
    pub fn with_inbound(self, inbound: Inbound) -> Self {
        Self { inbound, ..self }
    }

    /// The same with its verifier's type forgotten.
    pub(crate) fn erased(self) -> SessionCookie<dyn Verify<Principal = V::Principal>> {
        let Self { name, challenge, is_challenged_beside, inbound, judge, refusals, verify } = self;
        SessionCookie { name, challenge, is_challenged_beside, inbound, judge, refusals, verify }
    }

    fn settled(mut self) -> Self {
        let challenge = self.challenge.clone();
        Arc::make_mut(&mut self.judge).refusals =
            self.refusals.clone().with_challenge(move |_| challenge.clone());
        self
    }
}

impl<F, P> SessionCookie<FromFn<F>>
where
    F: Fn(&Token) -> Verification<P> + Send + Sync + 'static,
    P: Clone + Send + Sync + 'static,
{
    /// Asks a closure whose session this cookie's value is.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new) does.
    #[track_caller]
    pub fn from_fn(name: impl Into<Cow<'static, str>>, verify: F) -> Self {
        Self::new(name, FromFn(verify))
    }
}

impl<V: Verify + ?Sized> SessionCookie<V> {
    /// What it adds to a bearer's challenges.
    pub(crate) fn challenge_beside(&self) -> Option<&Challenge> {
        self.is_challenged_beside.then_some(&self.challenge)
    }

    /// Whose session this is, as `judge` says it: the cookie's own, or a bearer's.
    pub(crate) fn ask(
        &self,
        head: &mut Parts,
        judge: &Arc<Judge>,
        inbound: Inbound,
        moment: &mut Moment,
    ) -> Result<Judgement<V::Principal>, Reason> {
        let token = parse::session(&head.headers, &self.name);
        self.conceal(head, inbound);
        Ok(judge.ask(&*self.verify, &token?, moment))
    }

    /// Marks every `Cookie` line as sensitive, or takes the session out of them.
    pub(crate) fn conceal(&self, head: &mut Parts, inbound: Inbound) {
        match inbound {
            Inbound::MarkSensitive => hide(&mut head.headers, &COOKIE),
            Inbound::Remove => parse::remove(&mut head.headers, &self.name),
        }
    }
}

impl<V: Verify> Guard for SessionCookie<V> {
    fn check(&self, head: &mut Parts) -> Verdict {
        self.check_at(head, &mut Moment::default())
    }

    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        match self.ask(head, &self.judge, self.inbound, moment) {
            Ok(judgement) => judgement.carried_out(head),
            Err(reason) => Verdict::from(self.judge.refusals.of(reason)),
        }
    }
}

impl<V: ?Sized> Clone for SessionCookie<V> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            challenge: self.challenge.clone(),
            is_challenged_beside: self.is_challenged_beside,
            inbound: self.inbound,
            judge: Arc::clone(&self.judge),
            refusals: self.refusals.clone(),
            verify: Arc::clone(&self.verify),
        }
    }
}

impl<V: ?Sized> fmt::Debug for SessionCookie<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionCookie").field("name", &self.name).finish_non_exhaustive()
    }
}
