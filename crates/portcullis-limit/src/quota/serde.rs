//! A quota in a configuration file: as text, or as a table.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{Quota, Window, text};

/// As [text](Quota#impl-FromStr-for-Quota), `"300/1m;burst=20"`, or as a table of `count`, `period`
/// and, where wanted, `burst` and `window`. Other members are refused.
impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuotaVisitor)
    }
}

/// As text.
impl Serialize for Quota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct QuotaVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    count: u32,
    period: String,
    burst: Option<u32>,
    window: Option<Window>,
}

impl<'de> Visitor<'de> for QuotaVisitor {
    type Value = Quota;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quota such as \"300/1m\", or a table of count, period, burst and window")
    }

    fn visit_str<E: Error>(self, quota: &str) -> Result<Quota, E> {
        quota.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Quota, A::Error> {
        let Table { count, period, burst, window } =
            Table::deserialize(MapAccessDeserializer::new(members))?;
        let Some(period) = text::period(period.trim()) else {
            let message = format_args!("{period:?} is not a period, such as 1m, 10s or 24h");
            return Err(A::Error::custom(message));
        };
        let quota = Quota::try_per(count, period).map_err(A::Error::custom)?;
        let quota = match burst {
            Some(burst) => quota.try_burst(burst).map_err(A::Error::custom)?,
            None => quota,
        };
        match window {
            Some(window) => quota.try_in_windows(window).map_err(A::Error::custom),
            None => Ok(quota),
        }
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text::window(&name)
            .ok_or_else(|| D::Error::unknown_variant(&name, &[text::EPOCH, text::FIRST_REQUEST]))
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text::window_name(*self))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(json: &str) -> Result<Quota, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_quota_is_read_as_text_or_as_a_table_and_written_as_text() {
        let per_minute = Quota::per_minute(300).burst(20);
        assert_eq!(read(r#""300/1m;burst=20""#), Ok(per_minute));
        assert_eq!(read(r#"{"count":300,"period":"1m","burst":20}"#), Ok(per_minute));
        let daily = Quota::per(9, Duration::from_secs(86_400)).in_windows(Window::Epoch);
        assert_eq!(read(r#"{"count":9,"period":"24h","window":"epoch"}"#), Ok(daily));
        assert_eq!(serde_json::to_string(&daily).unwrap(), r#""9/1d;window=epoch""#);
    }

    #[test]
    fn what_is_no_quota_says_why() {
        for (json, words) in [
            ("5", "expected a quota such as \"300/1m\""),
            (r#""5""#, "\"5\" is not a quota"),
            (r#"{"count":5}"#, "missing field `period`"),
            (r#"{"count":5,"period":"1m","brust":9}"#, "unknown field `brust`"),
            (r#"{"count":5,"period":"soon"}"#, "\"soon\" is not a period"),
            (r#"{"count":0,"period":"1m"}"#, "at least 1"),
            (r#"{"count":5,"period":"1m","window":"noon"}"#, "unknown variant `noon`"),
            (r#"{"count":5,"period":"1m","window":"epoch","burst":2}"#, "no burst of its own"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(words), "{json}: {error}");
        }
    }
}
