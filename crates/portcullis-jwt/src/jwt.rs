use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use portcullis_bearer::{Outcome, Token, Verification, Verify};
use serde::de::DeserializeOwned;

use crate::{
    Claims, JwtBuilder, NotReady,
    believed::{Believed, Keys},
    cache::Cache,
    claims::Verified,
    fault::Fault,
    json,
    jws::Compact,
    registered::{Claimed, Registered, Rules},
    remote::{Decided, Remote, Unknown},
};

/// Verifies bearer tokens that are JSON Web Tokens (RFC 7519). See the [crate](crate) for what it
/// does.
///
/// Clones share keys and what is remembered.
pub struct Jwt<C> {
    shared: Arc<Shared<C>>,
}

struct Shared<C> {
    settings: Settings<C>,
    /// None where nothing is remembered.
    cache: Option<Cache<C>>,
}

pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;
pub(crate) type GrantedFrom<C> = Arc<dyn Fn(&C) -> Vec<String> + Send + Sync>;

pub(crate) struct Settings<C> {
    pub(crate) issuers: Vec<Believed>,
    pub(crate) rules: Rules,
    pub(crate) typ: Option<String>,
    pub(crate) max_length: usize,
    pub(crate) capacity: usize,
    pub(crate) granted: Option<GrantedFrom<C>>,
    pub(crate) clock: Clock,
}

/// What is wrong with a token.
struct Refused {
    fault: Fault,
    asked: Option<Asked>,
}

/// Whose keys a token was verified with: the issuer's place, and the number of the set that was known.
struct Asked {
    issuer: usize,
    key_set: u64,
}

impl<C: DeserializeOwned + Send + Sync + 'static> Jwt<C> {
    /// Everything that may be said of it:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use portcullis_jwt::{Algorithm, Issuer, Jwt, KeySetText};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Account { sub: String, roles: Vec<String> }
    ///
    /// # fn main() -> Result<(), portcullis_jwt::BuildError> {
    /// # let keys = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// # if cfg!(not(feature = "aws-lc-rs")) { return Ok(()) }
    /// let issuer = Issuer::new("https://id.example.com", KeySetText::new(keys))
    ///     .with_algorithms([Algorithm::EdDsa]);
    /// let jwt = Jwt::<Account>::builder()
    ///     .with_issuer(issuer)
    ///     .with_audience("https://api.example.com")
    ///     .with_type("at+jwt")
    ///     .with_leeway(Duration::from_secs(30))
    ///     .with_optional_nbf()
    ///     .with_scopes(|account| account.roles.clone())
    ///     .with_capacity(50_000)
    ///     .build()?;
    /// # let _ = jwt;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> JwtBuilder<C> {
        JwtBuilder::new()
    }

    pub(crate) fn new(settings: Settings<C>) -> Self {
        let cache = (settings.capacity > 0).then(|| Cache::new(settings.capacity));
        let shared = Shared { settings, cache };
        shared.tend();
        Self { shared: Arc::new(shared) }
    }

    /// Waits until the keys of every issuer are there, or cannot be fetched: called before the first
    /// request is served, so that none has to wait, and a wrong URL is seen now.
    ///
    /// # Errors
    ///
    /// [`NotReady`] when an issuer's keys cannot be fetched. It is tried again in the background.
    pub async fn ready(&self) -> Result<(), NotReady> {
        for issuer in &self.shared.settings.issuers {
            let Keys::Remote(remote) = &issuer.keys else { continue };
            remote.tend();
            if remote.keys().is_some() {
                continue;
            }
            let decided = match remote.unknown() {
                Unknown::Wait(waiting) => waiting.landed().await,
                Unknown::Decided(decided) => decided,
            };
            if let Decided::Unavailable(_, failure) = decided {
                return Err(NotReady::new(failure));
            }
        }
        Ok(())
    }

    #[cfg(test)]
    #[cfg(feature = "aws-lc-rs")]
    pub(crate) fn remembered(&self) -> usize {
        self.shared.cache.as_ref().map_or(0, Cache::len)
    }
}

impl<C: DeserializeOwned + Send + Sync + 'static> Verify for Jwt<C> {
    type Principal = Claims<C>;

    fn verify(&self, token: &Token) -> Verification<Claims<C>> {
        let shared = &*self.shared;
        shared.tend();
        if let Some(outcome) = shared.recall(token) {
            return outcome.into();
        }
        let refused = match shared.judge(token) {
            Ok(claims) => return Outcome::Accepted(claims).into(),
            Err(refused) => refused,
        };
        let Some(remote) = shared.who_may_know(&refused) else {
            return refused.outcome().into();
        };
        match remote.unknown() {
            // They may have come since they were looked at.
            Unknown::Decided(decided) if refused.is_of(remote) => refused.decided(decided).into(),
            Unknown::Decided(decided) => shared.judge_again(token, decided).into(),
            Unknown::Wait(waiting) => {
                let (shared, token) = (Arc::clone(&self.shared), token.clone());
                Verification::later(async move {
                    let decided = waiting.landed().await;
                    shared.judge_again(&token, decided)
                })
            }
        }
    }
}

impl<C> Shared<C> {
    /// Sees to it that keys are fetched in the background.
    #[inline]
    fn tend(&self) {
        for issuer in &self.settings.issuers {
            if let Keys::Remote(remote) = &issuer.keys {
                remote.tend();
            }
        }
    }

    /// What is remembered of a token, while its issuer's keys are those that it was verified with.
    #[inline]
    fn recall(&self, token: &Token) -> Option<Outcome<Claims<C>>> {
        let cache = self.cache.as_ref()?;
        let claims = cache.get(token)?;
        let Verified { issuer, key_set, span, .. } = *claims.verified();
        if self.settings.issuers[issuer].keys.number() != key_set {
            cache.forget(token);
            return None;
        }
        if let Err(fault) = span.check(self.now()) {
            cache.forget(token);
            return Some(Refused { fault, asked: None }.outcome());
        }
        Some(Outcome::Accepted(claims))
    }

    /// Who has to be asked for keys, before more can be said of this token.
    fn who_may_know(&self, refused: &Refused) -> Option<&Arc<Remote>> {
        if refused.fault != Fault::KeyUnknown {
            return None;
        }
        let Asked { issuer, .. } = refused.asked.as_ref()?;
        self.settings.issuers.get(*issuer)?.keys.remote()
    }

    /// Since 1970. Before it a clock is wrong, and every time is over.
    fn now(&self) -> Duration {
        (self.settings.clock)().duration_since(UNIX_EPOCH).unwrap_or(Duration::MAX)
    }
}

impl<C: DeserializeOwned> Shared<C> {
    /// What the keys that are known say of a token.
    fn judge(&self, token: &Token) -> Result<Claims<C>, Refused> {
        let text = token.as_bytes();
        let refused = |fault| Refused { fault, asked: None };
        if text.len() > self.settings.max_length {
            return Err(refused(Fault::TooLong));
        }
        let jws = Compact::parse(text).map_err(refused)?;
        if !self.is_of_type(jws.typ.as_deref()) {
            return Err(refused(Fault::WrongType));
        }
        let (payload, place) = self.claimed(&jws).map_err(refused)?;
        let issuer = &self.settings.issuers[place];
        let asked = Asked { issuer: place, key_set: issuer.keys.number() };
        let key_set = issuer.verify(&jws).map_err(|fault| Refused { fault, asked: Some(asked) })?;
        let claims = self.read(&payload, place, key_set).map_err(refused)?;
        if let Some(cache) = &self.cache {
            cache.insert(token, claims.clone());
        }
        Ok(claims)
    }

    /// The same when no more keys come: of a token whose key is still not known, this is said.
    fn judge_again(&self, token: &Token, decided: Decided) -> Outcome<Claims<C>> {
        match self.judge(token) {
            Ok(claims) => Outcome::Accepted(claims),
            Err(refused) if refused.fault == Fault::KeyUnknown => refused.decided(decided),
            Err(refused) => refused.outcome(),
        }
    }

    fn is_of_type(&self, typ: Option<&str>) -> bool {
        let Some(expected) = &self.settings.typ else { return true };
        // RFC 7515, section 4.1.9: `application/` may be left out.
        let short = |typ: &str| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/").map_or(typ.clone(), str::to_owned)
        };
        typ.is_some_and(|typ| short(typ) == short(expected))
    }

    /// The claims, of which nothing is believed yet, and whose they say that they are.
    fn claimed(&self, jws: &Compact<'_>) -> Result<(Vec<u8>, usize), Fault> {
        let payload = jws.payload()?;
        let issuers = &self.settings.issuers;
        if issuers.len() == 1 {
            return Ok((payload, 0));
        }
        let claimed: Claimed = json::object(&payload).ok_or(Fault::ClaimsMalformed)?;
        let name = claimed.iss.ok_or(Fault::IssuerMissing)?;
        let place = issuers.iter().position(|issuer| issuer.name.as_deref() == Some(&*name));
        Ok((payload, place.ok_or(Fault::IssuerUnknown)?))
    }

    /// Reads claims that their issuer has signed.
    fn read(&self, payload: &[u8], issuer: usize, key_set: u64) -> Result<Claims<C>, Fault> {
        let registered: Registered = json::object(payload).ok_or(Fault::ClaimsMalformed)?;
        if let Some(name) = &self.settings.issuers[issuer].name {
            match &registered.iss {
                None => return Err(Fault::IssuerMissing),
                Some(iss) if iss != name => return Err(Fault::IssuerUnknown),
                Some(_) => {}
            }
        }
        let span = registered.check(&self.settings.rules, self.now())?;
        let claims: C = serde_json::from_slice(payload).map_err(|_| Fault::WrongClaims)?;
        let scopes = match &self.settings.granted {
            Some(granted) => granted(&claims),
            None => registered.into_scopes()?,
        };
        Ok(Claims::new(Verified { claims, scopes, span, issuer, key_set }))
    }
}

impl Refused {
    /// Whether it was refused by the keys that are known still.
    fn is_of(&self, remote: &Remote) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked.key_set == remote.number())
    }

    fn outcome<P>(&self) -> Outcome<P> {
        tracing::debug!("a token was refused: {}", self.fault);
        Outcome::Rejected(self.fault.reason())
    }

    fn decided<P>(&self, decided: Decided) -> Outcome<P> {
        match decided {
            Decided::Refuse => self.outcome(),
            Decided::Unavailable(wait, failure) => {
                Outcome::unavailable(wait, NotReady::new(failure))
            }
        }
    }
}

impl<C> Clone for Jwt<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<C> fmt::Debug for Jwt<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt").finish_non_exhaustive()
    }
}
