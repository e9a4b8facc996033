//! What holds for every value, not for those that somebody thought of.

use std::collections::BTreeMap;

use proptest::{collection, option, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{faults, read};
use crate::extract::Json;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Order {
    id: u64,
    name: String,
    lines: Vec<Line>,
    ship_to: Option<Address>,
    tags: BTreeMap<String, i16>,
    mark: char,
    rate: f64,
    kind: Kind,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Line {
    sku: String,
    qty: u8,
    size: (i8, bool),
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Address {
    street: String,
    zip: u32,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Kind {
    Plain,
    Gift { card: String },
    Split(u8, u8),
}

fn line() -> impl Strategy<Value = Line> {
    (any::<String>(), any::<u8>(), any::<(i8, bool)>()).prop_map(|(sku, qty, size)| Line {
        sku,
        qty,
        size,
    })
}

fn order() -> impl Strategy<Value = Order> {
    let address = (any::<String>(), any::<u32>()).prop_map(|(street, zip)| Address { street, zip });
    let kind = prop_oneof![
        Just(Kind::Plain),
        any::<String>().prop_map(|card| Kind::Gift { card }),
        any::<(u8, u8)>().prop_map(|(a, b)| Kind::Split(a, b)),
    ];
    (
        any::<u64>(),
        any::<String>(),
        collection::vec(line(), 0..4),
        option::of(address),
        collection::btree_map(any::<String>(), any::<i16>(), 0..4),
        any::<char>(),
        -1e9..1e9,
        kind,
    )
        .prop_map(|(id, name, lines, ship_to, tags, mark, rate, kind)| Order {
            id,
            name,
            lines,
            ship_to,
            tags,
            mark,
            rate,
            kind,
        })
}

/// Any JSON, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        (-1e3..1e3).prop_map(Value::from),
        "[a-z0-9]{0,3}|Gift|Split|Plain".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            collection::btree_map(
                prop_oneof![4 => "id|lines|sku|qty|tags|kind|Gift|card|Split|zip", 1 => "[a-z1]"],
                inner,
                0..5
            )
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Shapes that serde reads through a buffer, or that contain themselves.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind")]
enum Tagged {
    Gift { card: String, zip: Option<u8> },
    Split { zip: u8 },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", content = "card", deny_unknown_fields)]
enum Adjacent {
    Gift { qty: u8 },
    Split(String),
    Plain,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Line { sku: u8 },
    Tree { tags: Box<Self> },
    Word(String),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Flat {
    id: Option<i8>,
    #[serde(flatten)]
    inner: Untagged,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Nested {
    sku: Option<Box<Self>>,
    qty: Vec<Self>,
    #[serde(default)]
    tags: BTreeMap<i8, Self>,
    kind: Option<Adjacent>,
}

/// Whether the two agree on a body, and a refusal says why.
fn agrees<T: PartialEq + std::fmt::Debug + serde::de::DeserializeOwned>(
    json: &str,
) -> Result<(), TestCaseError> {
    let ours = read::<T>(json);
    if let Err(issues) = &ours {
        prop_assert!((1..=100).contains(&issues.len()), "{issues:?}");
    }
    prop_assert_eq!(ours.ok(), serde_json::from_str::<T>(json).ok());
    Ok(())
}

/// Whether a list is anywhere in it: serde takes one for a struct.
fn has_list(body: &Value) -> bool {
    match body {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(has_list),
        _ => false,
    }
}

/// The members of an order, in their order, as places within it.
fn places(order: &Order) -> Vec<Vec<Step>> {
    let mut places = vec![vec![Name("id")], vec![Name("name")]];
    for index in 0..order.lines.len() {
        let line = [Name("lines"), Index(index)];
        places.push([&line[..], &[Name("sku")]].concat());
        places.push([&line[..], &[Name("qty")]].concat());
        places.push([&line[..], &[Name("size"), Index(0)]].concat());
        places.push([&line[..], &[Name("size"), Index(1)]].concat());
    }
    if order.ship_to.is_some() {
        places.push(vec![Name("ship_to"), Name("street")]);
        places.push(vec![Name("ship_to"), Name("zip")]);
    }
    places.extend([vec![Name("mark")], vec![Name("rate")]]);
    places.push(vec![Name("kind")]);
    places
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Name(&'static str),
    Index(usize),
}
use Step::{Index, Name};

/// Removes the value, or puts one in its place that no member takes.
fn spoil(body: &mut Value, place: &[Step], remove: bool) -> String {
    let (last, way) = place.split_last().unwrap();
    let mut at = body;
    let mut told = String::from("body");
    for step in way {
        at = match step {
            Name(name) => {
                told += &format!(".{name}");
                &mut at[*name]
            }
            Index(index) => {
                told += &format!(".{index}");
                &mut at[*index]
            }
        };
    }
    match (last, remove) {
        (Name(name), true) => {
            at.as_object_mut().unwrap().remove(*name);
            format!("{told}.{name} missing")
        }
        (Name(name), false) => {
            at[*name] = json!([[]]);
            format!("{told}.{name}")
        }
        (Index(index), _) => {
            at[*index] = json!([[]]);
            format!("{told}.{index}")
        }
    }
}

proptest! {
    #[test]
    fn what_serde_json_takes_is_taken_alike(order in order()) {
        let json = serde_json::to_string(&order).unwrap();
        prop_assert_eq!(read::<Order>(&json).unwrap(), serde_json::from_str(&json).unwrap());
    }

    #[test]
    fn every_spoilt_member_is_found_in_the_order_of_declaration(
        order in order(),
        spoilt in collection::vec(any::<Option<bool>>(), 24),
    ) {
        let mut body = serde_json::to_value(&order).unwrap();
        let mut expected = Vec::new();
        for (place, spoilt) in places(&order).iter().zip(spoilt) {
            if let Some(remove) = spoilt {
                expected.push(spoil(&mut body, place, remove));
            }
        }
        let found = faults::<Order>(&body.to_string());
        prop_assert_eq!(found.len(), expected.len(), "{:?} {:?}", found, expected);
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(found.starts_with(expected), "{found} is not {expected}");
        }
    }

    #[test]
    fn buffered_and_recursive_shapes_are_taken_where_serde_json_takes_them(body in any_json()) {
        let json = body.to_string();
        if has_list(&body) {
            // They may differ, and must end well all the same.
            let _ = (read::<Tagged>(&json).is_ok(), read::<Adjacent>(&json).is_ok());
            let _ = (read::<Flat>(&json).is_ok(), read::<Nested>(&json).is_ok());
            return Ok(());
        }
        agrees::<Tagged>(&json)?;
        agrees::<Adjacent>(&json)?;
        agrees::<Untagged>(&json)?;
        agrees::<Flat>(&json)?;
        agrees::<Nested>(&json)?;
    }

    #[test]
    fn any_bytes_are_answered(body in collection::vec(any::<u8>(), 0..64)) {
        let answer = Json::<Nested>::from_bytes(&body);
        prop_assert_eq!(answer.is_ok(), serde_json::from_slice::<Nested>(&body).is_ok());
    }

    #[test]
    fn any_json_is_taken_where_serde_json_takes_it(body in any_json()) {
        let json = body.to_string();
        // Lists that serde would take for structs are the one difference, and come from no object.
        let theirs = serde_json::from_str::<Line>(&json).ok().filter(|_| body.is_object());
        prop_assert_eq!(read::<Line>(&json).ok(), theirs);
        prop_assert_eq!(
            read::<Vec<Option<BTreeMap<String, Kind>>>>(&json).is_ok(),
            is_taken(&body) && serde_json::from_str::<Vec<Option<BTreeMap<String, Kind>>>>(&json).is_ok()
        );
        prop_assert_eq!(read::<Value>(&json).unwrap(), serde_json::from_str::<Value>(&json).unwrap());
    }
}

/// Whether no variant's struct comes from a list.
fn is_taken(body: &Value) -> bool {
    match body {
        Value::Array(items) => items.iter().all(is_taken),
        Value::Object(members) => members
            .iter()
            .all(|(key, value)| is_taken(value) && (key != "Gift" || !value.is_array())),
        _ => true,
    }
}
