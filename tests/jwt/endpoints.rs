//! What an endpoint may do to those who fetch from it.

use std::{error::Error, time::Duration};

use portcullis::{Outcome, Reason, Token, Verification, Verify, jwt::Jwks};

use crate::{
    provider::{Answer, Provider, SHORT},
    signer::{Signer, claims},
};

#[tokio::test]
async fn keys_are_fetched_over_http_and_a_rotation_is_followed() {
    let [old, new] = ["old", "new"].map(Signer::new);
    let provider = Provider::new(Answer::Keys(old.set())).await;
    let jwks = provider.jwks().with_cool_down(Duration::from_nanos(1));
    let jwt = provider.builder(jwks).build().expect("a verifier");
    jwt.ready().await.expect("keys");
    let [old, new] = [&old, &new].map(|signer| (signer.set(), signer.token(&claims(""))));
    let ask = async |token: &str| {
        let outcome = match jwt.verify(&Token::try_from(token).expect("a token")) {
            Verification::Later(outcome) => outcome.await,
            Verification::Now(outcome) => outcome,
            _ => unreachable!("there are two ways to answer"),
        };
        match outcome {
            Outcome::Accepted(claims) => Ok(claims.get().sub.clone()),
            Outcome::Rejected(reason) => Err(reason),
            _ => panic!("the provider is up"),
        }
    };
    assert_eq!(ask(&old.1).await.as_deref(), Ok("alice"));
    assert_eq!(ask(&new.1).await, Err(Reason::Unknown));
    provider.answers(Answer::Keys(new.0));
    assert_eq!(ask(&new.1).await.as_deref(), Ok("alice"));
    assert_eq!(ask(&old.1).await, Err(Reason::Unknown));
}

/// All that is logged of a failure.
fn told(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", told(cause)),
        None => error.to_string(),
    }
}

#[tokio::test]
async fn nothing_but_a_whole_key_set_in_time_is_taken_for_one() {
    let signer = Signer::new("a");
    let set = signer.set();
    let other = Provider::new(Answer::Keys(set.clone())).await;
    let provider = Provider::new(Answer::Keys(set.clone())).await;
    let whole = |status: &str, more: &str| {
        let length = set.len();
        Answer::Bytes(format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\n\r\n{set}"))
    };
    let redirect = format!("location: http://{}/jwks.json\r\n", other.address);
    for (answer, says) in [
        (whole("301 Moved Permanently", &redirect), "301 Moved Permanently, and not 200"),
        (whole("302 Found", &redirect), "302 Found, and not 200"),
        (whole("307 Temporary Redirect", &redirect), "307 Temporary Redirect, and not 200"),
        (whole("500 Internal Server Error", ""), "500 Internal Server Error, and not 200"),
        (whole("404 Not Found", ""), "404 Not Found, and not 200"),
        (whole("206 Partial Content", ""), "206 Partial Content, and not 200"),
        (Answer::Endless, "length limit exceeded"),
        (
            Answer::Bytes(format!("HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{set}")),
            "fetching the issuer's keys failed",
        ),
        (Answer::Bytes("SSH-2.0-OpenSSH_9.2\r\n".to_owned()), "fetching the issuer's keys failed"),
        (Answer::Bytes(String::new()), "fetching the issuer's keys failed"),
        (Answer::Keys("<html>".to_owned()), "is no key set"),
        (Answer::Silence(String::new()), "not there within 300ms"),
        // It drips: a head, a part of the body, and then nothing.
        (
            Answer::Silence(format!("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{set}")),
            "not there within 300ms",
        ),
    ] {
        provider.answers(answer.clone());
        let jwks = provider.jwks().with_timeout(SHORT).with_max_bytes(64 * 1024);
        let jwt = provider.builder(jwks).build().expect("a verifier");
        let error = jwt.ready().await.expect_err("no keys");
        assert!(told(&error).contains(says), "{answer:?}: {}", told(&error));
    }
    assert_eq!(other.asked(), 0, "a redirect was followed");
}

#[tokio::test]
async fn nobody_there_is_a_failure_too() {
    let provider = Provider::new(Answer::Bytes(String::new())).await;
    let gone = Provider::new(Answer::Bytes(String::new())).await.address;
    let jwks = Jwks::at(format!("http://{gone}/jwks.json"));
    let jwt = provider.builder(jwks).build().expect("a verifier");
    assert!(jwt.ready().await.is_err());
    // TLS that is none.
    let jwks = Jwks::at(format!("https://{}/jwks.json", provider.address));
    let jwt = provider.builder(jwks).build().expect("a verifier");
    assert!(jwt.ready().await.is_err());
}
