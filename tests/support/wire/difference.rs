use std::{collections::BTreeSet, fmt};

use http::{HeaderName, header::DATE};
use portcullis::X_RATELIMIT_REMAINING;

use super::Wire;

/// The headers whose values are no part of an answer: they differ between any two requests.
const MOVING: [HeaderName; 2] = [DATE, X_RATELIMIT_REMAINING];

/// Fails, and names every field that differs, unless two answers are the same.
///
/// They are the same if status, headers, the order of the headers, and body are, but for the date
/// and the value of `x-ratelimit-remaining`, of which both or neither has one.
#[track_caller]
pub fn assert_alike(left: &Wire, right: &Wire) {
    let difference = left.difference(right);
    assert!(difference.is_empty(), "two answers differ\n{difference}");
}

impl Wire {
    /// Where two answers differ. See [`assert_alike`] for what is compared.
    pub fn difference(&self, other: &Self) -> Difference {
        let mut difference = Difference::default();
        difference.of("status", self.status.to_string(), other.status.to_string());
        let names: BTreeSet<_> = [self, other]
            .into_iter()
            .flat_map(|wire| wire.headers.keys().map(HeaderName::as_str))
            .collect();
        for name in names {
            difference.of(name, values(self, name), values(other, name));
        }
        difference.of("order of headers", order(self), order(other));
        difference.of("body", &self.body, &other.body);
        difference
    }
}

/// The fields in which two answers differ, one a line when printed.
#[derive(Clone, Debug, Default)]
pub struct Difference(Vec<String>);

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of<T: PartialEq + fmt::Debug>(&mut self, field: &str, left: T, right: T) {
        if left != right {
            self.0.push(format!("  {field}: {left:?} and {right:?}"));
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// All values of a header, each as a dot if they move.
fn values(wire: &Wire, name: &str) -> Vec<String> {
    let moves = MOVING.iter().any(|moving| moving == name);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let values = wire.headers.get_all(name).iter();
    values.map(|value| if moves { "…".into() } else { text(value.as_bytes()) }).collect()
}

fn order(wire: &Wire) -> Vec<&str> {
    wire.headers.keys().map(HeaderName::as_str).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    fn wire(headers: &[(&'static str, &'static str)], body: &'static str) -> Wire {
        let pairs = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        Wire { status: StatusCode::NOT_FOUND, headers, body: Bytes::from(body) }
    }

    #[test]
    fn the_date_and_what_remains_may_differ() {
        let one = wire(&[("date", "Sunday"), ("x-ratelimit-remaining", "9")], "");
        let other = wire(&[("date", "Monday"), ("x-ratelimit-remaining", "8")], "");
        assert_alike(&one, &other);
    }

    #[test]
    fn every_field_that_differs_is_named() {
        let one = wire(&[("x-ratelimit-remaining", "9"), ("vary", "a"), ("vary", "b")], "mine");
        let mut other = wire(&[("vary", "a")], "yours");
        other.status = StatusCode::FORBIDDEN;
        assert_eq!(
            one.difference(&other).to_string(),
            [
                r#"  status: "404 Not Found" and "403 Forbidden""#,
                r#"  vary: ["a", "b"] and ["a"]"#,
                r#"  x-ratelimit-remaining: ["…"] and []"#,
                r#"  order of headers: ["x-ratelimit-remaining", "vary"] and ["vary"]"#,
                r#"  body: b"mine" and b"yours""#,
            ]
            .join("\n")
        );
    }

    #[test]
    fn headers_in_another_order_are_another_answer() {
        let one = wire(&[("allow", "GET"), ("vary", "a")], "");
        let other = wire(&[("vary", "a"), ("allow", "GET")], "");
        assert!(!one.difference(&other).is_empty());
    }
}
