//! Whoever makes up keys' names costs the issuer one fetch, and everybody else nothing.

use std::time::{Duration, Instant};

use portcullis::{Outcome, Token, Verification, Verify};
use serde_json::json;

use crate::{
    provider::{Answer, Provider},
    signer::{Signer, claims},
};

/// How many tokens with keys that nobody has.
const STRANGERS: usize = 10_000;

/// How many have a key that is known, and how often each is asked about: as often as others take the
/// processor from a busy machine's tests, so that what is left is what the verifier takes.
const TOKENS: usize = 500;
const ASKED: usize = 5;

fn token(text: &str) -> Token {
    Token::try_from(text).expect("a token")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_unknown_keys_at_a_hanging_endpoint_delay_no_known_one() {
    let [signer, stranger] = ["known", "stranger"].map(Signer::new);
    let provider = Provider::new(Answer::Keys(signer.set())).await;
    // All of this takes place within one cool-down, but for the first moment of it.
    let jwks = provider
        .jwks()
        .with_cool_down(Duration::from_nanos(1))
        .with_timeout(Duration::from_secs(600));
    // Each is verified whenever it comes.
    let jwt = provider.builder(jwks).with_capacity(0).build().expect("a verifier");
    jwt.ready().await.expect("keys");
    provider.answers(Answer::Silence(String::new()));

    let mut waiting = Vec::with_capacity(STRANGERS);
    let mut times = Vec::with_capacity(TOKENS);
    for turn in 0..TOKENS {
        let mut claims = claims("");
        claims["jti"] = json!(turn);
        for number in 0..STRANGERS / TOKENS {
            let stranger = token(&stranger.token_as(&format!("{turn}-{number}"), &claims));
            match jwt.verify(&stranger) {
                Verification::Later(outcome) => waiting.push(tokio::spawn(outcome)),
                _ => panic!("its key is being fetched"),
            }
        }
        let known = token(&signer.token(&claims));
        let mut asked = [(); ASKED].map(|()| {
            let start = Instant::now();
            let verification = jwt.verify(&known);
            let time = start.elapsed();
            assert!(matches!(verification, Verification::Now(Outcome::Accepted(_))));
            time
        });
        asked.sort();
        times.push(asked[ASKED / 2]);
    }
    assert_eq!(waiting.len(), STRANGERS);
    assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
    // The keys that are known, and the one fetch that never ends.
    assert_eq!(provider.asked(), 2);

    times.sort();
    let percentile = times[TOKENS * 99 / 100];
    assert!(percentile < Duration::from_millis(1), "the 99th percentile is {percentile:?}");
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}
