//! What serde derives: enums of every tagging, flattened and defaulted members, tuples, numbers.

use std::{collections::HashMap, net::IpAddr, num::NonZeroU32, time::Duration};

use serde::Deserialize;

use super::{faults, read};

#[derive(Debug, Deserialize, PartialEq)]
enum Shape {
    Dot,
    Circle(f64),
    Line(u8, u8),
    Box { width: u8, height: u8 },
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Drawing {
    title: String,
    shapes: Vec<Shape>,
    pages: u8,
}

#[test]
fn variants_have_their_place_and_their_neighbours_are_read() {
    assert_eq!(
        faults::<Drawing>(
            r#"{"shapes":["Dot","Dash",{"Circle":"x"},{"Line":[1]},{"Line":[1,2,3]},
                {"Box":{"width":-1}},{"Box":[1,2]},{"Dot":1},"Circle",{"Dot":null},{},7],"pages":"x"}"#
        ),
        [
            "body.title missing",
            "body.shapes.1 enum",
            "body.shapes.2.Circle float_parsing",
            "body.shapes.3.Line.1 missing",
            "body.shapes.4.Line too_long",
            "body.shapes.5.Box.width greater_than_equal",
            "body.shapes.5.Box.height missing",
            "body.shapes.6.Box model_attributes_type",
            "body.shapes.7.Dot none_required",
            "body.shapes.8 value_error",
            "body.shapes.10 enum",
            "body.shapes.11 enum",
            "body.pages int_parsing",
        ]
    );
    assert_eq!(
        read::<Vec<Shape>>(r#"["Dot",{"Circle":1},{"Box":{"width":1,"height":2}}]"#).unwrap(),
        [Shape::Dot, Shape::Circle(1.0), Shape::Box { width: 1, height: 2 }]
    );
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Tagged {
    Card { number: String, cvc: u16 },
    Iban { iban: String },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "lowercase")]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Adjacent {
    Card { number: String, cvc: u16 },
    Cash,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Untagged {
    Number(u8),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Payment<T> {
    before: u8,
    method: T,
    after: u8,
}

/// The faults of a payment's method; those before and after it must always be found.
fn method<T: serde::de::DeserializeOwned>(method: &str) -> Vec<String> {
    let found = faults::<Payment<T>>(&format!(r#"{{"method":{method},"after":"x"}}"#));
    assert_eq!(found[0], "body.before missing");
    assert_eq!(found.last().unwrap(), "body.after int_parsing");
    found[1..found.len() - 1].to_vec()
}

#[test]
fn internally_tagged_enums_name_the_tag_the_missing_member_or_the_whole() {
    assert!(method::<Tagged>(r#"{"kind":"iban","iban":"x"}"#).is_empty());
    assert_eq!(method::<Tagged>("{}"), ["body.method.kind missing"]);
    assert_eq!(method::<Tagged>(r#"{"kind":"gold"}"#), ["body.method.kind enum"]);
    assert_eq!(method::<Tagged>(r#"{"kind":"card","cvc":1}"#), ["body.method.number missing"]);
    assert_eq!(method::<Tagged>(r#"{"kind":"iban","iban":7}"#), ["body.method.iban string_type"]);
    assert_eq!(
        method::<Tagged>(r#"{"kind":"card","number":"1","cvc":65536}"#),
        ["body.method.cvc less_than_equal"]
    );
    assert_eq!(method::<Tagged>("7"), ["body.method model_attributes_type"]);
}

#[test]
fn a_wrong_value_that_stands_twice_in_a_tagged_enum_is_not_told_apart() {
    assert_eq!(
        method::<Tagged>(r#"{"kind":"iban","iban":7,"other":[7]}"#),
        ["body.method value_error"]
    );
    assert_eq!(
        method::<Tagged>(r#"{"kind":"card","number":"1","cvc":"number"}"#),
        ["body.method value_error"]
    );
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(dead_code, reason = "only its faults are looked at")]
enum Deep {
    Shipment { from: Place, to: Place },
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Place {
    street: String,
    zip: u32,
}

#[test]
fn what_is_missing_within_a_tagged_enum_is_named_where_it_is_missing() {
    let place = r#"{"street":"s","zip":1}"#;
    let shipment = |from: &str, to: &str| {
        method::<Deep>(&format!(r#"{{"kind":"shipment","from":{from},"to":{to}}}"#))
    };
    assert!(shipment(place, place).is_empty());
    assert_eq!(shipment(place, r#"{"street":"s"}"#), ["body.method.to.zip missing"]);
    assert_eq!(shipment("{}", "{}"), ["body.method value_error"]);
    assert_eq!(
        method::<Deep>(&format!(r#"{{"kind":"shipment","to":{place}}}"#)),
        ["body.method.from missing"]
    );
}

#[test]
fn adjacently_tagged_enums_show_what_is_in_them() {
    assert!(method::<Adjacent>(r#"{"kind":"cash"}"#).is_empty());
    assert_eq!(method::<Adjacent>(r#"{"kind":"gold","data":{}}"#), ["body.method.kind enum"]);
    assert_eq!(method::<Adjacent>(r#"{"data":{"number":7}}"#), ["body.method.kind missing"]);
    assert_eq!(
        method::<Adjacent>(r#"{"kind":"card","data":{"number":7}}"#),
        ["body.method.data.number string_type", "body.method.data.cvc missing"]
    );
    assert_eq!(method::<Adjacent>("[]"), ["body.method model_attributes_type"]);
}

#[test]
fn untagged_enums_are_wrong_as_a_whole() {
    assert!(method::<Untagged>("7").is_empty());
    assert!(method::<Untagged>(r#""x""#).is_empty());
    assert_eq!(method::<Untagged>("{}"), ["body.method value_error"]);
    assert_eq!(method::<Untagged>("null"), ["body.method value_error"]);
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Flat {
    id: u8,
    name: String,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Inner {
    width: u8,
    height: u8,
}

#[test]
fn flattened_structs_name_their_own_members_and_what_is_missing() {
    assert!(read::<Flat>(r#"{"id":1,"name":"n","width":1,"height":2,"other":3}"#).is_ok());
    assert_eq!(
        method::<Flat>(r#"{"id":"x","name":7,"width":1,"height":2}"#),
        ["body.method.id int_parsing", "body.method.name string_type"]
    );
    assert_eq!(method::<Flat>(r#"{"id":1,"name":"n","width":1}"#), ["body.method.height missing"]);
    assert_eq!(
        method::<Flat>(r#"{"id":1,"name":"n","width":"x","height":1}"#),
        ["body.method.width int_parsing"]
    );
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    #[serde(alias = "colour", alias = "color")]
    main_colour: String,
    #[serde(default)]
    font_size: u8,
    #[serde(skip)]
    hidden: u8,
    note: Option<Option<String>>,
    #[serde(default = "seven")]
    lucky: Box<u8>,
}

fn seven() -> Box<u8> {
    Box::new(7)
}

#[test]
fn aliases_defaults_and_renamed_members_are_serdes() {
    let expected = Settings { main_colour: "red".into(), lucky: seven(), ..Settings::default() };
    for json in [
        r#"{"mainColour":"red"}"#,
        r#"{"color":"red"}"#,
        r#"{"colour":"red","note":null,"fontSize":0}"#,
    ] {
        assert_eq!(read::<Settings>(json).unwrap(), expected, "{json}");
    }
    assert_eq!(
        faults::<Settings>(r#"{"zeta":1,"fontSize":256,"hidden":1,"alpha":2,"lucky":null}"#),
        [
            "body.mainColour missing",
            "body.fontSize less_than_equal",
            "body.lucky int_type",
            "body.zeta extra_forbidden",
            "body.hidden extra_forbidden",
            "body.alpha extra_forbidden",
        ]
    );
    assert_eq!(
        faults::<Settings>(r#"{"mainColour":"red","color":"blue"}"#),
        ["body.mainColour duplicate_key"]
    );
}

#[test]
fn numbers_are_told_their_bounds() {
    assert_eq!(faults::<u8>("256"), ["body less_than_equal"]);
    assert_eq!(faults::<u8>("-1"), ["body greater_than_equal"]);
    assert_eq!(faults::<i8>("-129"), ["body greater_than_equal"]);
    assert_eq!(faults::<i64>("9223372036854775808"), ["body less_than_equal"]);
    assert_eq!(faults::<u64>("18446744073709551616"), ["body less_than_equal"]);
    assert_eq!(faults::<NonZeroU32>("0"), ["body greater_than_equal"]);
    assert_eq!(faults::<u8>("1.5"), ["body int_from_float"]);
    assert_eq!(faults::<u8>("1.0"), ["body int_type"]);
    assert_eq!(faults::<f64>("true"), ["body float_type"]);
    let message = read::<u8>("256").unwrap_err()[0].message().to_owned();
    assert_eq!(message, "Input should be less than or equal to 255");
}

#[test]
fn types_of_std_are_read_as_serde_json_reads_them() {
    assert_eq!(read::<IpAddr>(r#""127.0.0.1""#).unwrap().to_string(), "127.0.0.1");
    assert_eq!(faults::<IpAddr>(r#""localhost""#), ["body value_error"]);
    assert_eq!(faults::<IpAddr>("1"), ["body string_type"]);
    assert_eq!(read::<Duration>(r#"{"secs":1,"nanos":2}"#).unwrap(), Duration::new(1, 2));
    assert_eq!(
        faults::<Duration>(r#"{"secs":-1}"#),
        ["body.secs greater_than_equal", "body.nanos missing"]
    );
    assert_eq!(faults::<[u8; 3]>("[1,2]"), ["body.2 missing"]);
    assert_eq!(faults::<[u8; 3]>("[1,2,3,4]"), ["body too_long"]);
    assert_eq!(faults::<()>("0"), ["body none_required"]);
    assert_eq!(faults::<char>(r#""""#), ["body string_too_short"]);
    assert_eq!(
        faults::<HashMap<u8, bool>>(r#"{"256":7,"x":true,"1":"maybe"}"#),
        [
            "body.256.[key] less_than_equal",
            "body.256 bool_parsing",
            "body.x.[key] int_parsing",
            "body.1 bool_parsing"
        ]
    );
    assert_eq!(faults::<HashMap<Key, u8>>(r#"{"Low":1,"Mid":2}"#), ["body.Mid.[key] enum"]);
}

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
enum Key {
    Low,
    High,
}

#[test]
fn a_struct_does_not_come_from_a_list_however_it_is_nested() {
    assert_eq!(faults::<Inner>("[1,2]"), ["body model_attributes_type"]);
    assert_eq!(faults::<Vec<Inner>>("[[1,2]]"), ["body.0 model_attributes_type"]);
    assert_eq!(faults::<Option<Inner>>("[1,2]"), ["body model_attributes_type"]);
}

#[test]
fn a_name_that_comes_twice_is_refused_wherever_it_is_read() {
    assert_eq!(
        faults::<Inner>(r#"{"width":1,"height":2,"width":3}"#),
        ["body.width duplicate_key"]
    );
    assert_eq!(faults::<HashMap<String, u8>>(r#"{"a":1,"a":2}"#), ["body.a duplicate_key"]);
    assert_eq!(
        faults::<serde_json::Value>(r#"{"a":[{"b":1,"b":2}]}"#),
        ["body.a.0.b duplicate_key"]
    );
    assert!(read::<Inner>(r#"{"width":1,"height":2,"ignored":{"a":1,"a":2}}"#).is_ok());
}
