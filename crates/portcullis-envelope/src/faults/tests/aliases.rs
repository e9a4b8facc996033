//! Members that go by several names.

use serde::Deserialize;

use super::{faults, read};

/// None that could be made up.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(try_from = "String")]
struct Password;

impl TryFrom<String> for Password {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text == "correct horse" { Ok(Self) } else { Err("no") }
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Login {
    #[serde(alias = "login", alias = "zz_name")]
    name: String,
    #[serde(alias = "pass", alias = "a_secret")]
    password: Password,
    age: u8,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Flat {
    #[serde(alias = "pass")]
    password: Password,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Rest {
    #[serde(alias = "years")]
    age: u8,
}

#[test]
fn a_wrong_member_is_not_missing_under_its_other_name() {
    for name in ["password", "pass", "a_secret"] {
        let json = format!(r#"{{"{name}":"x","name":7,"age":"x"}}"#);
        let mut found = faults::<Login>(&json);
        found.sort();
        let password = format!("body.{name} value_error");
        let mut expected = ["body.age int_parsing", "body.name string_type", &password];
        expected.sort();
        assert_eq!(found, expected);
    }
    for name in ["password", "pass"] {
        let json = format!(r#"{{"{name}":"x","age":1}}"#);
        assert_eq!(faults::<Flat>(&json), [format!("body.{name} value_error")]);
    }
}

#[test]
fn a_member_under_two_of_its_names_hides_no_other_fault() {
    let mut found =
        faults::<Login>(r#"{"name":"n","login":"n","zz_name":"n","password":"x","age":"x"}"#);
    found.sort();
    assert_eq!(
        found,
        ["body.age int_parsing", "body.name duplicate_key", "body.password value_error"]
    );
    assert_eq!(
        faults::<Login>(r#"{"name":"n","login":"n"}"#),
        ["body.name duplicate_key", "body.password missing"]
    );
    assert_eq!(
        faults::<Flat>(r#"{"password":"correct horse","pass":"correct horse"}"#),
        ["body.password duplicate_key", "body.age missing"]
    );
}

#[test]
fn a_member_under_one_of_its_names_is_taken() {
    let login = Login { name: "n".into(), password: Password, age: 1 };
    let json = r#"{"login":"n","pass":"correct horse","age":1}"#;
    assert_eq!(read::<Login>(json), Ok(login));
    let json = r#"{"pass":"correct horse","years":1}"#;
    assert_eq!(read::<Flat>(json), Ok(Flat { password: Password, rest: Rest { age: 1 } }));
    assert_eq!(faults::<Flat>(r#"{"years":1,"pass":"x"}"#), ["body.pass value_error"]);
}

#[test]
fn a_type_that_tells_no_names_apart_is_told_what_it_lacks() {
    use std::collections::HashMap;

    #[derive(Debug, Deserialize)]
    #[serde(try_from = "HashMap<String, u8>")]
    struct Counted;

    impl TryFrom<HashMap<String, u8>> for Counted {
        type Error = serde::de::value::Error;

        fn try_from(members: HashMap<String, u8>) -> Result<Self, Self::Error> {
            use serde::de::Error;

            if members.contains_key("one") { Ok(Self) } else { Err(Error::missing_field("one")) }
        }
    }
    assert_eq!(faults::<Counted>(r#"{"two":2}"#), ["body value_error"]);
    assert!(read::<Counted>(r#"{"one":2}"#).is_ok());
}
