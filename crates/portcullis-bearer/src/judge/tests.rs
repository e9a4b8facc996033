use std::{future::pending, io, num::NonZeroU64};

use tokio::time::{Instant, advance};

use super::*;
use crate::FromFn;

const TOKEN: &[u8] = b"hunter2+A/B==";

type Verified = Result<(), ApiError>;

/// What comes of a verifier that answers like this, and how long it takes.
async fn answer(
    judge: Judge,
    verify: impl Fn(&Token) -> Verification<()> + Send + Sync + 'static,
) -> (Verified, Duration) {
    let asked = Instant::now();
    let token = Token::copy(TOKEN);
    let answer = match Arc::new(judge).ask(&FromFn(verify), &token, &mut Moment::default()) {
        Judgement::Now(answer) => answer,
        Judgement::Later(answer) => answer.await.map(drop),
    };
    (answer, asked.elapsed())
}

fn told(answer: Verified) -> (u16, u64, String) {
    let refusal = answer.unwrap_err();
    assert!(!refusal.headers().contains_key("www-authenticate"), "the token may be good");
    assert!(refusal.extensions().is_empty(), "it is nobody's failure");
    let seconds = refusal.retry_after().map_or(0, NonZeroU64::get);
    (refusal.status().as_u16(), seconds, refusal.source().map(ToString::to_string).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_verifier_that_fails_is_a_503_and_says_when_to_come_back() {
    let failed = || io::Error::other("connection refused");
    let expected = (503, 1, "connection refused".to_owned());
    let (now, _) = answer(Judge::new(), move |_| Err(failed()).into()).await;
    assert_eq!(told(now), expected);
    let (later, _) = answer(Judge::new(), move |_| {
        Verification::later(async move {
            tokio::task::yield_now().await;
            Err::<Outcome<_>, _>(failed())
        })
    })
    .await;
    assert_eq!(told(later), expected);

    let judge = Judge { retry_after: Duration::from_secs(30), ..Judge::new() };
    let (patient, _) = answer(judge, move |_| Err(failed()).into()).await;
    assert_eq!(told(patient).1, 30);
}

#[tokio::test(start_paused = true)]
async fn a_verifier_that_panics_is_a_503_whenever_it_does() {
    let expected = (503, 1, "the verifier panicked".to_owned());
    let (now, _) = answer(Judge::new(), |_| panic!("now")).await;
    assert_eq!(told(now), expected);
    let (at_once, _) = answer(Judge::new(), |_| {
        Verification::later(async { if true { panic!("at once") } else { None } })
    })
    .await;
    assert_eq!(told(at_once), expected);
    let (later, _) = answer(Judge::new(), |_| {
        Verification::later(async {
            tokio::task::yield_now().await;
            if true { panic!("later") } else { None }
        })
    })
    .await;
    assert_eq!(told(later), expected);
}

#[tokio::test(start_paused = true)]
async fn a_verifier_that_hangs_is_a_503_when_its_time_is_over_and_not_before() {
    let (hung, after) = answer(Judge::new(), |_| Verification::Later(Box::pin(pending()))).await;
    assert_eq!(told(hung), (503, 1, "the verifier gave no answer within 5s".to_owned()));
    // tokio's timer counts in milliseconds, and never ends early.
    assert!((5_000..5_002).contains(&after.as_millis()), "{after:?}");

    let slow = || async {
        sleep(Duration::from_millis(4_900)).await;
        Some(())
    };
    let (in_time, _) = answer(Judge::new(), move |_| Verification::later(slow())).await;
    assert!(in_time.is_ok());
    let judge = Judge { patience: Some(Duration::from_secs(4)), ..Judge::new() };
    let (too_late, _) = answer(judge, move |_| Verification::later(slow())).await;
    assert_eq!(told(too_late).0, 503);

    let judge = Judge { patience: None, ..Judge::new() };
    let waiting = tokio::spawn(answer(judge, |_| {
        Verification::later(async {
            sleep(Duration::from_secs(3_600)).await;
            Some(())
        })
    }));
    advance(Duration::from_secs(3_601)).await;
    assert!(waiting.await.unwrap().0.is_ok());
}

#[test]
fn where_there_is_no_timer_a_verifier_is_awaited() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (answer, _) = runtime.block_on(answer(Judge::new(), |_| {
        Verification::later(async {
            tokio::task::yield_now().await;
            Some(())
        })
    }));
    assert!(answer.is_ok());
}

#[tokio::test]
async fn a_cause_that_quotes_the_token_is_withheld_however_it_is_encoded() {
    for quote in
        ["hunter2+A/B==", "hunter2%2BA%2fB%3D=", "%68unter2%2BA%2FB==", "hunter2%252BA/B%3D="]
    {
        let url = format!("GET https://idp.test/introspect?token={quote}");
        let quoting = move || ApiError::internal(io::Error::other(url.clone()));
        let (failed, _) = answer(Judge::new(), move |_| Err(quoting()).into()).await;
        let (_, _, cause) = told(failed);
        assert!(cause.contains("withheld") && !cause.contains("unter2"), "{cause}");
    }
}

#[test]
fn a_token_that_is_no_secret_hides_no_cause() {
    let cause = |token: &str| {
        let token = Token::copy(token.as_bytes());
        withheld_if_it_quotes(&token, "connection refused, 100% of 3 tries".into()).to_string()
    };
    for token in ["e", "refused", "another-token"] {
        assert_eq!(cause(token), "connection refused, 100% of 3 tries");
    }
    assert!(cause("connection").contains("withheld"));
}
