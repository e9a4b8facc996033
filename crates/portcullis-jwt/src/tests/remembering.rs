//! What is remembered is that token, until its time is over, and no other.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use portcullis_bearer::Reason::{Expired, Unknown};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::{
    AUDIENCE, ISSUER, NOW, Seconds, builder, good, good_but, now, refused,
    signer::{Signer, set},
};
use crate::{Algorithm, Issuer, Jwt, JwtBuilder, KeySetText};

/// Claims that count how often they are read, by the test that reads them.
struct Counted;

static READ: AtomicUsize = AtomicUsize::new(0);

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        READ.fetch_add(1, Ordering::Relaxed);
        serde::de::IgnoredAny::deserialize(json).map(|_| Self)
    }
}

fn of<C>(signer: &Signer) -> JwtBuilder<C>
where
    C: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let issuer =
        Issuer::new(ISSUER, KeySetText::new(set([signer]))).with_algorithms([signer.algorithm()]);
    Seconds::new().drive(Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE))
}

#[test]
fn a_token_is_verified_once_and_its_claims_are_shared() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = of::<Counted>(&signer).build().unwrap();
    let token = signer.token(&good());
    let first = now(&jwt, &token).ok().unwrap();
    let before = READ.load(Ordering::Relaxed);
    for _ in 0..3 {
        let again = now(&jwt, &token).ok().unwrap();
        assert!(std::ptr::eq(first.get(), again.get()));
    }
    assert_eq!((READ.load(Ordering::Relaxed), jwt.remembered()), (before, 1));
    // With no room, nothing is remembered.
    let forgetful = builder(&signer).with_capacity(0).build().unwrap();
    let [first, again] = [(); 2].map(|()| now(&forgetful, &token).unwrap());
    assert!(!std::ptr::eq(first.get(), again.get()));
    assert_eq!(forgetful.remembered(), 0);
}

#[test]
fn a_token_that_is_remembered_is_over_when_its_time_is() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let seconds = Seconds::new();
    let jwt = seconds.drive(builder(&signer)).with_leeway(Duration::from_secs(5)).build().unwrap();
    let token = signer.token(&good_but(json!({ "exp": NOW + 10 })));
    for (at, expected) in [(NOW, None), (NOW + 14, None), (NOW + 15, Some(Expired))] {
        seconds.set(at);
        assert_eq!(now(&jwt, &token).err().flatten(), expected, "at {at}");
    }
    assert_eq!(jwt.remembered(), 0);
}

/// A clock that was ahead is set back.
#[test]
fn a_token_that_is_remembered_is_not_good_before_its_time() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let seconds = Seconds::new();
    let jwt = seconds.drive(builder(&signer)).with_leeway(Duration::from_secs(5)).build().unwrap();
    let token = signer.token(&good());
    for (at, expected) in [(NOW, None), (NOW - 5, None), (NOW - 6, Some(Unknown)), (NOW, None)] {
        seconds.set(at);
        assert_eq!(now(&jwt, &token).err().flatten(), expected, "at {at}");
    }
}

#[test]
fn what_is_refused_is_not_remembered() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).build().unwrap();
    for _ in 0..10 {
        let stranger = Signer::new(Algorithm::Es256, "a").token(&good());
        assert_eq!(refused(&jwt, &stranger), Unknown);
        assert_eq!(refused(&jwt, &signer.token(&good_but(json!({ "exp": NOW })))), Expired);
    }
    assert_eq!(jwt.remembered(), 0);
}

/// A hit is the token that was verified, all of it: no other header, no other claims, no other
/// signature, and no prefix.
#[test]
fn nothing_is_remembered_but_the_very_token() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).build().unwrap();
    let token = signer.token(&good());
    assert!(now(&jwt, &token).is_ok());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let admin = super::signer::encode(good_but(json!({"sub": "admin"})).to_string().as_bytes());
    for forged in [
        format!("{header}.{admin}.{signature}"),
        format!("{signed}.{}", "A".repeat(signature.len())),
        token[..token.len() - 1].to_owned(),
        format!("{token}A"),
    ] {
        assert_eq!(refused(&jwt, &forged), Unknown, "{forged}");
    }
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(refused(&jwt, &changed), Unknown, "{place}");
    }
    assert_eq!(jwt.remembered(), 1);
}

#[test]
fn what_is_remembered_is_bounded() {
    let signer = Signer::with_secret(&[7; 32]);
    let issuer =
        Issuer::new(ISSUER, crate::Secret::new([7; 32])).with_algorithms([Algorithm::Hs256]);
    let builder = Jwt::<super::Any>::builder().with_issuer(issuer).with_audience(AUDIENCE);
    let jwt = Seconds::new().drive(builder).with_capacity(100).build().unwrap();
    for number in 0..2_000 {
        assert!(now(&jwt, &signer.token(&good_but(json!({ "jti": number })))).is_ok());
    }
    assert!((1..=110).contains(&jwt.remembered()), "{}", jwt.remembered());
}
