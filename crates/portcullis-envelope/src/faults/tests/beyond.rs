//! What reaches beyond a tree: numbers of any width, JSON as text, and what nobody reads.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{faults, read};
use crate::extract::{Json, Query};

#[test]
fn integers_of_128_bits_are_read() {
    assert_eq!(read::<u128>("18446744073709551616").unwrap(), 1 << 64);
    assert_eq!(read::<u128>(&u128::MAX.to_string()).unwrap(), u128::MAX);
    assert_eq!(read::<i128>(&i128::MIN.to_string()).unwrap(), i128::MIN);
    assert_eq!(read::<i128>("-9223372036854775809").unwrap(), i128::from(i64::MIN) - 1);
    assert_eq!(
        faults::<(u128, u8)>("[18446744073709551616,256]"),
        ["body.1 less_than_equal"],
        "a wide one is no fault where another is"
    );
    assert_eq!(faults::<u128>("-1"), ["body greater_than_equal"]);
    assert_eq!(faults::<u128>("1e30"), ["body int_type"]);
    assert_eq!(faults::<u128>("1e40"), ["body less_than_equal"]);
    assert_eq!(faults::<i128>("1.5"), ["body int_from_float"]);
}

#[test]
fn a_number_is_a_number_whatever_serde_json_is_built_with() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Untagged {
        Float(f64),
        Text(String),
    }

    assert_eq!(read::<(u64, i64, f64)>("[1,-1,1.5]").unwrap(), (1, -1, 1.5));
    assert_eq!(read::<f64>("-0").unwrap(), 0.0);
    assert_eq!(read::<f32>("1e2").unwrap(), 100.0);
    assert_eq!(read::<serde_json::Value>("[1.5]").unwrap()[0].as_f64(), Some(1.5));
    assert_eq!(read::<serde_json::Number>("1.5").unwrap().as_f64(), Some(1.5));
    assert_eq!(read::<Untagged>("1.5").unwrap(), Untagged::Float(1.5));
    assert_eq!(faults::<HashMap<String, String>>(r#"{"a":1.5}"#), ["body.a string_type"]);
    assert_eq!(
        faults::<HashMap<String, HashMap<String, String>>>(r#"{"a":1.5}"#),
        ["body.a dict_type"]
    );
    assert_eq!(faults::<(f64, u8)>(r#"[1.5,"x"]"#), ["body.1 int_parsing"]);
    assert_eq!(faults::<(u64, u8)>("[1.5,1.0]"), ["body.0 int_from_float", "body.1 int_type"]);
    assert_eq!(
        Json::<Vec<u8>>::from_bytes(b"[1e400]").unwrap_err().issues()[0].kind(),
        "json_invalid"
    );
}

#[test]
fn nobody_can_pretend_that_an_object_is_a_number() {
    for value in [r#""1.5""#, "1.5", "1", "{}"] {
        let json = format!(r#"[{{"$serde_json::private::Number":{value}}},"x"]"#);
        let found = faults::<(f64, u8)>(&json);
        assert_eq!(found, ["body.0 float_type", "body.1 int_parsing"], "{json}");
        let found = faults::<(HashMap<String, String>, u8)>(&json);
        assert_eq!(found.len(), if value.starts_with('"') { 1 } else { 2 }, "{json}");
    }
}

#[derive(Debug, Deserialize)]
struct Event {
    kind: String,
    payload: Box<RawValue>,
    count: u8,
}

#[test]
fn json_is_kept_as_text_where_the_type_wants_that() {
    let json = r#"{"kind":"k","payload":{ "a" : [1.0, "\u0041"] },"count":1}"#;
    let event: Event = read(json).unwrap();
    assert_eq!(event.payload.get(), r#"{ "a" : [1.0, "\u0041"] }"#);
    assert_eq!((event.kind.as_str(), event.count), ("k", 1));
    let raw: Vec<Box<RawValue>> = read("[ 1e5 , null]").unwrap();
    assert_eq!(raw[0].get(), "1e5");
}

#[test]
fn json_that_is_kept_as_text_hides_no_fault_and_is_none() {
    assert_eq!(
        faults::<Event>(r#"{"kind":7,"payload":{},"count":"x"}"#),
        ["body.kind string_type", "body.count int_parsing"]
    );
    assert_eq!(
        faults::<Event>(r#"{"kind":"k","count":"x"}"#),
        ["body.payload missing", "body.count int_parsing"]
    );
    assert_eq!(faults::<Event>(r#"{"kind":"k"}"#), ["body.payload missing", "body.count missing"]);
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct One {
    one: u8,
}

#[test]
fn what_nobody_reads_is_judged_only_where_something_else_is_wrong() {
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    for value in ["1e400", r#""\ud800""#, &deep, r#"{"a":1,"a":1}"#] {
        let json = format!(r#"{{"one":1,"unknown":{value}}}"#);
        assert!(serde_json::from_str::<One>(&json).is_ok(), "{json}");
        assert!(Json::<One>::from_bytes(json.as_bytes()).is_ok(), "{json}");
    }
    let refused = Json::<One>::from_bytes(br#"{"one":"x","unknown":1e400}"#).map(drop).unwrap_err();
    assert_eq!(refused.issues()[0].kind(), "json_invalid");
}

#[test]
fn a_float_of_32_bits_does_not_become_infinite_in_a_query() {
    let query = |uri: &str| {
        let read = Query::<HashMap<String, f32>>::try_from_uri(&uri.parse().unwrap());
        read.map_err(|error| error.issues()[0].kind().to_owned())
    };
    assert_eq!(query("/?a=1e39").unwrap_err(), "finite_number");
    assert_eq!(query("/?a=-1e39").unwrap_err(), "finite_number");
    assert_eq!(query("/?a=1e38").unwrap()["a"], 1e38);
}
