use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use portcullis_core::BoxError;

use super::*;
use crate::{Token, Verification, Verify};

/// A source that counts how often it is asked, and may be slow or down.
#[derive(Clone, Default)]
pub(super) struct Counted {
    pub(super) stored: MemoryKeys<i64>,
    asked: Arc<Mutex<Vec<KeyDigest>>>,
    mood: Arc<Mutex<(Duration, Failure)>>,
}

/// What becomes of a look-up in the end.
#[derive(Clone, Copy, Default)]
pub(super) enum Failure {
    #[default]
    None,
    Error,
    Panic,
}

pub(super) struct Comparable(pub(super) Seen);

impl Counted {
    pub(super) fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(super) fn asked_for(&self, digest: KeyDigest) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| **asked == digest).count()
    }

    pub(super) fn takes(&self, time: Duration) {
        self.mood.lock().unwrap().0 = time;
    }

    pub(super) fn fails(&self, failure: Failure) {
        self.mood.lock().unwrap().1 = failure;
    }
}

impl KeySource for Counted {
    type Principal = i64;

    async fn find(&self, digest: KeyDigest) -> Result<Option<StoredKey<i64>>, BoxError> {
        self.asked.lock().unwrap().push(digest);
        let (takes, failure) = *self.mood.lock().unwrap();
        // What is stored is read first, and told late.
        let found = self.stored.find(digest).await;
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        match failure {
            Failure::None => found,
            Failure::Error => Err("the database is down".into()),
            Failure::Panic => panic!("the source's own fault"),
        }
    }
}

/// What these keys say of a token.
pub(super) async fn outcome(keys: &ApiKeys<Counted>, token: &str) -> Seen {
    let token = Token::try_from(token).unwrap();
    let outcome = match keys.verify(&token) {
        Verification::Now(outcome) => outcome,
        Verification::Later(outcome) => outcome.await,
    };
    Comparable::from(outcome).0
}
