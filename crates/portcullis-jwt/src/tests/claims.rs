//! Of what a token claims, everything that is asked for has to be there, and to be what it should.

use std::time::Duration;

use portcullis_bearer::Reason::{Expired, Unknown};
use serde::Deserialize;
use serde_json::json;

use super::{
    AUDIENCE, Any, ISSUER, NOW, Seconds, builder, good, good_but, good_without, now, refused,
    signer::{Signer, set},
};
use crate::{Algorithm, Issuer, Jwt, KeySetText};

fn signer() -> Signer {
    Signer::new(Algorithm::EdDsa, "a")
}

#[test]
fn every_claim_is_required_unless_it_is_said_otherwise() {
    let signer = signer();
    let strict = builder(&signer).build().unwrap();
    assert!(now(&strict, &signer.token(&good())).is_ok());
    for missing in ["iss", "aud", "exp", "nbf"] {
        let token = signer.token(&good_without(missing));
        assert_eq!(refused(&strict, &token), Unknown, "{missing}");
    }
    let issuer = Issuer::any(KeySetText::new(set([&signer]))).with_algorithms([Algorithm::EdDsa]);
    let lenient = Jwt::<Any>::builder()
        .with_issuer(issuer)
        .with_any_audience()
        .with_optional_exp()
        .with_optional_nbf();
    let lenient = Seconds::new().drive(lenient).build().unwrap();
    assert!(now(&lenient, &signer.token(&json!({}))).is_ok());
    assert!(now(&lenient, &signer.token(&json!({ "aud": 7 }))).is_ok());
    // What is there counts all the same.
    assert_eq!(refused(&lenient, &signer.token(&json!({ "exp": NOW }))), Expired);
    assert_eq!(refused(&lenient, &signer.token(&json!({ "nbf": NOW + 1 }))), Unknown);
    assert_eq!(refused(&lenient, &signer.token(&json!({ "exp": null }))), Unknown);
}

#[test]
fn a_time_is_a_whole_number_of_seconds_and_nothing_else() {
    let signer = signer();
    let jwt = builder(&signer).with_optional_exp().with_optional_nbf().build().unwrap();
    for wrong in [
        "\"1900000000\"",
        "\"\"",
        "-1",
        "-1900000000",
        "1900000000.5",
        "1900000000.0",
        "1.9e9",
        "1e308",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "253402300800",
        "null",
        "true",
        "[1900000000]",
        "{}",
    ] {
        for claim in ["exp", "nbf"] {
            let claims = good_without(claim).to_string();
            let claims = claims.replacen('{', &format!("{{\"{claim}\":{wrong},"), 1);
            let token = signer.token_with(r#"{"alg":"EdDSA","kid":"a"}"#, &claims);
            assert_eq!(refused(&jwt, &token), Unknown, "{claim}: {wrong}");
        }
    }
    for wrong in ["NaN", "Infinity", "1e999", "01", "+1"] {
        let claims = good_without("exp").to_string();
        let claims = claims.replacen('{', &format!("{{\"exp\":{wrong},"), 1);
        let token = signer.token_with(r#"{"alg":"EdDSA","kid":"a"}"#, &claims);
        assert_eq!(refused(&jwt, &token), Unknown, "{wrong}");
    }
    let last = signer.token(&good_but(json!({ "exp": 253_402_300_799_u64 })));
    assert!(now(&jwt, &last).is_ok());
}

#[test]
fn expired_and_unknown_are_told_apart_to_the_second() {
    let signer = signer();
    let seconds = Seconds::new();
    for leeway in [0, 30] {
        let jwt = seconds
            .drive(builder(&signer))
            .with_leeway(Duration::from_secs(leeway))
            .with_capacity(0)
            .build()
            .unwrap();
        let token = signer.token(&good_but(json!({ "nbf": NOW, "exp": NOW + 10 })));
        for (at, expected) in [
            (NOW - leeway - 1, Err(Unknown)),
            (NOW - leeway, Ok(())),
            (NOW + 10 + leeway - 1, Ok(())),
            (NOW + 10 + leeway, Err(Expired)),
            (u64::MAX / 1_000_000_000_000, Err(Unknown)),
        ] {
            seconds.set(at);
            let seen = now(&jwt, &token).map(drop).map_err(Option::unwrap);
            assert_eq!(seen, expected, "at {at} with {leeway}");
        }
    }
    // A stranger's token is not expired: nothing of it is believed.
    seconds.set(NOW + 100);
    let jwt = seconds.drive(builder(&signer)).build().unwrap();
    let [own, foreign] = [&signer, &self::signer()].map(|signer| signer.token(&good()));
    assert_eq!((refused(&jwt, &own), refused(&jwt, &foreign)), (Expired, Unknown));
}

#[test]
fn neither_the_largest_leeway_nor_a_clock_before_1970_overflows() {
    let signer = signer();
    let leeway = Duration::from_secs(600);
    let seconds = Seconds::new();
    let jwt = seconds.drive(builder(&signer)).with_leeway(leeway).build().unwrap();
    for at in [0, 1, 599] {
        seconds.set(at);
        let token = signer.token(&good_but(json!({ "nbf": 0, "exp": 1 })));
        assert!(now(&jwt, &token).is_ok(), "at {at}");
    }
    let before = builder(&signer)
        .with_clock(|| std::time::UNIX_EPOCH - Duration::from_secs(1))
        .with_leeway(leeway)
        .build()
        .unwrap();
    let token = signer.token(&good_but(json!({ "nbf": 0, "exp": 253_402_300_799_u64 })));
    assert_eq!(refused(&before, &token), Expired);
}

#[test]
fn an_audience_is_one_text_or_several_of_which_one_is_enough() {
    let signer = signer();
    let jwt = builder(&signer).with_audience("second").build().unwrap();
    for (aud, is_good) in [
        (json!(AUDIENCE), true),
        (json!("second"), true),
        (json!(["third", "second"]), true),
        (json!(["third"]), false),
        (json!("third"), false),
        (json!("secon"), false),
        (json!(""), false),
        (json!([]), false),
        (json!(null), false),
        (json!({ "aud": AUDIENCE }), false),
        (json!([AUDIENCE, 7]), false),
        (json!([[AUDIENCE]]), false),
        (json!(true), false),
    ] {
        let token = signer.token(&good_but(json!({ "aud": aud })));
        assert_eq!(now(&jwt, &token).is_ok(), is_good, "{aud}");
    }
}

#[test]
fn an_issuer_is_compared_letter_by_letter() {
    let signer = signer();
    let jwt = builder(&signer).build().unwrap();
    for iss in [
        json!(format!("{ISSUER}/")),
        json!(ISSUER.to_uppercase()),
        json!(""),
        json!(null),
        json!([ISSUER]),
        json!("https://id.example.com.attacker.example"),
    ] {
        let token = signer.token(&good_but(json!({ "iss": iss })));
        assert_eq!(refused(&jwt, &token), Unknown, "{iss}");
    }
}

#[test]
fn a_type_is_compared_as_media_types_are_and_only_on_request() {
    let signer = signer();
    let any = builder(&signer).build().unwrap();
    let access = builder(&signer).with_type("at+jwt").build().unwrap();
    for (typ, is_access) in [
        (json!("at+jwt"), true),
        (json!("AT+JWT"), true),
        (json!("application/at+jwt"), true),
        (json!("JWT"), false),
        (json!(""), false),
        (json!(null), false),
    ] {
        let header = json!({ "alg": "EdDSA", "kid": "a", "typ": typ }).to_string();
        let token = signer.token_with(&header, &good().to_string());
        assert!(now(&any, &token).is_ok(), "{typ}");
        assert_eq!(now(&access, &token).is_ok(), is_access, "{typ}");
    }
}

#[test]
fn scopes_come_as_a_text_or_as_an_array() {
    let signer = signer();
    let jwt = builder(&signer).build().unwrap();
    for (changes, expected) in [
        (json!({}), &[] as &[&str]),
        (json!({"scope": "read write"}), &["read", "write"]),
        (json!({"scope": "  read   write "}), &["read", "write"]),
        (json!({"scope": ""}), &[]),
        (json!({"scope": null}), &[]),
        (json!({"scope": ["read", "write"]}), &["read", "write"]),
        (json!({"scp": "read write"}), &["read", "write"]),
        (json!({"scp": ["read", "write"]}), &["read", "write"]),
        // An element is one scope, whatever it holds, and no scope that is required has a space.
        (json!({"scp": ["read write"]}), &["read write"]),
        (json!({"scope": "read", "scp": ["write"]}), &["read"]),
    ] {
        let claims = now(&jwt, &signer.token(&good_but(changes.clone()))).unwrap();
        assert_eq!(claims.scopes(), expected, "{changes}");
        assert_eq!(claims.may("read"), expected.contains(&"read"), "{changes}");
        assert!(!claims.may("rea") && !claims.may(""));
    }
    for wrong in [json!(7), json!({"read": true}), json!(["read", 7])] {
        let token = signer.token(&good_but(json!({ "scope": wrong })));
        assert_eq!(refused(&jwt, &token), Unknown, "{wrong}");
    }
}

#[derive(Debug, Deserialize)]
struct Account {
    sub: String,
    #[serde(default)]
    roles: Vec<String>,
}

fn of_accounts(signer: &Signer) -> Jwt<Account> {
    let issuer =
        Issuer::new(ISSUER, KeySetText::new(set([signer]))).with_algorithms([Algorithm::EdDsa]);
    let builder = Jwt::<Account>::builder()
        .with_issuer(issuer)
        .with_audience(AUDIENCE)
        .with_scopes(|account| account.roles.clone());
    Seconds::new().drive(builder).build().unwrap()
}

#[test]
fn claims_are_read_into_a_type_of_ones_own_and_so_are_scopes() {
    let signer = signer();
    let jwt = of_accounts(&signer);
    let token = signer.token(&good_but(json!({"roles": ["admin"], "scope": "read"})));
    let claims = now(&jwt, &token).unwrap();
    assert_eq!((&*claims.sub, &*claims.get().sub), ("alice", "alice"));
    assert!(claims.may("admin") && !claims.may("read"));
    // Then it does not matter what else they are.
    assert!(now(&jwt, &signer.token(&good_but(json!({"scope": {"read": true}})))).is_ok());

    for wrong in [good_without("sub"), good_but(json!({"sub": 7})), good_but(json!({"roles": 7}))] {
        assert_eq!(refused(&jwt, &signer.token(&wrong)), Unknown, "{wrong}");
    }
}

#[test]
fn claims_are_one_object_and_say_everything_once() {
    let signer = signer();
    let jwt = builder(&signer).build().unwrap();
    let header = r#"{"alg":"EdDSA","kid":"a"}"#;
    let good = good().to_string();
    let deep = format!("{{\"deep\":{}{},", "[".repeat(500), "]".repeat(500));
    for claims in [
        good.replacen('{', r#"{"sub":"mallory","#, 1),
        good.replacen('{', r#"{"\u0073ub":"mallory","#, 1),
        good.replacen('{', r#"{"nested":{"a":1,"a":2},"#, 1),
        good.replacen('{', &deep, 1),
        format!("[{good}]"),
        format!("{good}{good}"),
        String::new(),
        "null".to_owned(),
        format!(r#"["{ISSUER}","{AUDIENCE}",{},{NOW}]"#, NOW + 60),
    ] {
        let token = signer.token_with(header, &claims);
        assert_eq!(refused(&jwt, &token), Unknown, "{claims}");
    }
}

/// serde_json reads `{"$serde_json::private::RawValue": "…"}` as what its text says, anew.
#[test]
fn a_claim_in_a_wrapping_of_serde_jsons_own_is_refused() {
    let signer = signer();
    let jwt = builder(&signer).build().unwrap();
    let wrapped = |text: &str| json!({ "$serde_json::private::RawValue": text });
    let exp = (NOW + 60).to_string();
    let roles = r#"{"admin":false,"admin":true}"#;
    let deep = "[".repeat(120) + &"]".repeat(120);
    for claims in [
        good_but(json!({ "aud": wrapped(&format!("{AUDIENCE:?}")) })),
        good_but(json!({ "exp": wrapped(&exp) })),
        good_but(json!({ "nbf": wrapped(&NOW.to_string()) })),
        good_but(json!({ "scope": wrapped(r#"["admin"]"#), "roles": wrapped(roles) })),
        good_but(json!({ "exp": { "$serde_json::private::Number": exp } })),
        good_but(json!({ "deep": [[[wrapped(&deep)]]] })),
    ] {
        assert_eq!(refused(&jwt, &signer.token(&claims)), Unknown, "{claims}");
    }
    let header = r#"{"alg":"EdDSA","kid":"a","x":{"$serde_json::private::RawValue":"1"}}"#;
    assert_eq!(refused(&jwt, &signer.token_with(header, &good().to_string())), Unknown);
}
