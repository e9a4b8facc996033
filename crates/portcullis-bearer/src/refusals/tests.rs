use http::HeaderValue;

use super::*;

fn challenges(refusal: &ApiError) -> Vec<&str> {
    let lines = refusal.headers().get_all(WWW_AUTHENTICATE).iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}

#[test]
fn every_refusal_tells_layers_further_out_why() {
    for reason in Reason::ALL {
        let refusal = Refusals::new().of(*reason);
        assert_eq!(refusal.extensions().get::<Reason>(), Some(reason));
    }
    assert_eq!(Refusals::new().unavailable().extensions().get::<Reason>(), None);
}

#[test]
fn a_row_that_is_changed_leaves_the_others_alone() {
    let refusals = Refusals::new().with_message(Reason::Unknown, "Invalid API key");
    assert_eq!(refusals.of(Reason::Unknown).message(), "Invalid API key");
    assert_eq!(refusals.of(Reason::Revoked).message(), "Invalid bearer token");
}

#[test]
fn parameters_come_in_one_order_whatever_they_were_asked_in() {
    let refusals = Refusals::rfc6750()
        .with_resource_metadata("https://api.test/.well-known/oauth-protected-resource")
        .with_scope("read write")
        .with_realm("api");
    assert_eq!(
        challenges(&refusals.of(Reason::Expired)),
        [concat!(
            r#"Bearer realm="api", error="invalid_token", error_description="Bearer token expired", "#,
            r#"scope="read write", "#,
            r#"resource_metadata="https://api.test/.well-known/oauth-protected-resource""#
        )]
    );
}

#[test]
fn a_missing_scope_is_named_and_all_that_are_needed_stand_in_the_challenge() {
    let refusal = Refusals::new().with_scope("other").insufficient_scope("a b", "b");
    assert_eq!(refusal.message(), "Missing required scope: b");
    assert_eq!(challenges(&refusal), [r#"Bearer error="insufficient_scope", scope="a b""#]);
    assert_eq!(Refusals::new().of(Reason::InsufficientScope).message(), "Missing required scope");
    assert_eq!(challenges(&Refusals::fastapi().insufficient_scope("a b", "b")), ["Bearer"]);
}

#[test]
fn another_scheme_is_challenged_on_a_line_of_its_own_and_with_a_401_only() {
    let refusals = Refusals::new().and_challenge(Challenge::new("Basic").with_realm("staff"));
    let basic = r#"Basic realm="staff""#;
    assert_eq!(challenges(&refusals.of(Reason::Missing)), ["Bearer", basic]);
    let forbidden = refusals.of(Reason::NotPermitted);
    assert_eq!(challenges(&forbidden), [r#"Bearer error="insufficient_scope""#]);
}

#[test]
fn a_refusal_keeps_its_own_challenge_and_what_is_no_matter_of_credentials_has_none() {
    let refusals = Refusals::new().map(|reason, refusal| match reason {
        Reason::Missing => {
            refusal.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Negotiate"))
        }
        Reason::Unknown => refusal.with_status(ErrorStatus::NOT_FOUND),
        _ => refusal,
    });
    assert_eq!(challenges(&refusals.of(Reason::Missing)), ["Negotiate"]);
    assert_eq!(challenges(&refusals.of(Reason::Unknown)), [""; 0]);
}

#[test]
fn a_challenge_may_be_anybodys() {
    let refusals = Refusals::new()
        .with_challenge(|reason| Challenge::new("DPoP").with("algs", format!("{reason:?}")))
        .with_realm("api");
    assert_eq!(challenges(&refusals.of(Reason::Empty)), [r#"DPoP algs="Empty", realm="api""#]);
}
