//! What a vector's expected value matches: itself, or what its placeholder stands for.

use super::json::Json;

/// The expected value with each placeholder replaced by what came, where that is allowed there, so
/// that the whole can be compared byte for byte.
pub(crate) fn fill(expected: &Json, came: Option<&Json>, retry_after: &str) -> Json {
    match expected {
        Json::Text(text) => fill_text(text, came, retry_after),
        Json::List(list) => {
            let came = |at: usize| match came {
                Some(Json::List(list)) => list.get(at),
                _ => None,
            };
            let items = list.iter().enumerate();
            Json::List(items.map(|(at, item)| fill(item, came(at), retry_after)).collect())
        }
        Json::Object(members) => {
            let filled = members.iter().map(|(name, value)| {
                let came = came.and_then(|came| came.member(name));
                (name.clone(), fill(value, came, retry_after))
            });
            Json::Object(filled.collect())
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, came: Option<&Json>, retry_after: &str) -> Json {
    let is_allowed = |came: &Json| match (text, came) {
        ("$any", _) => true,
        ("$text", Json::Text(text)) => !text.is_empty(),
        ("$int", Json::Number(number)) => number.is_i64() || number.is_u64(),
        ("$seconds", Json::Number(number)) => number.as_u64() > Some(0),
        _ => false,
    };
    match came.filter(|came| is_allowed(came)) {
        Some(came) => came.clone(),
        None if text == "$retry_after" => number(retry_after),
        None => Json::Text(text.replace("$retry_after", retry_after)),
    }
}

fn number(seconds: &str) -> Json {
    let seconds: Result<u64, _> = seconds.parse();
    seconds.map_or(Json::Null, |seconds| Json::Number(seconds.into()))
}

/// Whether a header's value is the expected one.
pub(crate) fn is_header(expected: &str, value: &str) -> bool {
    match expected {
        "$any" => true,
        "$text" => !value.is_empty(),
        "$int" => value.parse::<i64>().is_ok(),
        "$seconds" => value.parse::<u64>().is_ok_and(|seconds| seconds > 0),
        expected => expected == value,
    }
}

fn is_met(expected: &str, came: &str) -> bool {
    let [expected, came]: [Json; 2] =
        [expected, came].map(|text| serde_json::from_str(text).expect("JSON"));
    fill(&expected, Some(&came), "7") == came
}

#[test]
fn a_placeholder_takes_what_it_stands_for_and_nothing_else() {
    for (placeholder, takes, takes_not) in [
        (r#""$any""#, "[null]", None),
        (r#""$text""#, r#""a""#, Some(r#""""#)),
        (r#""$int""#, "-1", Some("1.5")),
        (r#""$seconds""#, "1", Some("0")),
        (r#""$retry_after""#, "7", Some("8")),
        (r#""after $retry_afters""#, r#""after 7s""#, Some(r#""after 8s""#)),
    ] {
        assert!(is_met(placeholder, takes), "{placeholder}");
        assert!(takes_not.is_none_or(|it| !is_met(placeholder, it)), "{placeholder}");
    }
}

#[test]
fn members_have_an_order_and_none_is_too_many_or_too_few() {
    assert!(is_met(r#"{"a":"$int","b":["$text"]}"#, r#"{"a":1,"b":["x"]}"#));
    assert!(!is_met(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#));
    assert!(!is_met(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
    assert!(!is_met(r#"{"a":1,"b":"$any"}"#, r#"{"a":1}"#));
    assert!(!is_met(r#"["$any","$any"]"#, "[1]"));
}
