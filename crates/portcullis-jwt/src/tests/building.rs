//! What is missing or wrong is said when the layer is built, with what to do.

use std::time::Duration;

use portcullis_core::BoxError;

use super::{
    AUDIENCE, Any, ISSUER,
    signer::{Signer, set},
};
use crate::{
    Algorithm, BuildError, Fetch, Issuer, IssuerKeys, Jwks, Jwt, JwtBuilder, KeySetText, Secret,
};

/// Fetches nothing.
struct Nobody;

impl Fetch for Nobody {
    async fn fetch(&self, _: &http::Uri, _: usize) -> Result<Vec<u8>, BoxError> {
        Err("nobody fetches here".into())
    }
}

fn keys() -> KeySetText {
    KeySetText::new(set([&Signer::new(Algorithm::Es256, "a")]))
}

fn es256(name: &str, keys: impl Into<IssuerKeys>) -> Issuer {
    Issuer::new(name, keys).with_algorithms([Algorithm::Es256])
}

fn good() -> JwtBuilder<Any> {
    Jwt::builder().with_issuer(es256(ISSUER, keys())).with_audience(AUDIENCE)
}

fn with(issuer: Issuer) -> JwtBuilder<Any> {
    Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE)
}

fn at(url: &str) -> Jwks {
    Jwks::at(url).with_fetch(Nobody)
}

#[track_caller]
fn assert_refused(builder: JwtBuilder<Any>, says: &str) {
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains(says), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn what_was_left_out_is_named() {
    assert!(good().build().is_ok());
    assert_refused(Jwt::builder().with_audience(AUDIENCE), "`with_issuer`");
    assert_refused(with(Issuer::new(ISSUER, keys())), "`with_algorithms([Algorithm::Es256])`");
    assert_refused(Jwt::builder().with_issuer(es256(ISSUER, keys())), "`with_any_audience`");
    assert_refused(good().with_any_audience(), "leave one of the two out");
    assert_refused(good().with_audience(""), "an empty audience");
    assert_refused(good().with_type(""), "an empty type");
    assert_refused(with(es256("", keys())), "an empty issuer");
}

#[test]
fn whose_keys_a_token_is_verified_with_is_never_in_doubt() {
    assert_refused(good().with_issuer(es256(ISSUER, keys())), "not clear whose keys");
    let any = || Issuer::any(keys()).with_algorithms([Algorithm::Es256]);
    assert_refused(good().with_issuer(any()), "any issuer");
    assert_refused(with(any()).with_issuer(any()), "any issuer");
    assert!(with(any()).build().is_ok());
    assert!(good().with_issuer(es256("another", keys())).build().is_ok());
}

#[test]
fn hmac_takes_a_secret_that_is_long_enough_and_nothing_else_does() {
    let hmac = |keys: IssuerKeys| Issuer::new(ISSUER, keys).with_algorithms([Algorithm::Hs256]);
    let https = || at("https://id.example.com/jwks.json");
    assert_refused(with(hmac(https().into())), "HMAC takes a `Secret`");
    assert_refused(with(hmac(keys().into())), "HMAC takes a `Secret`");
    let mixed = Issuer::new(ISSUER, https()).with_algorithms([Algorithm::Es256, Algorithm::Hs512]);
    assert_refused(with(mixed), "HS512 does not fit");
    assert_refused(with(es256(ISSUER, Secret::new([7; 32]))), "ES256 does not fit");
    for (algorithm, length) in
        [(Algorithm::Hs256, 32), (Algorithm::Hs384, 48), (Algorithm::Hs512, 64)]
    {
        let of = |length| {
            let secret = Secret::new(vec![7; length]);
            with(Issuer::new(ISSUER, secret).with_algorithms([algorithm]))
        };
        assert!(of(length).build().is_ok());
        assert_refused(of(length - 1), &format!("use {length} or more"));
        assert_refused(of(0), "too short");
    }
}

#[test]
fn a_url_that_keys_cannot_be_fetched_from_is_refused() {
    for (url, says) in [
        ("", "no URL"),
        ("not a url", "no URL"),
        ("/jwks.json", "begin it with `https://`"),
        ("id.example.com", "begin it with `https://`"),
        ("https://", "no URL"),
        ("ftp://id.example.com/jwks.json", "neither `https` nor `http`"),
        ("file:///etc/passwd", "no URL"),
        ("http://id.example.com/jwks.json", "anybody between can sign"),
        ("http://127.0.0.1.example.com/jwks.json", "anybody between can sign"),
        ("http://localhost.example.com/jwks.json", "anybody between can sign"),
        ("https://user:hunter2@id.example.com/jwks.json", "leave them out"),
        ("http://id.example.com/jwks.json?key=hunter2", "anybody between can sign"),
        ("user:hunter2@id.example.com /", "no URL"),
        ("https://user:hunter2?x@id.example.com/jwks.json", "its port is no number"),
        ("https://user:hunter2#x@id.example.com/jwks.json", "its port is no number"),
        ("https://user:hunter2/x@id.example.com/jwks.json", "its port is no number"),
        ("https://user:x/hunter2@id.example.com/jwks.json", "its port is no number"),
        ("https://user:hunter2?", "its port is no number"),
        ("https://user:hunter2?x @id.example.com/", "no URL"),
        ("https://user:hunter2@x @id.example.com/", "no URL"),
        ("https://id.example.com:65536/jwks.json", "its port is no number"),
    ] {
        assert_refused(with(es256(ISSUER, at(url))), says);
    }
    for url in [
        "https://id.example.com",
        "https://id.example.com:8443/jwks.json?tenant=7",
        "https://id.example.com:8443/@tenant/jwks.json?of=a@b",
        "http://localhost:3000/jwks.json",
        "http://127.0.0.1:3000/jwks.json",
        "http://[::1]:3000/jwks.json",
    ] {
        assert!(with(es256(ISSUER, at(url))).build().is_ok(), "{url}");
    }
    let inside = at("http://id.internal/jwks.json").with_plain_http();
    assert!(with(es256(ISSUER, inside)).build().is_ok());
}

#[test]
fn a_setting_that_cannot_be_meant_is_refused() {
    let https = || at("https://id.example.com/jwks.json");
    let second = Duration::from_secs(1);
    for (jwks, says) in [
        (https().with_cool_down(Duration::ZERO), "`with_cool_down`"),
        (https().with_timeout(Duration::ZERO), "`with_timeout`"),
        (https().with_cool_down(2 * second).with_refresh(second), "`with_refresh`"),
        (https().with_max_stale(Duration::ZERO), "`with_max_stale`"),
        (https().with_refresh(60 * second).with_max_stale(59 * second), "`with_max_stale`"),
        (https().with_max_bytes(0), "`with_max_bytes`"),
    ] {
        assert_refused(with(es256(ISSUER, jwks)), says);
    }
    assert_refused(good().with_leeway(Duration::MAX), "10 minutes");
    assert_refused(good().with_max_length(0), "`with_max_length`");
}

#[test]
fn a_text_that_is_no_key_set_for_the_algorithms_is_refused() {
    let [es256, eddsa] = [Algorithm::Es256, Algorithm::EdDsa];
    let other = set([&Signer::new(eddsa, "a")]);
    for text in ["", "{}", "[]", r#"{"keys":[]}"#, r#"{"keys":{}}"#, r#"{"keys":[7]}"#, &other] {
        let issuer = Issuer::new(ISSUER, KeySetText::new(text)).with_algorithms([es256]);
        let error = with(issuer).build().unwrap_err();
        assert!(matches!(error, BuildError::NoKeys(_)), "{text}: {error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[cfg(not(feature = "client"))]
#[test]
fn who_fetches_is_asked_where_there_is_no_client() {
    let issuer = es256(ISSUER, Jwks::at("https://id.example.com/jwks.json"));
    assert_refused(with(issuer), "enable the feature `client`");
}
