//! The names of a map's members, which JSON writes as text and types read as what they like.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
};

use proptest::{prelude::*, test_runner::TestCaseError};
use serde::{Deserialize, de::DeserializeOwned};

use super::{faults, read};
use crate::extract::{Json, Query};

#[test]
fn a_numbers_name_is_written_as_json_writes_numbers() {
    for name in ["05", "+5", " 5", "5 ", "0x5", "5.0", "", "-", "five", "\\u0035"] {
        let json = format!(r#"{{"{name}":1}}"#);
        assert!(serde_json::from_str::<BTreeMap<u8, u8>>(&json).is_err(), "{name}");
        assert_eq!(faults::<BTreeMap<u8, u8>>(&json).len(), 1, "{name}");
    }
    assert_eq!(read::<BTreeMap<u8, u8>>(r#"{"5":1}"#).unwrap(), BTreeMap::from([(5, 1)]));
    assert_eq!(faults::<BTreeMap<u8, u8>>(r#"{"256":1}"#), ["body.256.[key] less_than_equal"]);
}

#[test]
fn a_booleans_name_is_true_or_false() {
    for name in ["yes", "on", "1", "True", "TRUE", "t", ""] {
        let json = format!(r#"{{"{name}":1}}"#);
        let place = format!("body.{name}.[key] bool_parsing");
        assert_eq!(faults::<BTreeMap<bool, u8>>(&json), [place]);
    }
    assert_eq!(read::<BTreeMap<bool, u8>>(r#"{"true":1}"#).unwrap(), BTreeMap::from([(true, 1)]));
}

#[test]
fn a_wrong_name_is_told_from_a_member_that_is_called_so() {
    use crate::{Envelope, ProblemDetails};

    let body = |json: &str| {
        let error = Json::<BTreeMap<u8, BTreeMap<String, u8>>>::from_bytes(json.as_bytes());
        let body = ProblemDetails::new().render(&error.unwrap_err()).body;
        String::from_utf8(body.to_vec()).unwrap()
    };
    assert!(body(r#"{"x":{}}"#).contains(r##""pointer":"#/x""##));
    assert!(body(r#"{"1":{"[key]":7000}}"#).contains(r##""pointer":"#/1/%5Bkey%5D""##));
}

#[test]
fn a_querys_names_are_text_that_stands_for_anything() {
    let query = |uri: &str| Query::<HashMap<bool, u8>>::try_from_uri(&uri.parse().unwrap());
    assert_eq!(query("/?yes=5").unwrap().0, HashMap::from([(true, 5)]));
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Low,
    #[serde(alias = "Top")]
    High,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Number(i16);

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Word {
    word: Option<String>,
}

fn agrees<K: DeserializeOwned + Debug + Ord>(json: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<BTreeMap<K, u8>>(json).ok();
    prop_assert_eq!(read::<BTreeMap<K, u8>>(json).ok(), theirs, "{}", json);
    // The same from a tree, as where something else is wrong.
    let beside = format!(r#"{{"map":{json},"wrong":[]}}"#);
    let is_right = !faults::<Beside<BTreeMap<K, u8>>>(&beside)
        .iter()
        .any(|fault| fault.starts_with("body.map"));
    prop_assert_eq!(is_right, serde_json::from_str::<BTreeMap<K, u8>>(json).is_ok(), "{}", json);
    Ok(())
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Beside<M> {
    map: M,
    wrong: u8,
}

proptest! {
    #[test]
    fn names_are_taken_where_serde_json_takes_them(
        name in r"-?[0-9]{1,3}|[+-]?0?[0-9]{0,2}(\.[0-9])?(e[0-9])?|true|false|yes|Low|Top|[ a-z]{0,2}|\\u003[0-9]|-?[0-9]{18,40}"
    ) {
        let json = format!(r#"{{"{name}":1}}"#);
        agrees::<bool>(&json)?;
        agrees::<u8>(&json)?;
        agrees::<i64>(&json)?;
        agrees::<u64>(&json)?;
        agrees::<i128>(&json)?;
        agrees::<u128>(&json)?;
        agrees::<std::num::NonZeroI32>(&json)?;
        agrees::<char>(&json)?;
        agrees::<String>(&json)?;
        agrees::<Level>(&json)?;
        agrees::<Number>(&json)?;
        agrees::<Word>(&json)?;
        agrees::<()>(&json)?;
    }
}
