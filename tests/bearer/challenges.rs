//! What a 401 says, as a client reads it that is not ours.

use http::request::Parts;
use http::{StatusCode, header::WWW_AUTHENTICATE};
use http_auth::ChallengeRef;
use portcullis::{ApiError, Challenge, Guard, GuardLayer, Reason, Refusals, Verdict};
use portcullis_tests::{Wire, get};

use crate::service::{answer, routes};

/// Refuses everybody for this reason.
struct Refusing(ApiError);

impl Guard for Refusing {
    fn check(&self, _head: &mut Parts) -> Verdict {
        Verdict::from(self.0.clone())
    }
}

async fn refused(refusals: &Refusals, reason: Reason) -> Wire {
    let app = routes().layer(GuardLayer::new(Refusing(refusals.of(reason))));
    answer(&app, get("/whoami")).await
}

type Parameters = Vec<(String, String)>;

/// The challenges of an answer, each with its scheme and its parameters, in order.
fn challenges(answer: &Wire) -> Vec<(String, Parameters)> {
    let lines = answer.headers.get_all(WWW_AUTHENTICATE).iter();
    let read = lines.flat_map(|line| {
        let line = line.to_str().expect("visible ASCII");
        let challenges = http_auth::parse_challenges(line);
        let challenges = challenges.unwrap_or_else(|error| panic!("{line}: {error}"));
        challenges.into_iter().map(owned).collect::<Vec<_>>()
    });
    read.collect()
}

fn owned(challenge: ChallengeRef<'_>) -> (String, Parameters) {
    let parameters = challenge.params.iter();
    let parameters = parameters.map(|(name, value)| ((*name).to_owned(), value.to_unescaped()));
    (challenge.scheme.to_owned(), parameters.collect())
}

fn pairs(pairs: &[(&str, &str)]) -> Parameters {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn every_reason_of_every_preset_has_a_challenge_that_others_can_read() {
    for (preset, refusals) in [
        ("new", Refusals::new()),
        ("rfc6750", Refusals::rfc6750()),
        ("fastapi", Refusals::fastapi()),
    ] {
        for reason in Reason::ALL {
            let answer = refused(&refusals, *reason).await;
            let mut expected = Vec::new();
            if preset != "fastapi" {
                expected.extend(reason.error_code().map(|error| ("error", error)));
            }
            let message = refusals.of(*reason).message().to_owned();
            if preset == "rfc6750" && reason.error_code().is_some() {
                expected.push(("error_description", &*message));
            }
            assert_eq!(
                challenges(&answer),
                [("Bearer".to_owned(), pairs(&expected))],
                "{preset} {reason:?}"
            );
            let status = match (preset, reason.error_code()) {
                ("rfc6750", Some("invalid_request")) => StatusCode::BAD_REQUEST,
                (_, Some("insufficient_scope")) => StatusCode::FORBIDDEN,
                _ => StatusCode::UNAUTHORIZED,
            };
            assert_eq!(answer.status, status, "{preset} {reason:?}");
        }
    }
}

#[tokio::test]
async fn who_sent_no_credentials_is_told_no_error() {
    for reason in [Reason::Missing, Reason::OtherScheme] {
        for refusals in [Refusals::new(), Refusals::rfc6750(), Refusals::fastapi()] {
            assert_eq!(refused(&refusals, reason).await.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn every_parameter_arrives_as_it_was_given() {
    let refusals = Refusals::rfc6750()
        .with_realm("invoices")
        .with_scope("read write")
        .with_resource_metadata("https://api.test/.well-known/oauth-protected-resource");
    assert_eq!(
        challenges(&refused(&refusals, Reason::Expired).await),
        [(
            "Bearer".to_owned(),
            pairs(&[
                ("realm", "invoices"),
                ("error", "invalid_token"),
                ("error_description", "Bearer token expired"),
                ("scope", "read write"),
                ("resource_metadata", "https://api.test/.well-known/oauth-protected-resource"),
            ])
        )]
    );
}

#[tokio::test]
async fn what_is_put_into_a_parameter_stays_in_it() {
    for (injected, read) in [
        (r#"a", error="none"#, r#"a", error="none"#),
        (r#"a\", error=\"none"#, r#"a\", error=\"none"#),
        (r"ends with a backslash\", r"ends with a backslash\"),
        ("a\r\nset-cookie: b=c", "aset-cookie: b=c"),
        ("a\n\tb\0c\u{7f}", "abc"),
        ("a, Basic realm=\"b\"", "a, Basic realm=\"b\""),
        ("\u{201c}curly\u{201d}", "?curly?"),
    ] {
        for refusals in [
            Refusals::new().with_realm(injected),
            Refusals::new().with_plain_challenges().with_realm(injected),
            Refusals::new().with_challenge(move |_| Challenge::bearer().with_realm(injected)),
        ] {
            let answer = refused(&refusals, Reason::Missing).await;
            let expected = [("Bearer".to_owned(), pairs(&[("realm", read)]))];
            assert_eq!(challenges(&answer), expected, "{injected:?}");
            assert!(!answer.headers.contains_key("set-cookie"));
        }
        let described = Refusals::rfc6750().with_message(Reason::Unknown, injected);
        let answer = refused(&described, Reason::Unknown).await;
        assert_eq!(challenges(&answer)[0].1[1], ("error_description".into(), read.into()));
    }
}

#[tokio::test]
async fn several_schemes_are_several_challenges() {
    let refusals = Refusals::new()
        .and_challenge(Challenge::new("Cookie").with("cookie-name", "__Host-session"))
        .and_challenge(Challenge::new("Basic").with_realm("staff"));
    assert_eq!(
        challenges(&refused(&refusals, Reason::Missing).await),
        [
            ("Bearer".to_owned(), vec![]),
            ("Cookie".to_owned(), pairs(&[("cookie-name", "__Host-session")])),
            ("Basic".to_owned(), pairs(&[("realm", "staff")])),
        ]
    );
}
