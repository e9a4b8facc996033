use std::convert::Infallible;

use http::{HeaderMap, Request, Response, StatusCode};
use portcullis_core::{ApiError, GuardLayer};
use tower::{Layer, ServiceExt, service_fn};

use super::*;
use crate::{Challenge, Outcome};

#[derive(Clone, Copy, PartialEq, Debug)]
struct Account(u64);

/// Every token's outcome, by its text.
fn outcome(token: &str) -> Outcome<Account> {
    match token {
        "good" => Outcome::Accepted(Account(7)),
        "expired" => Outcome::Rejected(Reason::Expired),
        "revoked" => Outcome::Rejected(Reason::Revoked),
        "down" => Outcome::unavailable(Duration::from_millis(1_500), "the database is down"),
        _ => Outcome::Rejected(Reason::Unknown),
    }
}

/// What a client with this `Authorization` gets, from a verifier that answers now and from one that
/// answers later, which must not differ.
async fn answer(authorization: Option<&str>) -> (StatusCode, HeaderMap, String) {
    let now = through(authorization, |token| outcome(token.as_str()).into()).await;
    let later = through(authorization, |token| {
        let token = token.clone();
        Verification::later(async move {
            tokio::task::yield_now().await;
            outcome(token.as_str())
        })
    })
    .await;
    assert_eq!(now, later);
    now
}

async fn through(
    authorization: Option<&str>,
    verify: impl Fn(&Token) -> Verification<Account> + Send + Sync + 'static,
) -> (StatusCode, HeaderMap, String) {
    let handler = service_fn(async |request: Request<()>| {
        let account = request.extensions().get::<Account>().copied();
        let hidden = request.headers()[AUTHORIZATION].is_sensitive();
        Ok::<_, Infallible>(Response::new(format!("{account:?}, hidden: {hidden}")))
    });
    let mut request = Request::builder();
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let service = GuardLayer::new(Bearer::from_fn(verify)).layer(handler);
    let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
    let message = response.extensions().get::<ApiError>().map(|error| error.message().to_owned());
    let (head, body) = response.into_parts();
    (head.status, head.headers, message.unwrap_or(body))
}

#[tokio::test]
async fn a_good_token_hands_the_principal_to_the_handler_and_hides_the_header() {
    let (status, headers, body) = answer(Some("Bearer good")).await;
    assert_eq!((status, &*body), (StatusCode::OK, "Some(Account(7)), hidden: true"));
    assert!(headers.is_empty());
}

#[tokio::test]
async fn every_refusal_has_its_challenge() {
    let request_error = r#"Bearer error="invalid_request""#;
    let token_error = r#"Bearer error="invalid_token""#;
    for (authorization, challenge, message) in [
        (None, "Bearer", "Missing bearer token"),
        (Some("Basic YQ=="), "Bearer", "Authorization scheme is not Bearer"),
        (Some("YQ=="), request_error, "Malformed Authorization header"),
        (Some("Bearer"), request_error, "Empty bearer token"),
        (Some("Bearer nobody"), token_error, "Invalid bearer token"),
        (Some("Bearer expired"), token_error, "Bearer token expired"),
        (Some("Bearer revoked"), token_error, "Invalid bearer token"),
    ] {
        let (status, headers, told) = answer(authorization).await;
        assert_eq!(status, 401);
        assert_eq!(headers["www-authenticate"], challenge, "{authorization:?}");
        assert_eq!(told, message);
    }
}

#[tokio::test]
async fn a_check_that_could_not_be_made_is_no_fault_of_the_token() {
    let (status, headers, told) = answer(Some("Bearer down")).await;
    assert_eq!((status.as_u16(), &*told), (503, "Service Unavailable"));
    assert_eq!(headers["retry-after"], "2");
    assert!(!headers.contains_key("www-authenticate"));
}

/// What becomes of a request at a guard, and the head that it leaves.
fn check(guard: &impl Guard, request: http::request::Builder) -> (Result<(), ApiError>, Parts) {
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let Verdict::Now(decision) = guard.check(&mut head) else { panic!("it is decided now") };
    (decision.map(drop), head)
}

fn bearer() -> Bearer<FromFn<impl Fn(&Token) -> Verification<Account> + Send + Sync + 'static>> {
    Bearer::from_fn(|token| outcome(token.as_str()).into())
}

fn session(value: &str) -> Outcome<Account> {
    match value {
        "s1" => Outcome::Accepted(Account(8)),
        _ => Outcome::Rejected(Reason::Unknown),
    }
}

fn reason(decision: Result<(), ApiError>) -> Option<Reason> {
    decision.err().and_then(|refusal| refusal.extensions().get().copied())
}

#[test]
fn absent_credentials_may_be_anonymous_and_wrong_ones_never_are() {
    let guard = bearer().on_missing(OnMissing::Anonymous);
    let (decision, head) = check(&guard, Request::get("/"));
    assert!(decision.is_ok());
    assert_eq!(head.extensions.get::<Account>(), None);
    for (header, expected) in [
        ("Bearer nobody", Reason::Unknown),
        ("Bearer", Reason::Empty),
        ("", Reason::Malformed),
        ("Basic YQ==", Reason::OtherScheme),
    ] {
        let (decision, _) = check(&guard, Request::get("/").header(AUTHORIZATION, header));
        assert_eq!(reason(decision), Some(expected), "{header:?}");
    }
    let (decision, head) = check(&guard, Request::get("/").header(AUTHORIZATION, "Bearer good"));
    assert!(decision.is_ok());
    assert_eq!(head.extensions.get(), Some(&Account(7)));
}

#[test]
fn a_preflight_passes_without_credentials_unless_they_are_wanted_of_it() {
    let preflight = || {
        Request::options("/")
            .header("origin", "https://app.test")
            .header("access-control-request-method", "PUT")
    };
    assert!(check(&bearer(), preflight()).0.is_ok());
    let strict = bearer().on_preflight(OnPreflight::Verify);
    assert_eq!(reason(check(&strict, preflight()).0), Some(Reason::Missing));
    let options = Request::options("/").header("origin", "https://app.test");
    assert_eq!(reason(check(&bearer(), options).0), Some(Reason::Missing));
    // Who brings credentials is no preflight.
    let dressed = preflight().header(AUTHORIZATION, "Bearer nobody");
    assert_eq!(reason(check(&bearer(), dressed).0), Some(Reason::Unknown));
}

#[test]
fn an_exempt_path_is_not_verified_and_hands_no_credentials_on_in_the_open() {
    let guard = bearer().exempt("/healthz");
    let request = Request::get("/healthz").header(AUTHORIZATION, "Bearer nobody");
    let (decision, head) = check(&guard, request);
    assert!(decision.is_ok());
    assert!(head.headers[AUTHORIZATION].is_sensitive());
    assert_eq!(reason(check(&guard, Request::get("/")).0), Some(Reason::Missing));
}

#[test]
fn what_handlers_find_of_the_credentials_is_hidden_or_nothing() {
    let twice = || {
        let request = Request::get("/").header(AUTHORIZATION, "Bearer good");
        request.header(AUTHORIZATION, "Bearer good")
    };
    assert_eq!(reason(check(&bearer(), twice()).0), Some(Reason::Duplicate));
    let lenient = bearer().on_duplicate(OnDuplicate::AllowIdentical);
    let (decision, head) = check(&lenient, twice());
    assert!(decision.is_ok());
    let lines: Vec<_> = head.headers.get_all(AUTHORIZATION).iter().collect();
    assert_eq!(lines, ["Bearer good"; 2]);
    assert!(lines.iter().all(|line| line.is_sensitive()));

    let (decision, head) = check(&lenient.with_inbound(Inbound::Remove), twice());
    assert!(decision.is_ok());
    assert!(head.headers.is_empty());
}

#[test]
fn a_session_is_a_second_way_in_and_never_saves_a_bad_token() {
    let cookie = SessionCookie::from_fn("__Host-s", |token| session(token.as_str()).into());
    let guard = bearer().or_cookie(cookie.clone());
    let with_cookie = |value: &str| Request::get("/").header("cookie", format!("__Host-s={value}"));

    let (decision, head) = check(&guard, with_cookie("s1"));
    assert!(decision.is_ok());
    assert_eq!(head.extensions.get(), Some(&Account(8)));
    assert!(head.headers["cookie"].is_sensitive());

    let (decision, head) = check(&guard, with_cookie("s1").header(AUTHORIZATION, "Bearer good"));
    assert!(decision.is_ok());
    assert_eq!(head.extensions.get(), Some(&Account(7)));
    for (request, expected) in [
        (with_cookie("s1").header(AUTHORIZATION, "Bearer nobody"), Reason::Unknown),
        (with_cookie("s2"), Reason::Unknown),
        (with_cookie("s1; __Host-s=s2"), Reason::Duplicate),
        (Request::get("/"), Reason::Missing),
    ] {
        assert_eq!(reason(check(&guard, request).0), Some(expected));
    }

    let challenges = |guard: &dyn Guard| {
        let (mut head, ()) = Request::new(()).into_parts();
        let Verdict::Now(Err(refusal)) = guard.check(&mut head) else { panic!("it is refused") };
        let lines = refusal.headers().get_all("www-authenticate").iter().cloned();
        lines.collect::<Vec<_>>()
    };
    let for_cookie = r#"Cookie cookie-name="__Host-s""#;
    assert_eq!(challenges(&guard), ["Bearer", for_cookie]);
    assert_eq!(challenges(&cookie), [for_cookie]);
    assert_eq!(challenges(&bearer().or_cookie(cookie.clone().unchallenged())), ["Bearer"]);
    let named = cookie.with_challenge(Challenge::new("Session"));
    assert_eq!(challenges(&bearer().or_cookie(named)), ["Bearer", "Session"]);

    let removing = guard.with_inbound(Inbound::Remove).exempt("/healthz");
    let dressed = |uri: &str| Request::get(uri).header("cookie", "__Host-s=s1; theme=dark");
    for request in [
        dressed("/"),
        dressed("/").header(AUTHORIZATION, "Bearer good"),
        dressed("/healthz").header(AUTHORIZATION, "Bearer good"),
    ] {
        let (decision, head) = check(&removing, request);
        assert!(decision.is_ok());
        assert_eq!(head.headers["cookie"], "theme=dark");
        assert_eq!(head.headers.len(), 1);
    }
}

#[test]
#[should_panic = "may be set by any subdomain"]
fn a_cookie_that_others_may_set_is_refused_when_the_layer_is_built() {
    let _ = SessionCookie::from_fn("session", |_| Some(()).into());
}

#[test]
fn after_a_verifier_that_may_take_its_time_the_clock_is_read_again() {
    let verify = |token: &Token| outcome(token.as_str()).into();
    let panics = |_: &Token| -> Verification<Account> { panic!("a fault of the verifier's") };
    let session = || SessionCookie::from_fn("__Host-session", verify);
    let guards: [(&str, &dyn Guard); 4] = [
        ("authorization", &Bearer::from_fn(verify)),
        ("authorization", &Bearer::from_fn(panics)),
        ("cookie", &Bearer::from_fn(verify).or_cookie(session())),
        ("cookie", &session()),
    ];
    for (header, guard) in guards {
        let value = if header == "cookie" { "__Host-session=good" } else { "Bearer good" };
        let request = Request::builder().header(header, value).body(()).unwrap();
        let mut moment = Moment::at(1);
        assert!(matches!(
            guard.check_at(&mut request.into_parts().0, &mut moment),
            Verdict::Now(_)
        ));
        assert_eq!(moment.known(), None, "{header}");
    }
}
