//! How much work a body can cause, counted in values that are looked at, made up or walked past.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize,
    de::{DeserializeOwned, Deserializer, Error, MapAccess, Visitor},
};

use super::super::{Node, Place, Reveal, Run, Source, look};

/// How many faults are found in a body, and with how much work for each of its values.
fn work<T: DeserializeOwned>(json: &str) -> (usize, usize) {
    let node: Node<'_> = serde_json::from_str(json).unwrap();
    let run = Run::new(node.values(), Reveal::default(), Source::Json);
    let fuel = run.fuel();
    let _ = look::<T>(&run, &node, &Place::root("body"));
    let spent = fuel - run.fuel();
    (run.into_issues().len(), spent / node.values())
}

/// None that could be made up.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Password;

impl TryFrom<String> for Password {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text == "correct horse" { Ok(Self) } else { Err("no") }
    }
}

/// Structs of these members.
macro_rules! structs {
    ($($member:ident)*) => {
        const MEMBERS: &[&str] = &[$(stringify!($member)),*];

        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its faults are looked at")]
        struct Plain<M> {
            $($member: M,)*
        }

        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its faults are looked at")]
        struct Flat<M> {
            $($member: M,)*
            #[serde(flatten)]
            rest: HashMap<String, serde_json::Value>,
        }
    };
}
structs!(a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii jj kk ll mm nn);

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Outer {
    one: u8,
    #[serde(flatten)]
    middle: Middle,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Middle {
    two: u8,
    #[serde(flatten)]
    inner: Plain<u8>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind")]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Tagged {
    Wide(Plain<u8>),
}

/// `"k0":1,"k1":1`, and so on.
fn unknown(count: usize) -> String {
    let members: Vec<_> = (0..count).map(|n| format!(r#""k{n}":1"#)).collect();
    members.join(",")
}

const MANY: usize = 20_000;

#[test]
fn what_a_struct_lacks_is_found_without_walking_the_rest_again() {
    let json = format!("{{{}}}", unknown(MANY));
    assert_eq!(work::<Plain<u8>>(&json), (40, 3));
    assert_eq!(work::<Flat<u8>>(&json), (40, 4));
}

#[test]
fn members_in_whose_place_none_can_be_made_up_cost_no_walk_each() {
    let wrong: Vec<_> = MEMBERS.iter().map(|name| format!(r#""{name}":"x""#)).collect();
    for json in [
        format!("{{{},{}}}", wrong.join(","), unknown(MANY)),
        format!("{{{},{}}}", unknown(MANY), wrong.join(",")),
    ] {
        let (found, each) = work::<Flat<Password>>(&json);
        assert_eq!(found, 40);
        assert!(each <= 5, "{each}");
    }
}

#[test]
fn flattened_and_tagged_parts_are_walked_a_few_times() {
    let json = format!(r#"{{"kind":"Wide",{}}}"#, unknown(MANY));
    for (found, each) in [work::<Outer>(&json), work::<Tagged>(&json)] {
        assert!(found >= 1);
        assert!(each <= 6, "{each}");
    }
}

/// Written by hand: takes any name, and passwords only.
#[derive(Debug)]
struct Passwords;

impl<'de> Deserialize<'de> for Passwords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;

        impl<'de> Visitor<'de> for Taker {
            type Value = Passwords;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("passwords")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Passwords, A::Error> {
                while members.next_key::<String>()?.is_some() {
                    members.next_value::<Password>()?;
                }
                Ok(Passwords)
            }
        }

        deserializer.deserialize_map(Taker)
    }
}

#[test]
fn a_map_that_is_read_by_hand_is_gone_through_once() {
    let json = format!("{{{}}}", unknown(MANY));
    let (found, each) = work::<Passwords>(&json);
    assert_eq!(found, 100);
    assert!(each <= 3, "{each}");
}

/// Written by hand: reads all, and then wants twenty members, whose names it does not tell apart.
#[derive(Debug)]
struct Demanding;

impl<'de> Deserialize<'de> for Demanding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;

        impl<'de> Visitor<'de> for Taker {
            type Value = Demanding;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("many members")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Demanding, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = members.next_key::<String>()? {
                    members.next_value::<u8>()?;
                    names.push(name);
                }
                let lacks = |name: &&&str| !names.iter().any(|given| given == **name);
                match MEMBERS.iter().find(lacks) {
                    Some(name) => Err(A::Error::missing_field(name)),
                    None => Ok(Demanding),
                }
            }
        }

        deserializer.deserialize_map(Taker)
    }
}

#[test]
fn where_the_work_is_done_the_faults_that_were_found_are_the_answer() {
    assert_eq!(work::<Demanding>("{}").0, 40);
    let (found, each) = work::<Demanding>(&format!("{{{}}}", unknown(200_000)));
    assert!((1..40).contains(&found), "{found}");
    assert!(each <= 6, "{each}");
}

#[test]
fn valid_parts_are_read_once_however_much_is_missing_beside_them() {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its faults are looked at")]
    struct Beside {
        lists: Vec<Vec<u8>>,
        maps: HashMap<String, u8>,
        #[serde(flatten)]
        wide: Plain<String>,
        left: Password,
        right: u8,
    }
    let lists = vec!["[1,2]"; MANY].join(",");
    let json = format!(r#"{{"lists":[{lists}],"maps":{{{}}},"left":"x"}}"#, unknown(MANY));
    let (found, each) = work::<Beside>(&json);
    assert!(found >= 1);
    assert!(each <= 4, "{each}");
}

#[test]
fn a_node_is_as_small_as_the_documentation_says() {
    assert_eq!(size_of::<Node<'_>>(), 3 * size_of::<usize>());
}
