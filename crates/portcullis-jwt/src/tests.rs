//! What is promised of tokens: signed here by keys that are made here, judged by a clock that stands
//! still.

mod building;
mod claims;
mod confusion;
mod remembering;
pub(crate) mod signer;
mod wycheproof;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use portcullis_bearer::{Outcome, Reason, Token, Verification, Verify};
use serde_json::{Value, json};

use self::signer::Signer;
use crate::{Claims, Issuer, Jwt, JwtBuilder, KeySetText};

/// The second at which these tests take place.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// Any claims.
pub(crate) type Any = BTreeMap<String, Value>;

/// Seconds since 1970, which pass when they are told to.
#[derive(Clone)]
pub(crate) struct Seconds(Arc<AtomicU64>);

impl Seconds {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(NOW)))
    }

    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn drive<C>(&self, builder: JwtBuilder<C>) -> JwtBuilder<C>
    where
        C: serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        let seconds = self.0.clone();
        builder
            .with_clock(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed)))
    }
}

/// Claims that are good for a minute.
pub(crate) fn good() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60, "nbf": NOW, "sub": "alice"})
}

/// The same, but for these.
pub(crate) fn good_but(changes: Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// The same, without this.
pub(crate) fn good_without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// Who believes this signer.
pub(crate) fn builder(signer: &Signer) -> JwtBuilder<Any> {
    let keys = KeySetText::new(signer::set([signer]));
    let issuer = Issuer::new(ISSUER, keys).with_algorithms([signer.algorithm()]);
    Seconds::new().drive(Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE))
}

/// What is said of a token: a principal, a reason, or nothing.
pub(crate) type Seen<C> = Result<Claims<C>, Option<Reason>>;

pub(crate) fn now<C>(jwt: &Jwt<C>, token: &str) -> Seen<C>
where
    C: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    match jwt.verify(&Token::try_from(token).unwrap()) {
        Verification::Now(outcome) => seen(outcome),
        Verification::Later(_) => panic!("it is known now"),
        _ => unreachable!(),
    }
}

pub(crate) fn seen<C>(outcome: Outcome<Claims<C>>) -> Seen<C> {
    match outcome {
        Outcome::Accepted(claims) => Ok(claims),
        Outcome::Rejected(reason) => Err(Some(reason)),
        _ => Err(None),
    }
}

/// Why a token is refused, and that it is.
pub(crate) fn refused<C>(jwt: &Jwt<C>, token: &str) -> Reason
where
    C: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    now(jwt, token).err().flatten().expect("it is refused")
}
