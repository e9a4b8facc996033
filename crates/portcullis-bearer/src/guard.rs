#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc, time::Duration};

use http::{header::AUTHORIZATION, request::Parts};
use portcullis_core::{Admission, Anonymous, Guard, Verdict, stack::Moment};

use crate::{
    FromFn, Inbound, OnDuplicate, OnMissing, OnPreflight, Reason, Refusals, SessionCookie, Token,
    Verification, Verify,
    exempt::{AdmittedPreflight, Exempt, hide, is_preflight},
    judge::Judge,
    parse,
};

/// The longest `Authorization` header that is looked at, in bytes, unless it is said otherwise.
const MAX_LENGTH: usize = 8 * 1024;

/// Lets in who has a valid bearer token, and puts the principal into the request's extensions.
///
/// See the [crate's documentation](crate) for what is accepted and what is answered.
pub struct Bearer<V: Verify> {
    verify: Arc<V>,
    judge: Arc<Judge>,
    /// The same for who came with a session.
    judge_of_sessions: Arc<Judge>,
    settings: Arc<Settings<V::Principal>>,
}

struct Settings<P> {
    refusals: Refusals,
    max_length: usize,
    on_duplicate: OnDuplicate,
    on_missing: OnMissing,
    on_preflight: OnPreflight,
    inbound: Inbound,
    exempt: Exempt,
    cookie: Option<SessionCookie<dyn Verify<Principal = P>>>,
}

impl<V: Verify> Bearer<V> {
    /// A guard that asks `verify` whose a token is.
    pub fn new(verify: V) -> Self {
        Self {
            verify: Arc::new(verify),
            judge: Arc::new(Judge::new()),
            judge_of_sessions: Arc::new(Judge::new()),
            settings: Arc::new(Settings {
                refusals: Refusals::new(),
                max_length: MAX_LENGTH,
                on_duplicate: OnDuplicate::default(),
                on_missing: OnMissing::default(),
                on_preflight: OnPreflight::default(),
                inbound: Inbound::default(),
                exempt: Exempt::default(),
                cookie: None,
            }),
        }
    }

    /// Says something else for each reason: other messages, codes, statuses, challenges.
    #[must_use]
    pub fn with_refusals(self, refusals: Refusals) -> Self {
        self.with(|settings| settings.refusals = refusals)
    }

    /// How long the verifier may take: 5 seconds unless you say otherwise. After that the client gets
    /// a 503 with `Retry-After`, and the look-up is dropped. It takes tokio's timer, and only where
    /// the verifier has to wait.
    #[must_use]
    pub fn with_timeout(self, patience: Duration) -> Self {
        self.with_judges(|judge| judge.patience = Some(patience))
    }

    /// Lets the verifier take as long as it likes.
    #[must_use]
    pub fn without_timeout(self) -> Self {
        self.with_judges(|judge| judge.patience = None)
    }

    /// The `Retry-After` of a 503 whose verifier did not say when to come back, because it failed,
    /// panicked or took too long: 1 second unless you say otherwise, here or with
    /// [`Refusals::with_unavailable`].
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        self.with_judges(|judge| judge.retry_after = wait)
    }

    /// The longest `Authorization` header that is looked at, in bytes, white space at both ends aside:
    /// 8 KiB unless you say otherwise.
    ///
    /// # Panics
    ///
    /// When not even `Bearer` and one letter fit in.
    #[must_use]
    #[track_caller]
    pub fn with_max_length(self, bytes: usize) -> Self {
        assert!(bytes > 7, "no token fits into {bytes} bytes: `Bearer ` alone has 7");
        self.with(|settings| settings.max_length = bytes)
    }

    /// What becomes of a request with several `Authorization` lines.
    #[must_use]
    pub fn on_duplicate(self, on_duplicate: OnDuplicate) -> Self {
        self.with(|settings| settings.on_duplicate = on_duplicate)
    }

    /// What becomes of a request without credentials.
    #[must_use]
    pub fn on_missing(self, on_missing: OnMissing) -> Self {
        self.with(|settings| settings.on_missing = on_missing)
    }

    /// What becomes of a CORS preflight.
    #[must_use]
    pub fn on_preflight(self, on_preflight: OnPreflight) -> Self {
        self.with(|settings| settings.on_preflight = on_preflight)
    }

    /// Leaves the credentials to the handlers, marked sensitive, or removes them.
    #[must_use]
    pub fn with_inbound(self, inbound: Inbound) -> Self {
        self.with(|settings| settings.inbound = inbound)
    }

    /// Asks for no credentials on this path, and looks at none: a load balancer's health check.
    ///
    /// It is compared byte by byte with the request's path as this layer sees it, which in a nested
    /// router is what is left of it.
    ///
    /// # Panics
    ///
    /// When it is no path: it begins with a slash and is no pattern.
    #[must_use]
    #[track_caller]
    pub fn exempt(mut self, path: &str) -> Self {
        // Not through a closure, so that the message names the caller's line.
        let settings = Arc::make_mut(&mut self.settings);
        settings.exempt.add(path);
        self
    }

    /// Takes a session's cookie where no `Authorization` header came.
    ///
    /// Where one came it alone counts, and a good session does not save a bad token. The time-out and
    /// what handlers find are the bearer's, the challenges both's. So are the refusals, but that those
    /// of a session speak of the session, unless the bearer was told other words, and that their
    /// challenge for a bearer has no `error`, since no bearer came.
    #[must_use]
    pub fn or_cookie<C>(self, cookie: SessionCookie<C>) -> Self
    where
        C: Verify<Principal = V::Principal>,
    {
        self.with(|settings| settings.cookie = Some(cookie.erased()))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings<V::Principal>)) -> Self {
        let settings = Arc::make_mut(&mut self.settings);
        change(settings);
        let challenge = settings.cookie.as_ref().and_then(SessionCookie::challenge_beside);
        let refusals = settings.refusals.clone();
        let refusals = challenge
            .into_iter()
            .fold(refusals, |it, challenge| it.and_challenge(challenge.clone()));
        Arc::make_mut(&mut self.judge_of_sessions).refusals = refusals.clone().of_sessions();
        Arc::make_mut(&mut self.judge).refusals = refusals;
        self
    }

    fn with_judges(mut self, change: impl Fn(&mut Judge)) -> Self {
        change(Arc::make_mut(&mut self.judge));
        change(Arc::make_mut(&mut self.judge_of_sessions));
        self
    }

    /// What becomes of a request without an `Authorization` header.
    #[cold]
    fn without_bearer(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        let Settings { on_missing, inbound, cookie, .. } = &*self.settings;
        if self.admits_as_preflight(head) {
            return self.admit_anonymous(head);
        }
        let judgement = match cookie {
            Some(cookie) => cookie.ask(head, &self.judge_of_sessions, *inbound, moment),
            None => Err(Reason::Missing),
        };
        match judgement {
            Ok(judgement) => judgement.carried_out(head),
            Err(Reason::Missing) if *on_missing == OnMissing::Anonymous => {
                self.admit_anonymous(head)
            }
            // Neither came, and either will do.
            Err(Reason::Missing) => Verdict::from(self.judge.refusals.of(Reason::Missing)),
            Err(reason) => Verdict::from(self.judge_of_sessions.refusals.of(reason)),
        }
    }

    /// Admits a request of which no credentials were looked at.
    #[cold]
    fn admit_anonymous(&self, head: &mut Parts) -> Verdict {
        // What a bearer further out says of it does not hold behind this one.
        head.extensions.remove::<AdmittedPreflight>();
        if self.admits_as_preflight(head) {
            head.extensions.insert(AdmittedPreflight);
        }
        self.conceal(head);
        head.extensions.insert(Anonymous::new(self.judge.refusals.of(Reason::Missing)));
        Verdict::from(Admission::new())
    }

    fn admits_as_preflight(&self, head: &Parts) -> bool {
        self.settings.on_preflight == OnPreflight::Admit
            && is_preflight(head)
            && !head.headers.contains_key(AUTHORIZATION)
    }

    /// Hides or removes all that handlers are not to find.
    fn conceal(&self, head: &mut Parts) {
        match self.settings.inbound {
            Inbound::MarkSensitive => hide(&mut head.headers, &AUTHORIZATION),
            Inbound::Remove => drop(head.headers.remove(AUTHORIZATION)),
        }
        if let Some(cookie) = &self.settings.cookie {
            cookie.conceal(head, self.settings.inbound);
        }
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
        self.check_at(head, &mut Moment::default())
    }

    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        let settings = &*self.settings;
        if settings.exempt.covers(head) {
            return self.admit_anonymous(head);
        }
        let Settings { max_length, on_duplicate, .. } = *settings;
        let (header, at) = match parse::token(&mut head.headers, max_length, on_duplicate) {
            Ok(found) => found,
            Err(Reason::Missing) => return self.without_bearer(head, moment),
            Err(reason) => return Verdict::from(self.judge.refusals.of(reason)),
        };
        header.set_sensitive(true);
        let token = Token::take(header, at);
        let judgement = self.judge.ask(&*self.verify, &token, moment);
        token.give_back(header);

        // Where there is but the one header, it is marked already.
        if settings.inbound != Inbound::MarkSensitive
            || settings.on_duplicate != OnDuplicate::Refuse
            || settings.cookie.is_some()
        {
            self.conceal(head);
        }
        judgement.carried_out(head)
    }
}

impl<P> Clone for Settings<P> {
    fn clone(&self) -> Self {
        Self {
            refusals: self.refusals.clone(),
            exempt: self.exempt.clone(),
            cookie: self.cookie.clone(),
            ..*self
        }
    }
}

impl<V: Verify> Clone for Bearer<V> {
    fn clone(&self) -> Self {
        Self {
            verify: Arc::clone(&self.verify),
            judge: Arc::clone(&self.judge),
            judge_of_sessions: Arc::clone(&self.judge_of_sessions),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<V: Verify> fmt::Debug for Bearer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}
