//! What is promised of keys that lie elsewhere, with a provider that counts how often it is asked and
//! a clock that stands still.

mod provider;
mod runtimes;

use std::time::Duration;

use portcullis_bearer::Reason;
use serde_json::json;
use tokio::time::advance;

use self::provider::{COOL_DOWN, MAX_STALE, Mood, Provider, REFRESH, TIMEOUT, asked, at_once};
use crate::{
    Algorithm,
    tests::{
        good,
        signer::{Signer, encode},
    },
};

const UNKNOWN: Option<Reason> = Some(Reason::Unknown);
const UNAVAILABLE: Option<Reason> = None;

fn signer(kid: &str) -> Signer {
    Signer::new(Algorithm::Es256, kid)
}

/// Lets every task go as far as it can without time passing.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

/// Lets time pass, in steps, so that what comes due in between happens then.
async fn pass(time: Duration) {
    let mut left = time;
    while !left.is_zero() {
        let step = left.min(Duration::from_secs(1));
        advance(step).await;
        settle().await;
        left -= step;
    }
}

#[tokio::test(start_paused = true)]
async fn keys_are_there_before_the_first_request() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    assert!(at_once(&jwt, &signer.token(&good())).is_ok());
    assert_eq!(provider.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_that_come_before_the_keys_wait_for_one_fetch() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    provider.is(Mood::Slow(Duration::from_secs(1)));
    let jwt = provider.jwt();
    let token = signer.token(&good());
    let requests: Vec<_> = (0..1_000)
        .map(|_| {
            let (jwt, token) = (jwt.clone(), token.clone());
            tokio::spawn(async move { asked(&jwt, &token).await.is_ok() })
        })
        .collect();
    for request in requests {
        assert!(request.await.unwrap());
    }
    assert_eq!(provider.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_unknown_keys_are_one_fetch_a_cool_down() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    pass(COOL_DOWN).await;
    let before = provider.asked();
    let stranger = self::signer("stranger");
    let claims = good().to_string();
    for round in 1..=3 {
        for number in 0..10_000 {
            let header = format!(r#"{{"alg":"ES256","kid":"{round}-{number}"}}"#);
            let token = stranger.token_with(&header, &claims);
            assert_eq!(asked(&jwt, &token).await.err(), Some(UNKNOWN));
        }
        assert_eq!(provider.asked() - before, round);
        pass(COOL_DOWN).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hanging_endpoint_keeps_nobody_whose_key_is_known_waiting() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    pass(COOL_DOWN).await;
    provider.is(Mood::Hangs);
    let stranger = self::signer("stranger").token(&good());
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let (jwt, stranger) = (jwt.clone(), stranger.clone());
            tokio::spawn(async move {
                (asked(&jwt, &stranger).await.err(), tokio::time::Instant::now())
            })
        })
        .collect();
    let begun = tokio::time::Instant::now();
    settle().await;
    // Each is another token, so that none is remembered.
    for _ in 0..10 {
        assert!(at_once(&jwt, &signer.token(&good())).is_ok());
    }
    for waiting in waiting {
        let (seen, at) = waiting.await.unwrap();
        assert_eq!(seen, Some(UNAVAILABLE));
        assert!(at - begun <= TIMEOUT, "{:?}", at - begun);
    }
    assert_eq!(provider.asked(), 2);
    // Until the cool-down is over, who comes with it is told at once when to come back.
    assert_eq!(at_once(&jwt, &stranger).err(), Some(UNAVAILABLE));
    assert_eq!(provider.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_heals_within_one_cool_down() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    // Right after a fetch: the worst moment.
    provider.publishes([&old, &new]);
    assert_eq!(at_once(&jwt, &new.token(&good())).err(), Some(UNKNOWN));
    assert!(at_once(&jwt, &old.token(&good())).is_ok());
    advance(COOL_DOWN).await;
    assert!(asked(&jwt, &new.token(&good())).await.is_ok());
    assert!(at_once(&jwt, &new.token(&good())).is_ok());
    assert!(at_once(&jwt, &old.token(&good())).is_ok());
    assert_eq!(provider.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_are_fetched_again_though_nobody_misses_one() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    provider.publishes([&new]);
    pass(REFRESH).await;
    assert_eq!(provider.asked(), 2);
    assert!(at_once(&jwt, &new.token(&good())).is_ok());
    pass(3 * REFRESH).await;
    assert_eq!(provider.asked(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_leaves_the_set_takes_along_what_it_signed() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old, &new]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    let [stolen, good] = [&old, &new].map(|signer| signer.token(&good()));
    let [_, first] = [&stolen, &good].map(|token| at_once(&jwt, token).unwrap());
    // The same set again changes nothing: what is remembered stays so.
    pass(REFRESH).await;
    assert!(std::ptr::eq(at_once(&jwt, &good).unwrap().get(), first.get()));

    provider.publishes([&new]);
    pass(REFRESH).await;
    assert_eq!(at_once(&jwt, &stolen).err(), Some(UNKNOWN));
    assert!(at_once(&jwt, &good).is_ok());
}

#[tokio::test(start_paused = true)]
async fn known_keys_serve_on_while_the_provider_is_down_or_wrong() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let good_set = crate::tests::signer::set([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    let many = format!("{{\"keys\":[{}]}}", vec![signer.jwk().to_string(); 257].join(","));
    let deep = format!("{{\"keys\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let deep_key = format!("{{\"keys\":[{{\"kty\":{}{}}}]}}", "[".repeat(9_000), "]".repeat(9_000));
    let x = encode(&[7; 32]);
    let off_curve =
        json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": x, "y": x}]}).to_string();
    provider.is(Mood::Fails);
    pass(REFRESH).await;
    for (mood, text) in [
        (Mood::Fails, &*good_set),
        (Mood::Hangs, &good_set),
        (Mood::Panics, &good_set),
        (Mood::Slow(TIMEOUT + Duration::from_millis(1)), &good_set),
        (Mood::Answers, ""),
        (Mood::Answers, "<html>busy</html>"),
        (Mood::Answers, "{}"),
        (Mood::Answers, r#"{"keys":[]}"#),
        (Mood::Answers, r#"{"keys":[{"kty":"RSA"}]}"#),
        (Mood::Answers, &off_curve),
        (Mood::Answers, r#"{"keys":null}"#),
        (Mood::Answers, &format!(r#"{{"keys":[],"keys":[{}]}}"#, signer.jwk())),
        (Mood::Answers, &format!("[[{}]]", signer.jwk())),
        (Mood::Answers, &good_set[..good_set.len() - 1]),
        (Mood::Answers, &many),
        (Mood::Answers, &deep),
        (Mood::Answers, &deep_key),
        (Mood::Answers, &"x".repeat(300_000)),
    ] {
        provider.is(mood);
        provider.says(text);
        let before = provider.asked();
        pass(COOL_DOWN + TIMEOUT).await;
        // It is tried again, and no sooner than the cool-down.
        let tried = provider.asked() - before;
        assert!((1..=2).contains(&tried), "{mood:?}: {tried}");
        assert!(at_once(&jwt, &signer.token(&good())).is_ok(), "{mood:?}: {text:.40}");
    }
    // A token with another key may be good.
    let stranger = self::signer("stranger").token(&good());
    pass(REFRESH).await;
    assert_eq!(asked(&jwt, &stranger).await.err(), Some(UNAVAILABLE));
    // And is not, once the provider is back.
    provider.is(Mood::Answers);
    provider.says(&good_set);
    pass(COOL_DOWN).await;
    assert_eq!(asked(&jwt, &stranger).await.err(), Some(UNKNOWN));
}

#[tokio::test(start_paused = true)]
async fn one_bad_key_of_a_set_is_skipped_and_the_others_serve() {
    let [first, second] = [signer("first"), signer("second")];
    let provider = Provider::of([&first]);
    let bad = [
        "7",
        "null",
        "[]",
        "{}",
        r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"bad"}"#,
        r#"{"kty":"RSA","n":"AA","e":"AQAB"}"#,
        r#"{"kty":"oct","k":"AAAA"}"#,
        r#"{"kty":"EC","kty":"EC"}"#,
        r#"{"kty":7,"kid":[1]}"#,
        r#"{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}"#,
    ];
    provider.says(&format!(
        "{{\"keys\":[{},{},{}],\"more\":true}}",
        first.jwk(),
        bad.join(","),
        second.jwk()
    ));
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    for signer in [&first, &second] {
        assert!(at_once(&jwt, &signer.token(&good())).is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_too_old_are_given_up_and_come_back() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    let token = signer.token(&good());
    assert!(at_once(&jwt, &token).is_ok());
    provider.is(Mood::Fails);
    pass(MAX_STALE - COOL_DOWN).await;
    assert!(at_once(&jwt, &token).is_ok());
    pass(2 * COOL_DOWN).await;
    // What is remembered too.
    assert_eq!(asked(&jwt, &token).await.err(), Some(UNAVAILABLE));
    provider.is(Mood::Answers);
    pass(COOL_DOWN).await;
    assert!(at_once(&jwt, &token).is_ok());
}

#[tokio::test(start_paused = true)]
async fn at_the_start_a_provider_that_is_down_is_a_503_and_seen_at_once() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    provider.is(Mood::Fails);
    let jwt = provider.jwt();
    let error = jwt.ready().await.unwrap_err();
    assert_eq!(error.to_string(), "fetching the issuer's keys failed");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the provider is down");
    assert_eq!(asked(&jwt, &signer.token(&good())).await.err(), Some(UNAVAILABLE));
    assert_eq!(provider.asked(), 1);
    provider.is(Mood::Answers);
    pass(COOL_DOWN).await;
    assert!(at_once(&jwt, &signer.token(&good())).is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_waits_and_goes_away_takes_no_fetch_along() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    provider.is(Mood::Slow(Duration::from_secs(1)));
    let jwt = provider.jwt();
    let token = signer.token(&good());
    let first = tokio::spawn({
        let (jwt, token) = (jwt.clone(), token.clone());
        async move { asked(&jwt, &token).await.is_ok() }
    });
    settle().await;
    first.abort();
    assert!(asked(&jwt, &token).await.is_ok());
    assert_eq!(provider.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_without_kid_finds_a_new_key_too() {
    let [old, new] = [signer("old"), signer("new").without_kid()];
    let provider = Provider::of([&old]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    provider.publishes([&old, &new]);
    advance(COOL_DOWN).await;
    assert!(asked(&jwt, &new.token(&good())).await.is_ok());
    // A known key's name with a stranger's signature has nothing fetched.
    advance(COOL_DOWN).await;
    let before = provider.asked();
    let jwt_of_old_alone = Provider::of([&old]);
    let jwt = jwt_of_old_alone.jwt();
    jwt.ready().await.unwrap();
    advance(COOL_DOWN).await;
    assert_eq!(at_once(&jwt, &signer("old").token(&good())).err(), Some(UNKNOWN));
    assert_eq!((provider.asked(), jwt_of_old_alone.asked()), (before, 1));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_somebody_needed_and_failed_is_tried_again_before_the_refresh() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    pass(COOL_DOWN).await;
    provider.is(Mood::Fails);
    assert_eq!(asked(&jwt, &new.token(&good())).await.err(), Some(UNAVAILABLE));
    provider.is(Mood::Answers);
    provider.publishes([&new]);
    pass(COOL_DOWN).await;
    assert!(at_once(&jwt, &new.token(&good())).is_ok());
    assert_eq!(provider.asked(), 3);
}

/// The keys may come between the moment that a token is looked at and the moment that somebody
/// would wait for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_come_while_they_are_missed_are_not_missed() {
    let provider = Provider::of([]);
    let jwks = provider.jwks().with_cool_down(Duration::from_nanos(1));
    let jwt = provider.jwt_of(jwks);
    let claims = good();
    for number in 0..1_000 {
        let signer = signer(&number.to_string());
        let token = signer.token(&claims);
        provider.publishes([&signer]);
        assert!(asked(&jwt, &token).await.is_ok(), "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_fetches_for_a_verifier_that_is_gone() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let jwt = provider.jwt();
    jwt.ready().await.unwrap();
    drop(jwt);
    pass(3 * REFRESH).await;
    assert_eq!(provider.asked(), 1);
}
