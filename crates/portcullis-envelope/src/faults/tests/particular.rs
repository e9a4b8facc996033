//! Types that take particular values only, and what can and cannot be found beside them.

use std::{collections::HashMap, fmt};

use serde::Deserialize;

use super::{faults, read, read_with};
use crate::faults::Reveal;

/// As a UUID's type reads itself: from 36 characters.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Id;

/// None that could be made up.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Password;

#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} will not do", self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        if text.len() == 36 { Ok(Self) } else { Err(Refused(text)) }
    }
}

impl TryFrom<String> for Password {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        if text == "correct horse" { Ok(Self) } else { Err(Refused(text)) }
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Account {
    id: Id,
    name: String,
    password: Password,
    age: u8,
    friends: Vec<Friend>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Friend {
    password: Password,
    name: String,
}

#[test]
fn wrong_values_hide_nothing_after_them_even_where_none_can_be_made_up() {
    assert_eq!(
        faults::<Account>(
            r#"{"id":"x","name":1,"password":"x","age":-1,
                "friends":[{"password":"x","name":2},{"password":"correct horse","name":3}]}"#
        ),
        [
            "body.id value_error",
            "body.name string_type",
            "body.password value_error",
            "body.age greater_than_equal",
            "body.friends.0.password value_error",
            "body.friends.0.name string_type",
            "body.friends.1.name string_type",
        ]
    );
}

#[test]
fn missing_members_are_found_past_those_that_can_be_made_up() {
    assert_eq!(
        faults::<Account>(r#"{"password":"correct horse"}"#),
        ["body.id missing", "body.name missing", "body.age missing", "body.friends missing"]
    );
}

#[test]
fn missing_members_behind_one_that_cannot_be_made_up_wait_for_the_next_attempt() {
    assert_eq!(
        faults::<Account>(r#"{"id":1,"age":"x"}"#),
        [
            "body.id string_type",
            "body.name missing",
            "body.password missing",
            "body.age int_parsing",
        ]
    );
}

#[derive(Debug, Deserialize)]
struct Bounds {
    low: u8,
    high: u8,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Bounds")]
struct Range;

impl TryFrom<Bounds> for Range {
    type Error = &'static str;

    fn try_from(bounds: Bounds) -> Result<Self, &'static str> {
        if bounds.low < bounds.high { Ok(Self) } else { Err("low is not below high") }
    }
}

#[test]
fn a_rule_about_the_whole_is_asked_only_when_its_parts_are_right() {
    assert_eq!(faults::<Vec<Range>>(r#"[{"low":2,"high":1}]"#), ["body.0 value_error"]);
    assert_eq!(faults::<Vec<Range>>(r#"[{"low":"x","high":1}]"#), ["body.0.low int_parsing"]);
    assert_eq!(faults::<Vec<Range>>(r#"[{"low":2}]"#), ["body.0.high missing"]);
    assert!(read::<Vec<Range>>(r#"[{"low":1,"high":2}]"#).is_ok());
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<u8>")]
struct NonEmpty;

impl TryFrom<Vec<u8>> for NonEmpty {
    type Error = &'static str;

    fn try_from(items: Vec<u8>) -> Result<Self, &'static str> {
        if items.is_empty() { Err("empty") } else { Ok(Self) }
    }
}

#[test]
fn a_list_that_is_left_empty_by_its_faults_is_not_called_empty() {
    assert_eq!(faults::<NonEmpty>(r#"["x"]"#), ["body.0 int_parsing"]);
    assert_eq!(faults::<NonEmpty>("[]"), ["body value_error"]);
    assert_eq!(faults::<(NonEmpty, u8)>("[]"), ["body.0 missing", "body.1 missing"]);
}

#[derive(Debug, Deserialize)]
struct Lenient {
    #[serde(default, deserialize_with = "or_none")]
    items: Vec<u8>,
    size: u8,
}

/// Takes what is right, and makes nothing of the rest.
fn or_none<'de, D: serde::Deserializer<'de>>(items: D) -> Result<Vec<u8>, D::Error> {
    Ok(Vec::deserialize(items).unwrap_or_default())
}

#[test]
fn a_type_that_forgives_a_fault_is_forgiven_it() {
    let lenient: Lenient = read(r#"{"items":[1,"x"],"size":1}"#).unwrap();
    assert_eq!((lenient.items.len(), lenient.size), (0, 1));
}

#[test]
fn a_types_own_words_are_shown_on_request_only() {
    let message = |reveal| {
        let json = r#"{"id":"hunter2"}"#;
        let issues = read_with::<HashMap<String, Id>>(json, reveal).unwrap_err();
        issues[0].message().to_owned()
    };
    assert_eq!(message(Reveal::default()), "Value error, invalid value");
    let shown = Reveal { reasons: true, ..Reveal::default() };
    assert_eq!(message(shown), "Value error, hunter2 will not do");
}

#[test]
fn the_input_is_kept_on_request_only() {
    let json = r#"[{"low":"secret","high":1}]"#;
    assert!(read::<Vec<Bounds>>(json).unwrap_err()[0].input().is_none());
    let kept = Reveal { inputs: true, ..Reveal::default() };
    let issues = read_with::<Vec<Bounds>>(json, kept).unwrap_err();
    assert_eq!(issues[0].input(), Some(&"secret".into()));
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Tree {
    name: String,
    children: Vec<Self>,
    parent: Option<Box<Self>>,
    next: Box<Self>,
    last: u8,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Term {
    Sum(Box<Self>, Box<Self>),
    Product(Vec<Self>),
    Number(i64),
}

#[test]
fn a_type_that_contains_itself_is_made_up_as_far_as_it_goes() {
    assert_eq!(
        faults::<Tree>(r#"{"name":1,"children":[{}],"next":7,"last":"x"}"#),
        [
            "body.name string_type",
            "body.children.0.name missing",
            "body.children.0.children missing",
            "body.children.0.next missing",
            "body.next model_attributes_type",
            "body.last int_parsing",
        ]
    );
    assert_eq!(
        faults::<(Term, u8)>(r#"[{"Sum":[{"Number":"x"},7]},"x"]"#),
        ["body.0.Sum.0.Number int_parsing", "body.0.Sum.1 enum", "body.1 int_parsing"]
    );
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Pair(u8, #[serde(default)] u8);

#[test]
fn a_tuples_last_place_may_have_a_default() {
    assert_eq!(read::<Pair>("[1]"), Ok(Pair(1, 0)));
    assert_eq!(faults::<Pair>("[1,2,3]"), ["body too_long"]);
    assert_eq!(faults::<Pair>(r#"["x"]"#), ["body.0 int_parsing"]);
    assert_eq!(faults::<(Pair, u8)>(r#"[[1],"x"]"#), ["body.1 int_parsing"]);
    assert_eq!(faults::<Pair>("[]"), ["body.0 missing"]);
}

#[test]
fn every_place_that_a_tuple_lacks_is_missing() {
    assert_eq!(
        faults::<(u8, Vec<u8>, u8, [u8; 2])>(r#"["x"]"#),
        ["body.0 int_parsing", "body.1 missing", "body.2 missing", "body.3 missing"]
    );
    assert_eq!(
        faults::<Vec<(u8, u8)>>("[[1],[],[1,2]]"),
        ["body.0.1 missing", "body.1.0 missing", "body.1.1 missing"]
    );
}

/// The first item of a list, or the first member's value, whatever follows.
#[derive(Debug, PartialEq)]
struct First(u8);

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;

        impl<'de> serde::de::Visitor<'de> for Taker {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("something to take the first of")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<First, A::Error> {
                Ok(First(items.next_element()?.unwrap_or_default()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut members: A,
            ) -> Result<First, A::Error> {
                let first = members.next_entry::<String, u8>()?;
                Ok(First(first.map(|(_, value)| value).unwrap_or_default()))
            }
        }

        deserializer.deserialize_any(Taker)
    }
}

#[test]
fn what_a_type_leaves_unread_is_no_part_of_a_valid_value() {
    assert_eq!(read::<First>("[1]"), Ok(First(1)));
    assert_eq!(read::<First>(r#"{"a":1}"#), Ok(First(1)));
    assert_eq!(faults::<First>(r#"[1,"evil"]"#), ["body value_error"]);
    assert_eq!(faults::<First>(r#"{"a":1,"b":"evil"}"#), ["body value_error"]);
}
