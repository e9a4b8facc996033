//! Ours beside serde_json's, over shapes and bodies of every kind.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    num::NonZeroU8,
};

use proptest::{collection, prelude::*, test_runner::TestCaseError};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{faults, read};

/// The text of any JSON, small, in which no object names a member twice. Without lists a struct
/// cannot come from one.
fn json(has_lists: bool) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null"),
        Just("true"),
        Just("false"),
        Just("0"),
        Just("-0"),
        Just("7"),
        Just("-1"),
        Just("255"),
        Just("256"),
        Just("1.0"),
        Just("1.5"),
        Just("1e2"),
        Just("9223372036854775808"),
        Just("18446744073709551615"),
        Just("18446744073709551616"),
        Just("-9223372036854775809"),
        Just("340282366920938463463374607431768211456"),
        Just(r#""""#),
        Just(r#""a""#),
        Just(r#""\u0061""#),
        Just(r#""One""#),
        Just(r#""Two""#),
        Just(r#""7""#),
    ];
    leaf.prop_map(str::to_owned).prop_recursive(3, 16, 4, move |inner| {
        let name = "a|b|c|d|kind|data|One|Two|7|-1|07|true|\\\\u0061b";
        let objects = collection::btree_map(name, inner.clone(), 0..5).prop_map(|members| {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
            format!("{{{}}}", members.join(","))
        });
        let lists = collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(",")));
        if has_lists { prop_oneof![objects, lists].boxed() } else { objects.boxed() }
    })
}

/// Takes nothing but `null`, so that what is right is read with what is wrong beside it.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Beside<T> {
    right: T,
    wrong: (),
    lacking: u8,
}

fn agrees<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> Result<(), TestCaseError> {
    let ours = read::<T>(json);
    let theirs = serde_json::from_str::<T>(json);
    if let Err(issues) = &ours {
        prop_assert!((1..=100).contains(&issues.len()), "{issues:?}");
    }
    let is_right = theirs.is_ok();
    // With `arbitrary_precision` serde_json gives its buffers objects for floats, and refuses them.
    if !is_right && serde_json::from_str::<Untagged>("1.5").is_err() {
        return Ok(());
    }
    prop_assert_eq!(ours.ok(), theirs.ok(), "{}", json);
    let beside = faults::<Beside<T>>(&format!(r#"{{"right":{json},"wrong":7}}"#));
    let is_blamed = beside.iter().any(|fault| fault.starts_with("body.right"));
    // What may be an integer of more than 64 bits is no fault beside others.
    if is_right || !json.contains("1844674407370955161") && !json.contains("3402823669209384") {
        prop_assert_eq!(is_blamed, !is_right, "{} {:?}", json, beside);
    }
    let is_found = |fault| beside.iter().any(|found| found == fault);
    prop_assert!(is_found("body.wrong none_required"), "{} {:?}", json, beside);
    // In the place of what is wrong none may be found that could be made up.
    prop_assert!(is_blamed || is_found("body.lacking missing"), "{} {:?}", json, beside);
    Ok(())
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Denying {
    #[serde(alias = "c", alias = "7")]
    a: Option<u8>,
    #[serde(default)]
    b: Cow<'static, str>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct FlatInFlat {
    a: Option<i64>,
    #[serde(flatten)]
    middle: FlatMiddle,
}

#[derive(Debug, Deserialize, PartialEq)]
struct FlatMiddle {
    b: Value,
    #[serde(flatten)]
    inner: Option<FlatInner>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct FlatInner {
    c: f64,
    #[serde(default)]
    d: BTreeMap<String, Option<bool>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind")]
enum Internal {
    One {
        a: u8,
        b: Option<Box<Self>>,
    },
    Two(BTreeMap<String, Value>),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", content = "data")]
enum Adjacent {
    One(u64),
    Two { a: String },
    Three,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Number(i8),
    Float(f32),
    Nested { a: Box<Self> },
    Map(BTreeMap<String, Self>),
    Nothing,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum External {
    One,
    #[serde(rename = "7")]
    Seven,
    Two(Box<Self>),
    #[serde(alias = "b")]
    Three {
        a: Option<u64>,
    },
}

#[derive(Debug, Deserialize, PartialEq)]
struct Unit;

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Newtype(i16);

#[derive(Debug, Deserialize, PartialEq)]
struct Pair(Option<u8>, #[serde(default)] String);

#[derive(Debug, Deserialize, PartialEq)]
#[serde(default)]
struct Defaulted {
    a: char,
    b: (u8, bool),
    #[serde(skip)]
    c: u8,
    d: BTreeSet<NonZeroU8>,
}

impl Default for Defaulted {
    fn default() -> Self {
        Self { a: 'a', b: (1, true), c: 3, d: BTreeSet::new() }
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Tree {
    a: Option<Box<Self>>,
    #[serde(default)]
    b: BTreeMap<String, Self>,
    c: Option<Untagged>,
    d: Option<Internal>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn structs_and_enums_are_taken_where_serde_json_takes_them(json in json(false)) {
        agrees::<Denying>(&json)?;
        agrees::<FlatInFlat>(&json)?;
        agrees::<Internal>(&json)?;
        agrees::<Adjacent>(&json)?;
        agrees::<External>(&json)?;
        agrees::<Defaulted>(&json)?;
        agrees::<Tree>(&json)?;
        agrees::<BTreeMap<String, Denying>>(&json)?;
    }

    #[test]
    fn all_that_is_no_struct_is_taken_where_serde_json_takes_it(json in json(true)) {
        agrees::<Value>(&json)?;
        agrees::<u128>(&json)?;
        agrees::<Vec<i128>>(&json)?;
        agrees::<Vec<Option<f64>>>(&json)?;
        agrees::<Option<Pair>>(&json)?;
        agrees::<Vec<Pair>>(&json)?;
        agrees::<(Unit, Newtype, [u8; 2])>(&json)?;
        agrees::<Option<Option<Newtype>>>(&json)?;
        agrees::<BTreeMap<Newtype, Value>>(&json)?;
        agrees::<BTreeMap<bool, Vec<Value>>>(&json)?;
        agrees::<BTreeMap<External, Untagged>>(&json)?;
        agrees::<BTreeMap<Option<u8>, Vec<Untagged>>>(&json)?;
        agrees::<BTreeMap<Box<str>, Cow<'static, str>>>(&json)?;
    }
}
