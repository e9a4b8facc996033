//! What is promised where keys are fetched on one runtime and needed on another.

use portcullis_bearer::{Token, Verify};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Duration, advance},
};

use super::{
    UNAVAILABLE, UNKNOWN, pass,
    provider::{COOL_DOWN, MAX_STALE, Mood, Provider, REFRESH, TIMEOUT, asked, at_once},
    settle, signer,
};
use crate::{Jwt, tests::good};

/// A runtime whose clock stands still.
fn standing() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// Whoever built the verifier on a runtime that nobody drives any more.
fn built_on(runtime: &Runtime, provider: &Provider) -> Jwt<crate::tests::Any> {
    runtime.block_on(async {
        let jwt = provider.jwt();
        jwt.ready().await.unwrap();
        jwt
    })
}

#[test]
fn keys_are_fetched_when_they_are_due_though_their_first_runtime_is_not_driven() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let first = standing();
    let jwt = built_on(&first, &provider);
    let token = old.token(&good());
    provider.publishes([&new]);
    standing().block_on(async {
        assert!(at_once(&jwt, &token).is_ok());
        advance(REFRESH).await;
        // Who finds that they are due is not kept waiting.
        assert!(at_once(&jwt, &token).is_ok());
        settle().await;
        assert_eq!(at_once(&jwt, &token).err(), Some(UNKNOWN));
        assert!(at_once(&jwt, &new.token(&good())).is_ok());
        assert_eq!(provider.asked(), 2);
    });
}

#[test]
fn keys_that_are_too_old_are_given_up_though_their_first_runtime_is_not_driven() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let first = standing();
    let jwt = built_on(&first, &provider);
    let token = signer.token(&good());
    provider.is(Mood::Fails);
    standing().block_on(async {
        advance(MAX_STALE - Duration::from_millis(1)).await;
        assert!(at_once(&jwt, &token).is_ok());
        settle().await;
        advance(Duration::from_millis(2)).await;
        // What is remembered too.
        assert_eq!(asked(&jwt, &token).await.err(), Some(UNAVAILABLE));
        provider.is(Mood::Answers);
        advance(COOL_DOWN).await;
        assert!(asked(&jwt, &token).await.is_ok());
    });
}

#[test]
fn a_fetch_that_stands_still_is_given_up_and_what_it_brings_is_not_taken() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    provider.is(Mood::Slow(TIMEOUT / 2));
    let first = standing();
    let jwt = first.block_on(async {
        let jwt = provider.jwt();
        settle().await;
        jwt
    });
    assert_eq!(provider.asked(), 1);
    provider.is(Mood::Answers);
    provider.publishes([&new]);
    let [stolen, good] = [&old, &new].map(|signer| signer.token(&good()));
    standing().block_on(async {
        let begun = tokio::time::Instant::now();
        assert_eq!(asked(&jwt, &good).await.err(), Some(UNAVAILABLE));
        let waited = begun.elapsed();
        assert!(waited <= TIMEOUT + Duration::from_millis(1_001), "{waited:?}");
        advance(COOL_DOWN).await;
        assert!(asked(&jwt, &good).await.is_ok());
        assert_eq!(asked(&jwt, &stolen).await.err(), Some(UNKNOWN));
    });
    // The first is driven again, and its fetch ends well.
    first.block_on(async {
        pass(TIMEOUT).await;
        assert_eq!(at_once(&jwt, &stolen).err(), Some(UNKNOWN));
        assert!(at_once(&jwt, &good).is_ok());
    });
    assert_eq!(provider.asked(), 2);
}

#[test]
fn a_fetch_that_blocks_its_thread_is_given_up() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let first = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let gate = provider.shut();
    let jwks = provider.jwks().with_cool_down(Duration::from_nanos(1));
    let [stolen, good, stranger] = [&old, &new, &signer("stranger")].map(|it| it.token(&good()));
    let jwt = first.block_on(async {
        let jwt = provider.jwt_of(jwks);
        jwt.ready().await.unwrap();
        provider.is(Mood::Blocks);
        drop(jwt.verify(&Token::try_from(&*stranger).unwrap()));
        while provider.asked() < 2 {
            tokio::task::yield_now().await;
        }
        jwt
    });
    provider.is(Mood::Answers);
    provider.publishes([&new]);
    standing().block_on(async {
        assert!(at_once(&jwt, &stolen).is_ok());
        advance(TIMEOUT + Duration::from_secs(1)).await;
        assert!(at_once(&jwt, &stolen).is_ok());
        settle().await;
        assert_eq!(at_once(&jwt, &stolen).err(), Some(UNKNOWN));
        assert!(at_once(&jwt, &good).is_ok());
        assert_eq!(provider.asked(), 3);
    });
    // It goes on, and brings nothing any more.
    drop(gate);
    drop(first);
    standing().block_on(async { assert_eq!(at_once(&jwt, &stolen).err(), Some(UNKNOWN)) });
}

#[test]
fn a_runtime_without_a_timer_is_followed_by_the_next() {
    let [old, new] = [signer("old"), signer("new")];
    let provider = Provider::of([&old]);
    let first = Builder::new_current_thread().build().unwrap();
    let jwt = first.block_on(async { provider.jwt() });
    standing().block_on(async {
        jwt.ready().await.unwrap();
        // Nobody asks for anything: what fetches in the background is there.
        provider.publishes([&new]);
        pass(REFRESH).await;
        assert_eq!(provider.asked(), 2);
        assert_eq!(at_once(&jwt, &old.token(&good())).err(), Some(UNKNOWN));
    });
}

#[test]
fn a_runtime_that_is_shut_down_is_followed_by_the_next() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    // Built where there is no runtime: nothing panics, and nothing is known.
    let jwt = provider.jwt();
    let token = signer.token(&good());
    assert_eq!(at_once(&jwt, &token).err(), Some(UNAVAILABLE));
    assert_eq!(provider.asked(), 0);

    // Shut down while it fetches.
    provider.is(Mood::Hangs);
    standing().block_on(async {
        advance(COOL_DOWN).await;
        let request = tokio::spawn({
            let (jwt, token) = (jwt.clone(), token.clone());
            async move { asked(&jwt, &token).await.is_ok() }
        });
        settle().await;
        drop(request);
    });
    provider.is(Mood::Answers);
    standing().block_on(async {
        pass(2 * COOL_DOWN).await;
        assert_eq!(asked(&jwt, &token).await.err(), None);
        let before = provider.asked();
        pass(REFRESH).await;
        assert_eq!(provider.asked() - before, 1);
    });
}

#[test]
fn a_runtime_without_a_timer_is_a_503_and_no_panic() {
    let signer = signer("a");
    let provider = Provider::of([&signer]);
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let jwt = provider.jwt();
        assert_eq!(asked(&jwt, &signer.token(&good())).await.err(), Some(UNAVAILABLE));
        assert!(jwt.ready().await.is_err());
    });
}
