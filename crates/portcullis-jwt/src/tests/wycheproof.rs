//! The vectors of Project Wycheproof: see `wycheproof/README.md`.

use serde_json::{Value, json};

use crate::{
    Algorithm, Backend, base64url,
    believed::{Believed, Keys},
    jws::Compact,
    key_set::{HmacKey, KeySet},
};

/// What became of the vectors.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    accepted: usize,
    refused: usize,
    /// Signed with what cannot be pinned here.
    left_out: usize,
}

/// What a vector's keys are pinned to: what they are for, or what their type is used with.
fn pinned(keys: &[Value]) -> Option<Algorithm> {
    let (name, kty) = (keys[0]["alg"].as_str(), keys[0]["kty"].as_str());
    Algorithm::named(name.unwrap_or(if kty == Some("RSA") { "RS256" } else { "ES256" }))
}

/// Who believes these keys: a set of public ones, or one secret.
fn believed(keys: &[Value], algorithm: Algorithm) -> Option<Believed> {
    let keys = match keys {
        [key] if key["kty"] == "oct" => {
            let secret = base64url::decode(key["k"].as_str()?.as_bytes())?;
            if secret.len() < algorithm.shortest_secret() {
                return None;
            }
            Keys::Secret(HmacKey::new(&secret))
        }
        _ => {
            let set = json!({ "keys": keys }).to_string();
            Keys::Fixed(KeySet::parse(set.as_bytes(), &[algorithm], Backend::AwsLc).ok()?)
        }
    };
    let backend = Backend::default();
    Some(Believed { name: None, algorithms: vec![algorithm], keys, backend })
}

fn is_accepted(believed: &Believed, token: &str) -> bool {
    Compact::parse(token.as_bytes())
        .is_ok_and(|jws| believed.verify(&jws).is_ok() && jws.payload().is_ok())
}

/// Goes through a file. Of each group `keys` finds the keys; of these vectors another is expected.
fn judge(file: &str, keys: fn(&Value) -> Vec<Value>, but: &[(u64, bool)]) -> Count {
    let file: Value = serde_json::from_str(file).unwrap();
    let mut count = Count::default();
    for group in file["testGroups"].as_array().unwrap() {
        let keys = keys(group);
        let algorithm = pinned(&keys);
        let believed = algorithm.and_then(|algorithm| believed(&keys, algorithm));
        for test in group["tests"].as_array().unwrap() {
            let token = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
            let accepted = believed.as_ref().is_some_and(|believed| is_accepted(believed, &token));
            let exception = but.iter().find(|(id, _)| test["tcId"] == *id);
            let expected = exception.map_or(test["result"] == "valid", |(_, expected)| *expected);
            if exception.is_some() || algorithm.is_none() && expected {
                count.left_out += 1;
            } else if accepted {
                count.accepted += 1;
            } else {
                count.refused += 1;
            }
            if algorithm.is_some() {
                assert_eq!(accepted, expected, "{}: {}", test["tcId"], test["comment"]);
            }
        }
    }
    count
}

fn key_of(group: &Value) -> Value {
    let of_whom = if group["public"].is_null() { "private" } else { "public" };
    group[of_whom].clone()
}

/// RFC 7520's signature with PS384, whose key says here that it is for PS256.
const AT_ODDS: [u64; 2] = [346, 350];

/// "Invalid", and letter by letter the same as 357, which is valid.
const SAME_AS_357: [u64; 2] = [367, 370];

/// "Valid", and with a `?` in it, which no base64url has: as 366 and 371, which are invalid.
const NO_BASE64URL: [u64; 2] = [372, 373];

#[test]
fn every_valid_signature_is_accepted_and_every_invalid_one_refused() {
    let file = include_str!("wycheproof/json_web_signature_test.json");
    let but: Vec<_> = [(AT_ODDS, false), (SAME_AS_357, true), (NO_BASE64URL, false)]
        .into_iter()
        .flat_map(|(ids, expected)| ids.map(|id| (id, expected)))
        .collect();
    let count = judge(file, |group| vec![key_of(group)], &but);
    // Two more that are left out are ECDSA on P-521.
    assert_eq!(count, Count { accepted: 40, refused: 353, left_out: 8 });

    let file: Value = serde_json::from_str(file).unwrap();
    let groups = || file["testGroups"].as_array().unwrap().iter();
    let token = |id: u64| {
        let mut tests = groups().flat_map(|group| group["tests"].as_array().unwrap());
        tests.find(|test| test["tcId"] == id).and_then(|test| test["jws"].as_str()).unwrap()
    };
    assert_eq!(SAME_AS_357.map(token), [token(357); 2]);
    assert!(NO_BASE64URL.map(token).iter().all(|token| token.contains('?')));

    // What is refused since its key is for another algorithm is accepted where the key does not say.
    let at_odds =
        groups().filter(|group| AT_ODDS.iter().any(|id| group["tests"][0]["tcId"] == *id));
    let accepted = at_odds.filter(|group| {
        let mut key = key_of(group);
        key.as_object_mut().unwrap().remove("alg");
        let believed = believed(&[key], Algorithm::Ps384).unwrap();
        is_accepted(&believed, group["tests"][0]["jws"].as_str().unwrap())
    });
    assert_eq!(accepted.count(), AT_ODDS.len());
}

#[test]
fn no_key_is_used_that_is_weak_or_for_something_else() {
    let file = include_str!("wycheproof/json_web_key_test.json");
    let keys = |group: &Value| key_of(group)["keys"].as_array().unwrap().clone();
    // 2 is valid with a set of secrets, and there are none here. 7 is an RSA key of a smart card that
    // chose its primes badly (ROCA), which is the issuer's to know.
    let count = judge(file, keys, &[(2, false), (7, true)]);
    assert_eq!(count, Count { accepted: 4, refused: 20, left_out: 2 });
}
