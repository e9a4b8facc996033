//! A verifier that cannot say says 503, in time, and nobody is blamed.

use std::{future::pending, io, time::Duration};

use http::header::AUTHORIZATION;
use portcullis::{
    ApiError, Bearer, Detail, Outcome, Portcullis, Reason, Refusals, Token, Verification,
};
use portcullis_tests::get;
use tokio::time::Instant;
use tower::{Layer, ServiceExt};

use crate::{
    secrecy::was_logged,
    service::{Caller, Way, behind, routes},
};

type Verifier = fn(&Token) -> Verification<Caller>;

/// Everything that may go wrong with a verifier, and how long each takes.
const FAILURES: [(&str, u64, Verifier); 10] = [
    ("fails", 0, |_| Err(io::Error::other("connection refused")).into()),
    ("fails later", 0, |_| {
        Verification::later(async {
            tokio::task::yield_now().await;
            Err::<Option<_>, _>(io::Error::other("connection reset"))
        })
    }),
    ("is unavailable", 0, |_| Outcome::unavailable(Duration::from_secs(1), "maintenance").into()),
    ("panics", 0, |token| panic!("no row for {token:?}")),
    ("panics at once", 0, |_| Verification::later(panics())),
    ("panics later", 0, |_| {
        Verification::later(async {
            tokio::task::yield_now().await;
            panics().await
        })
    }),
    ("hangs", 2_000, |_| Verification::Later(Box::pin(pending()))),
    ("is too slow", 2_000, |_| {
        Verification::later(async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Some(Caller("wile".into()))
        })
    }),
    ("quotes the token", 0, |token| {
        let url = format!("https://idp.test/introspect?token={}", token.as_str());
        Err(ApiError::internal(io::Error::other(url))).into()
    }),
    ("quotes it percent-encoded", 0, |token| {
        let url = format!("/introspect?token={}", token.as_str().replace('/', "%2F"));
        Err(ApiError::internal(io::Error::other(url))).into()
    }),
];

const TOKEN: &str = "hunter2/secret";

async fn panics() -> Option<Caller> {
    panic!("the verifier's own fault")
}

fn bearer(verify: Verifier) -> Bearer<impl portcullis::Verify<Principal = Caller>> {
    Bearer::from_fn(verify).with_timeout(Duration::from_secs(2))
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_is_a_503_in_time_that_says_when_to_come_back() {
    for (failure, takes, verify) in FAILURES {
        let app = behind(bearer(verify));
        for way in Way::ALL {
            let asked = Instant::now();
            let answer = way.send(&app, get("/whoami").key(TOKEN)).await;
            let took = asked.elapsed().as_millis();
            assert_eq!(answer.status, 503, "{failure} {way:?}");
            assert_eq!(answer.header("retry-after"), "1", "{failure} {way:?}");
            assert_eq!(answer.header("www-authenticate"), "", "{failure} {way:?}");
            assert_eq!(answer.text(), r#"{"detail":"Service Unavailable"}"#, "{failure} {way:?}");
            let takes = u128::from(takes);
            assert!((takes..=takes + 2).contains(&took), "{failure} {way:?} took {took} ms");
        }
    }
    for line in [
        "connection refused",
        "connection reset",
        "maintenance",
        "the verifier panicked",
        "the verifier gave no answer within 2s",
        "the cause is withheld, since it quotes the token",
    ] {
        assert!(was_logged(line), "{line:?} was not logged");
    }
}

/// What a layer outside, a limit by outcome perhaps, finds in a response's extensions.
async fn reason(verify: Verifier, authorization: &str) -> Option<Reason> {
    let app = Portcullis::new().envelope(Detail::new()).bearer(bearer(verify)).layer(routes());
    let request = http::Request::get("/whoami").header(AUTHORIZATION, authorization);
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let Ok(response) = app.oneshot(request).await;
    response.extensions().get::<Reason>().copied()
}

#[tokio::test(start_paused = true)]
async fn a_refusal_tells_layers_outside_the_envelope_why_and_a_failure_blames_nobody() {
    for (failure, _, verify) in FAILURES {
        assert_eq!(reason(verify, &format!("Bearer {TOKEN}")).await, None, "{failure}");
    }
    let unknown = |_: &Token| None.into();
    assert_eq!(reason(unknown, "Bearer hunter2").await, Some(Reason::Unknown));
    assert_eq!(reason(unknown, "Bearer").await, Some(Reason::Empty));
    assert!(Reason::Unknown.is_failed_verification() && !Reason::Empty.is_failed_verification());
}

#[tokio::test(start_paused = true)]
async fn what_a_failure_says_may_be_said_otherwise() {
    let unavailable = ApiError::unavailable("").with_message("Failed to reach accounts service");
    let refusals = Refusals::new().with_unavailable(unavailable);
    let (_, _, fails) = FAILURES[0];
    let (_, _, says_when) = FAILURES[2];
    let patient = ApiError::unavailable("").with_retry_after(Duration::from_secs(20));
    for (verify, expected) in [(fails, "20"), (says_when, "1")] {
        let refusals = Refusals::new().with_unavailable(patient.clone());
        let app = behind(bearer(verify).with_refusals(refusals));
        let answer = Way::InProcess.send(&app, get("/whoami").key("hunter2")).await;
        assert_eq!(answer.header("retry-after"), expected);
    }
    let bearer = bearer(fails).with_retry_after(Duration::from_secs(30)).with_refusals(refusals);
    let answer = Way::InProcess.send(&behind(bearer), get("/whoami").key("hunter2")).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "30"));
    assert_eq!(answer.text(), r#"{"detail":"Failed to reach accounts service"}"#);
}
