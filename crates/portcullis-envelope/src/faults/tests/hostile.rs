//! What an attacker sends: large, deep, wide, and wrong at every place.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::faults;
use crate::extract::{Json, Query};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Item {
    sku: String,
    qty: u8,
    price: f64,
    ready: bool,
}

/// Needs many members, so that each is looked for on its own.
macro_rules! wide {
    ($($field:ident)*) => {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its faults are looked at")]
        struct Wide {
            items: Vec<Item>,
            $($field: u8,)*
        }
    };
}
wide!(a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii jj kk ll mm nn);

/// The faults, found within a time that leaves room for a slow machine and none for a quadratic
/// search.
fn soon(what: &str, ask: impl FnOnce() -> usize) -> usize {
    let started = Instant::now();
    let found = ask();
    let elapsed = started.elapsed();
    println!("{what}: {found} faults in {elapsed:?}");
    assert!(elapsed < Duration::from_secs(10), "{what} took {elapsed:?}");
    found
}

fn body<T: serde::de::DeserializeOwned>(body: &[u8]) -> usize {
    Json::<T>::from_bytes(body).map(drop).map_or_else(|error| error.issues().len(), |()| 0)
}

#[test]
fn ten_thousand_wrong_items_are_a_hundred_faults() {
    for item in ["{}", "7", r#"{"sku":1,"qty":"x"}"#, r#"{"sku":"s","qty":1,"price":1}"#] {
        let list = format!("[{}]", vec![item; 10_000].join(","));
        assert_eq!(soon(item, || body::<Vec<Item>>(list.as_bytes())), 100);
    }
}

#[test]
fn a_large_valid_part_is_not_read_for_every_missing_member() {
    let item = r#"{"sku":"s","qty":1,"price":1.5,"ready":true}"#;
    let json = format!(r#"{{"items":[{}]}}"#, vec![item; 40_000].join(","));
    assert_eq!(soon("40 missing beside 40,000 items", || body::<Wide>(json.as_bytes())), 40);
}

#[test]
fn many_unknown_members_are_passed_over() {
    let members: Vec<_> = (0..200_000).map(|n| format!(r#""k{n}":{n}"#)).collect();
    let json = format!("{{{}}}", members.join(","));
    assert_eq!(soon("200,000 unknown members", || body::<Item>(json.as_bytes())), 4);
    let json = format!("{{{}}}", vec![r#""sku":"s""#; 200_000].join(","));
    assert_eq!(soon("one member 200,000 times", || body::<Item>(json.as_bytes())), 4);
    assert_eq!(
        soon("the same, of a map", || {
            body::<std::collections::HashMap<String, String>>(json.as_bytes())
        }),
        1
    );
}

#[test]
fn many_parameters_are_counted_once() {
    let query: Vec<_> = (0..2_500).map(|n| format!("k{n}=1&sku=x")).collect();
    let uri = format!("/?{}", query.join("&")).parse().unwrap();
    let found = soon("5,000 parameters", || {
        Query::<Item>::try_from_uri(&uri).map_or_else(|error| error.issues().len(), |_| 0)
    });
    assert_eq!(found, 4);
}

#[test]
fn a_long_name_is_not_repeated_a_hundred_times() {
    let name = "n".repeat(1 << 20);
    let json = format!(r#"{{"{name}":[{}]}}"#, vec!["{}"; 1_000].join(","));
    let error = Json::<std::collections::HashMap<String, Vec<Item>>>::from_bytes(json.as_bytes());
    assert_eq!(error.map(drop).unwrap_err().issues().len(), 1);
}

#[test]
fn what_is_no_json_is_one_fault() {
    let mut deep = "[".repeat(10_000).into_bytes();
    assert_eq!(soon("10,000 brackets", || body::<Vec<Item>>(&deep)), 1);
    deep.extend(vec![b']'; 10_000]);
    assert_eq!(soon("10,000 lists, closed", || body::<Vec<Item>>(&deep)), 1);
    let objects = r#"{"a":"#.repeat(10_000);
    assert_eq!(soon("10,000 objects", || body::<serde_json::Value>(objects.as_bytes())), 1);
    for body_ in [
        &b"[NaN]"[..],
        b"[Infinity]",
        br#"["\ud800"]"#,
        br#"["\udc00"]"#,
        b"\"\xff\"",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"\0",
        b"{\"a\":1,}",
        b"1 1",
    ] {
        assert_eq!(body::<serde_json::Value>(body_), 1, "{body_:?}");
    }
    for body_ in [&b"[1e400]"[..], b"[-1e400]"] {
        assert_eq!(body::<Vec<f64>>(body_), 1, "{body_:?}");
    }
}

#[test]
fn a_string_of_fifty_megabytes_is_read_and_not_repeated() {
    let json = format!(r#"{{"sku":"{}","qty":"x"}}"#, "x".repeat(50 << 20));
    assert_eq!(soon("50 MB of text", || body::<Item>(json.as_bytes())), 3);
    let json = format!("\"{}\"", "9".repeat(50 << 20));
    assert_eq!(soon("50 MB of digits", || body::<u8>(json.as_bytes())), 1);
    let json = format!("\"{}", "x".repeat(50 << 20));
    assert_eq!(soon("50 MB without an end", || body::<u8>(json.as_bytes())), 1);
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Tree {
    a: Box<Self>,
    b: Box<Self>,
    c: Box<Self>,
    children: Vec<Self>,
    last: u8,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Term {
    Three(Box<Self>, Box<Self>, Box<Self>),
    Four(Box<Self>, Box<Self>, Box<Self>, Box<Self>),
    Five(Box<(Self, Self, Self, Self, Self)>),
}

#[test]
fn types_that_contain_themselves_end() {
    let wide = format!(r#"{{"children":[{}]}}"#, vec!["{}"; 10_000].join(","));
    let found = soon("10,000 trees without branches", || body::<Tree>(wide.as_bytes()));
    assert_eq!(found, 100);
    let deep = format!("{}1{}", r#"{"a":"#.repeat(120), "}".repeat(120));
    let found = soon("a tree 120 deep", || body::<Tree>(deep.as_bytes()));
    assert_eq!(found, 1);
    let terms = format!("[{}]", vec!["7"; 10_000].join(","));
    assert_eq!(soon("terms without an end", || body::<Vec<Term>>(terms.as_bytes())), 100);
    let terms = format!(r#"[{}]"#, vec![r#"{"Three":[7,7,7]}"#; 100].join(","));
    assert!(soon("terms within terms", || body::<Vec<Term>>(terms.as_bytes())) > 10);
    assert_eq!(faults::<(Tree, u8)>("[1]").len(), 1);
}
