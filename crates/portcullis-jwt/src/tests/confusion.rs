//! A token cannot choose how it is verified, or with what.

use std::sync::LazyLock;

use portcullis_bearer::{Reason::Unknown, Token};
use proptest::prelude::*;
use serde_json::json;

use super::{AUDIENCE, Any, ISSUER, Seconds, builder, good, now, refused, signer::Signer};
use crate::{
    Algorithm, Issuer, Jwt, KeySetText, Secret,
    tests::signer::{encode, set},
};

const SIGNED: [Algorithm; 5] =
    [Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa, Algorithm::Rs256, Algorithm::Ps256];

#[test]
fn what_each_algorithm_has_signed_is_accepted_and_nothing_else() {
    for algorithm in SIGNED {
        let signer = Signer::new(algorithm, "a");
        let jwt = builder(&signer).build().unwrap();
        let token = signer.token(&good());
        assert_eq!(now(&jwt, &token).unwrap()["sub"], "alice", "{algorithm}");

        let stranger = Signer::new(algorithm, "a");
        assert_eq!(refused(&jwt, &stranger.token(&good())), Unknown, "{algorithm}");
        // Each byte counts, that of a signature's last bits included.
        for place in [0, token.len() / 3, token.len() / 2, token.len() - 1] {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(refused(&jwt, &changed), Unknown, "{algorithm} at {place}");
        }
    }
}

#[test]
fn a_public_key_is_no_secret() {
    for algorithm in SIGNED {
        let signer = Signer::new(algorithm, "a");
        let jwt = builder(&signer).build().unwrap();
        for public_key in signer.public_key() {
            let forger = Signer::with_secret(&public_key);
            for name in ["HS256", algorithm.name()] {
                let header = json!({"alg": name, "kid": "a"}).to_string();
                let token = forger.token_with(&header, &good().to_string());
                assert_eq!(refused(&jwt, &token), Unknown, "{algorithm} as {name}");
            }
        }
    }
}

#[test]
fn none_is_no_algorithm_with_a_signature_or_without() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).build().unwrap();
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({"alg": none, "kid": "a"}).to_string();
        let token = signer.token_with(&header, &good().to_string());
        let (signed, _) = token.rsplit_once('.').unwrap();
        for token in [&token, &format!("{signed}."), signed, &format!("{signed}.AA")] {
            assert_eq!(refused(&jwt, token), Unknown, "{none:?}");
        }
    }
}

#[test]
fn a_key_of_another_type_verifies_nothing() {
    for own in SIGNED {
        let signer = Signer::new(own, "a");
        for other in SIGNED.into_iter().filter(|other| *other != own) {
            // The header says what is pinned, and the key is another's.
            let jwt = builder(&Signer::new(other, "a")).build().unwrap();
            let header = json!({"alg": other.name(), "kid": "a"}).to_string();
            let token = signer.token_with(&header, &good().to_string());
            assert_eq!(refused(&jwt, &token), Unknown, "{own} as {other}");
            // The header says what it is, which is not pinned.
            assert_eq!(refused(&jwt, &signer.token(&good())), Unknown, "{own} for {other}");
        }
    }
}

/// Who believes these keys, and pins these algorithms.
fn with_keys(keys: &str, algorithms: &[Algorithm]) -> Jwt<Any> {
    let issuer =
        Issuer::new(ISSUER, KeySetText::new(keys)).with_algorithms(algorithms.iter().copied());
    let builder = Jwt::builder().with_issuer(issuer).with_audience(AUDIENCE);
    Seconds::new().drive(builder).build().unwrap()
}

#[test]
fn a_key_is_used_for_what_it_says_and_nothing_else() {
    let signer = Signer::new(Algorithm::Rs256, "a");
    let other = Signer::new(Algorithm::Es256, "b");
    let algorithms = [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256];
    for (member, value, is_good) in [
        ("alg", json!("RS256"), true),
        ("alg", json!("PS256"), false),
        ("alg", json!("RSA-OAEP"), false),
        ("alg", json!("ES256"), false),
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["encrypt", "wrapKey"]), false),
        ("key_ops", json!([]), false),
        ("d", json!("AQAB"), false),
    ] {
        let mut jwk = signer.jwk();
        jwk[member] = value.clone();
        let keys = json!({ "keys": [jwk, other.jwk()] }).to_string();
        let jwt = with_keys(&keys, &algorithms);
        let is_accepted = now(&jwt, &signer.token(&good())).is_ok();
        assert_eq!(is_accepted, is_good, "{member}: {value}");
        // The other key of the set is there in any case.
        assert!(now(&jwt, &other.token(&good())).is_ok());
    }
}

#[test]
fn a_header_that_brings_a_key_or_says_where_one_is_is_refused() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).build().unwrap();
    let attacker = Signer::new(Algorithm::Es256, "a");
    for (name, value) in [
        ("jwk", attacker.jwk()),
        ("jwk", json!(null)),
        ("jku", json!("https://attacker.example.com/jwks.json")),
        ("x5u", json!("https://attacker.example.com/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(null)),
        ("b64", json!(false)),
    ] {
        let mut header = json!({"alg": "ES256", "kid": "a"});
        header[name] = value;
        // Not even where the issuer itself has signed it.
        for by in [&attacker, &signer] {
            let token = by.token_with(&header.to_string(), &good().to_string());
            assert_eq!(refused(&jwt, &token), Unknown, "{header}");
        }
    }
}

#[test]
fn a_header_is_read_in_one_way_only() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).build().unwrap();
    let long = format!(r#"{{"alg":"ES256","kid":"{}"}}"#, "a".repeat(2_000));
    for header in [
        r#"{"alg":"ES256","alg":"ES256","kid":"a"}"#,
        r#"{"alg":"none","\u0061lg":"ES256","kid":"a"}"#,
        r#"{"alg":"ES256","kid":"a","kid":"a"}"#,
        r#"{"alg":"ES256","kid":"a","x":1,"x":2}"#,
        r#"["ES256","a","JWT"]"#,
        r#"{"alg":"es256","kid":"a"}"#,
        r#"{"alg":["ES256"],"kid":"a"}"#,
        r#"{"alg":"ES256","kid":7}"#,
        r#"{"kid":"a"}"#,
        r#"{"alg":"ES256","kid":"a"}}"#,
        "",
        "7",
        &long,
    ] {
        let token = signer.token_with(header, &good().to_string());
        assert_eq!(refused(&jwt, &token), Unknown, "{header}");
    }
}

#[test]
fn a_token_is_read_in_one_form_only() {
    let signer = Signer::new(Algorithm::Es256, "a");
    let jwt = builder(&signer).with_max_length(1_000).build().unwrap();
    let token = signer.token(&good());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    for changed in [
        format!("{token}="),
        format!("{token}.{signature}"),
        format!(".{token}"),
        format!("{token}."),
        format!("{header}..{signature}"),
        format!("{header}.{payload}+.{signature}"),
        format!("{header}.{payload}"),
        header.to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        signer.token(&json!({"iss": ISSUER, "long": "a".repeat(1_000)})),
    ] {
        assert_eq!(refused(&jwt, &changed), Unknown, "{changed}");
    }
}

#[test]
fn keys_that_share_a_kid_are_each_tried_and_only_so_many() {
    let signers: Vec<_> = (0..6).map(|_| Signer::new(Algorithm::Es256, "a")).collect();
    let jwt = with_keys(&set(&signers), &[Algorithm::Es256]);
    for (place, signer) in signers.iter().enumerate() {
        assert_eq!(now(&jwt, &signer.token(&good())).is_ok(), place < 4, "{place}");
    }
    // Those of another type do not count.
    let mixed = [Signer::new(Algorithm::EdDsa, "a"), Signer::new(Algorithm::Es256, "a")];
    let jwt = with_keys(&set(&mixed), &[Algorithm::Es256, Algorithm::EdDsa]);
    for signer in &mixed {
        assert!(now(&jwt, &signer.token(&good())).is_ok());
    }
}

#[test]
fn a_token_without_kid_may_be_of_any_key_and_a_key_without_one_of_any_token() {
    let keys = [Signer::new(Algorithm::Es256, "a"), Signer::new(Algorithm::Es256, "b")];
    let jwt = with_keys(&set(&keys), &[Algorithm::Es256]);
    let [_, second] = keys.map(Signer::without_kid);
    assert!(now(&jwt, &second.token(&good())).is_ok());

    let jwt = with_keys(&set([&second]), &[Algorithm::Es256]);
    let header = r#"{"alg":"ES256","kid":"whatever"}"#;
    assert!(now(&jwt, &second.token_with(header, &good().to_string())).is_ok());
}

#[test]
fn with_several_issuers_each_signs_for_itself_alone() {
    let [ours, theirs] = [Signer::new(Algorithm::Es256, "a"), Signer::new(Algorithm::Es256, "a")];
    let secret = [7; 32];
    let of = |name: &str, signer: &Signer| {
        Issuer::new(name, KeySetText::new(set([signer]))).with_algorithms([Algorithm::Es256])
    };
    let builder = Jwt::<Any>::builder()
        .with_issuer(of("ours", &ours))
        .with_issuer(of("theirs", &theirs))
        .with_issuer(
            Issuer::new("gateway", Secret::new(secret)).with_algorithms([Algorithm::Hs256]),
        )
        .with_audience(AUDIENCE);
    let jwt = Seconds::new().drive(builder).build().unwrap();
    let gateway = Signer::with_secret(&secret);
    for (name, own) in [("ours", &ours), ("theirs", &theirs), ("gateway", &gateway)] {
        let claims = super::good_but(json!({ "iss": name }));
        for signer in [&ours, &theirs, &gateway] {
            let is_own = std::ptr::eq(own, signer);
            assert_eq!(now(&jwt, &signer.token(&claims)).is_ok(), is_own, "{name}");
        }
    }
    for iss in [json!("nobody"), json!(["ours"]), json!(null), json!("")] {
        let token = ours.token(&super::good_but(json!({ "iss": iss })));
        assert_eq!(refused(&jwt, &token), Unknown, "{iss}");
    }
    let twice = good().to_string().replacen('{', r#"{"iss":"ours","#, 1);
    let token = ours.token_with(r#"{"alg":"ES256","kid":"a"}"#, &twice);
    assert_eq!(refused(&jwt, &token), Unknown);
}

#[test]
fn a_secret_signs_where_it_is_the_key() {
    let issuer = Issuer::new(ISSUER, Secret::new([7; 32])).with_algorithms([Algorithm::Hs256]);
    let builder = Jwt::<Any>::builder().with_issuer(issuer).with_audience(AUDIENCE);
    let jwt = Seconds::new().drive(builder).build().unwrap();
    assert!(now(&jwt, &Signer::with_secret(&[7; 32]).token(&good())).is_ok());
    assert_eq!(refused(&jwt, &Signer::with_secret(&[8; 32]).token(&good())), Unknown);
    // Its length is no part of what an empty signature would match.
    let token = Signer::with_secret(&[7; 32]).token(&good());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let short = format!("{signed}.{}", &signature[..8]);
    assert_eq!(refused(&jwt, &short), Unknown);
    assert_eq!(refused(&jwt, &format!("{signed}.{}", encode(&[0; 32]))), Unknown);
}

/// A verifier that has seen its one good token.
static SEEN: LazyLock<(Jwt<Any>, String)> = LazyLock::new(|| {
    let signer = Signer::new(Algorithm::EdDsa, "a");
    let jwt = builder(&signer).build().unwrap();
    let token = signer.token(&good());
    assert!(now(&jwt, &token).is_ok());
    (jwt, token)
});

proptest! {
    /// Whatever comes is judged without a panic, and is not good.
    #[test]
    fn what_nobody_signed_is_unknown(
        text in prop_oneof!["[A-Za-z0-9._=-]{1,200}", "[A-Za-z0-9_-]{1,80}(\\.[A-Za-z0-9_-]{0,80}){2}"],
    ) {
        prop_assume!(Token::try_from(&*text).is_ok());
        prop_assert_eq!(refused(&SEEN.0, &text), Unknown);
    }

    /// A good token with anything in place of a part of it is not good.
    #[test]
    fn a_token_that_was_tampered_with_is_unknown(
        at in any::<prop::sample::Index>(),
        length in 0..12_usize,
        put in "[A-Za-z0-9._-]{0,12}",
    ) {
        let (jwt, token) = &*SEEN;
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..token.len().min(at + length), &put);
        prop_assume!(changed != *token && Token::try_from(&*changed).is_ok());
        prop_assert_eq!(refused(jwt, &changed), Unknown);
    }
}

/// Some issuers write a modulus as a signed number, with a zero before it.
#[test]
fn an_rsa_key_with_zeros_before_it_verifies() {
    let signer = Signer::new(Algorithm::Rs256, "a");
    let mut jwk = signer.jwk();
    for member in ["n", "e"] {
        let number = crate::base64url::decode(jwk[member].as_str().unwrap().as_bytes()).unwrap();
        jwk[member] = encode(&[&[0], &*number].concat()).into();
    }
    let keys = KeySetText::new(json!({ "keys": [jwk] }).to_string());
    let issuer = Issuer::new(ISSUER, keys).with_algorithms([Algorithm::Rs256]);
    let builder = Jwt::<Any>::builder().with_issuer(issuer).with_audience(AUDIENCE);
    let jwt = Seconds::new().drive(builder).build().unwrap();
    assert!(now(&jwt, &signer.token(&good())).is_ok());
}
