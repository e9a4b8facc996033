use std::{
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Uri;
use portcullis_bearer::{Token, Verification, Verify};
use portcullis_core::BoxError;

use crate::{
    Algorithm, Fetch, Issuer, Jwks, Jwt,
    tests::{
        AUDIENCE, Any, ISSUER, Seconds, Seen, seen,
        signer::{Signer, set},
    },
};

pub(super) const COOL_DOWN: Duration = Duration::from_secs(10);
pub(super) const REFRESH: Duration = Duration::from_secs(300);
pub(super) const TIMEOUT: Duration = Duration::from_secs(3);
pub(super) const MAX_STALE: Duration = Duration::from_secs(3_600);

/// An identity provider that may be slow, down, or wrong, and counts how often it is asked.
#[derive(Clone)]
pub(super) struct Provider {
    shared: Arc<Shared>,
}

struct Shared {
    text: Mutex<String>,
    mood: Mutex<Mood>,
    asked: AtomicUsize,
    gate: Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Mood {
    Answers,
    Slow(Duration),
    Fails,
    Hangs,
    Panics,
    /// It holds up its thread while the gate is shut.
    Blocks,
}

impl Provider {
    pub(super) fn of<'a>(signers: impl IntoIterator<Item = &'a Signer>) -> Self {
        let text = Mutex::new(set(signers));
        let mood = Mutex::new(Mood::Answers);
        let (asked, gate) = (AtomicUsize::new(0), Mutex::new(()));
        Self { shared: Arc::new(Shared { text, mood, asked, gate }) }
    }

    pub(super) fn publishes<'a>(&self, signers: impl IntoIterator<Item = &'a Signer>) {
        self.says(&set(signers));
    }

    pub(super) fn says(&self, text: &str) {
        *self.shared.text.lock().unwrap() = text.to_owned();
    }

    pub(super) fn is(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    /// Who fetches while it blocks gets no further for as long as this is held.
    pub(super) fn shut(&self) -> MutexGuard<'_, ()> {
        self.shared.gate.lock().unwrap()
    }

    pub(super) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::Relaxed)
    }

    pub(super) fn jwks(&self) -> Jwks {
        Jwks::at("https://id.example.com/jwks.json")
            .with_fetch(self.clone())
            .with_cool_down(COOL_DOWN)
            .with_refresh(REFRESH)
            .with_timeout(TIMEOUT)
            .with_max_stale(MAX_STALE)
    }

    /// Who believes what this provider publishes.
    pub(super) fn jwt(&self) -> Jwt<Any> {
        self.jwt_of(self.jwks())
    }

    /// The same, with other settings.
    pub(super) fn jwt_of(&self, jwks: Jwks) -> Jwt<Any> {
        let issuer = Issuer::new(ISSUER, jwks).with_algorithms([Algorithm::Es256]);
        let builder = Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE);
        Seconds::new().drive(builder).build().unwrap()
    }
}

impl Fetch for Provider {
    async fn fetch(&self, _: &Uri, _: usize) -> Result<Vec<u8>, BoxError> {
        self.shared.asked.fetch_add(1, Ordering::Relaxed);
        let text = self.shared.text.lock().unwrap().clone();
        let mood = *self.shared.mood.lock().unwrap();
        match mood {
            Mood::Answers => {}
            Mood::Slow(time) => tokio::time::sleep(time).await,
            Mood::Fails => return Err("the provider is down".into()),
            Mood::Hangs => pending().await,
            Mood::Panics => panic!("the client's own fault"),
            Mood::Blocks => drop(self.shut()),
        }
        Ok(text.into_bytes())
    }
}

/// What is said of a token in the end.
pub(super) async fn asked(jwt: &Jwt<Any>, token: &str) -> Seen<Any> {
    match jwt.verify(&Token::try_from(token).unwrap()) {
        Verification::Now(outcome) => seen(outcome),
        Verification::Later(outcome) => seen(outcome.await),
        _ => unreachable!(),
    }
}

/// The same, of which nobody has to wait.
pub(super) fn at_once(jwt: &Jwt<Any>, token: &str) -> Seen<Any> {
    crate::tests::now(jwt, token)
}
