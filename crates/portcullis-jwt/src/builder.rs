use std::{
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::de::DeserializeOwned;

use crate::{
    Backend, BuildError, Issuer, Jwt,
    jwt::{Clock, GrantedFrom, Settings},
    registered::Rules,
};

const CAPACITY: usize = 10_000;
const MAX_LENGTH: usize = 8 * 1024;

/// The most that clocks may differ, before a leeway is a lifetime.
const MAX_LEEWAY: Duration = Duration::from_secs(600);

/// What a [`Jwt`] is built of. See [`Jwt::builder`].
#[must_use = "nothing is verified until it is built"]
pub struct JwtBuilder<C> {
    issuers: Vec<Issuer>,
    audiences: Vec<String>,
    any_audience: bool,
    typ: Option<String>,
    leeway: Duration,
    needs_expiry: bool,
    needs_not_before: bool,
    max_length: usize,
    capacity: usize,
    granted: Option<GrantedFrom<C>>,
    clock: Clock,
    backend: Backend,
    claims: PhantomData<fn() -> C>,
}

impl<C: DeserializeOwned + Send + Sync + 'static> JwtBuilder<C> {
    pub(crate) fn new() -> Self {
        Self {
            issuers: Vec::new(),
            audiences: Vec::new(),
            any_audience: false,
            typ: None,
            leeway: Duration::ZERO,
            needs_expiry: true,
            needs_not_before: true,
            max_length: MAX_LENGTH,
            capacity: CAPACITY,
            granted: None,
            clock: Arc::new(SystemTime::now),
            backend: Backend::default(),
            claims: PhantomData,
        }
    }

    /// Believes this issuer too. With several, `iss` says whose keys a token is verified with, and no
    /// other's are tried.
    pub fn with_issuer(mut self, issuer: Issuer) -> Self {
        self.issuers.push(issuer);
        self
    }

    /// Takes tokens for this audience too: how the issuer calls this service in `aud`.
    pub fn with_audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Takes tokens for any audience, or none: those that were meant for other services as well.
    pub fn with_any_audience(self) -> Self {
        Self { any_audience: true, ..self }
    }

    /// Takes tokens of this `typ` only, whatever the case of its letters and with or without
    /// `application/` before it: `at+jwt`, so that an ID token is no access token (RFC 9068).
    pub fn with_type(self, typ: impl Into<String>) -> Self {
        Self { typ: Some(typ.into()), ..self }
    }

    /// By how much the issuer's clock may differ from this one: not at all unless you say so. A token
    /// is good for so long after its `exp`, and before its `nbf`.
    pub fn with_leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// Takes tokens without `nbf`, which many issuers leave out. Where it is there it holds.
    pub fn with_optional_nbf(self) -> Self {
        Self { needs_not_before: false, ..self }
    }

    /// Takes tokens without `exp`, which are good for ever. Where it is there it holds.
    pub fn with_optional_exp(self) -> Self {
        Self { needs_expiry: false, ..self }
    }

    /// The longest token that is looked at, in bytes: 8 KiB unless you say otherwise.
    pub fn with_max_length(self, bytes: usize) -> Self {
        Self { max_length: bytes, ..self }
    }

    /// Remembers about this many tokens that were verified, each until its time is over or its
    /// issuer's keys change: 10,000 unless you say otherwise, and none at 0. Each takes the memory of
    /// the token and of its claims.
    pub fn with_capacity(self, tokens: usize) -> Self {
        Self { capacity: tokens, ..self }
    }

    /// Asks this what was granted, in place of the claims `scope` and `scp`.
    pub fn with_scopes(self, granted: impl Fn(&C) -> Vec<String> + Send + Sync + 'static) -> Self {
        Self { granted: Some(Arc::new(granted)), ..self }
    }

    /// Takes the time, which `exp` and `nbf` are compared with, from another clock. Keys are fetched
    /// by tokio's.
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Has signatures verified by this.
    pub fn with_backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// The verifier. On a tokio runtime it begins to fetch keys at once, elsewhere with the first
    /// request.
    ///
    /// # Errors
    ///
    /// [`BuildError`] says what is missing or wrong, and what to do.
    pub fn build(self) -> Result<Jwt<C>, BuildError> {
        if self.issuers.is_empty() {
            return Err(BuildError::NoIssuer);
        }
        match (self.audiences.is_empty(), self.any_audience) {
            (true, false) => return Err(BuildError::NoAudience),
            (false, true) => {
                return Err(BuildError::Setting {
                    setting: "with_any_audience",
                    fault: "an audience is named as well: leave one of the two out",
                });
            }
            _ => {}
        }
        if self.audiences.iter().any(String::is_empty) {
            return Err(BuildError::Empty("audience"));
        }
        if self.typ.as_ref().is_some_and(String::is_empty) {
            return Err(BuildError::Empty("type"));
        }
        if self.leeway > MAX_LEEWAY {
            return Err(BuildError::Setting {
                setting: "with_leeway",
                fault: "clocks that differ by more than 10 minutes are wrong: set them, and use less",
            });
        }
        if self.max_length < 16 {
            return Err(BuildError::Setting {
                setting: "with_max_length",
                fault: "no token is that short: use 1,024 bytes or more",
            });
        }
        self.no_two_alike()?;
        let backend = self.backend;
        let issuers = self.issuers.into_iter().map(|issuer| issuer.build(backend));
        Ok(Jwt::new(Settings {
            issuers: issuers.collect::<Result<_, _>>()?,
            rules: Rules {
                audiences: (!self.any_audience).then_some(self.audiences),
                needs_expiry: self.needs_expiry,
                needs_not_before: self.needs_not_before,
                leeway: self.leeway,
            },
            typ: self.typ,
            max_length: self.max_length,
            capacity: self.capacity,
            granted: self.granted,
            clock: self.clock,
        }))
    }

    fn no_two_alike(&self) -> Result<(), BuildError> {
        for (place, issuer) in self.issuers.iter().enumerate() {
            let others = || self.issuers.iter().take(place).chain(&self.issuers[place + 1..]);
            let is_any = issuer.name().is_none() && others().next().is_some();
            if is_any || others().any(|other| other.name() == issuer.name()) {
                return Err(BuildError::Ambiguous(issuer.called()));
            }
        }
        Ok(())
    }
}

impl<C> fmt::Debug for JwtBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtBuilder")
            .field("issuers", &self.issuers)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}
