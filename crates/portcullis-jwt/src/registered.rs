use std::{fmt, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use serde_json::Value;

use crate::fault::Fault;

/// The last second of the year 9999: what is later is no time that anybody meant.
const LAST: u64 = 253_402_300_799;

/// The claims that say whether a token is good (RFC 7519, section 4.1).
#[derive(Deserialize)]
pub(crate) struct Registered {
    pub(crate) iss: Option<String>,
    #[serde(default)]
    aud: Audience,
    #[serde(default)]
    exp: Time,
    #[serde(default)]
    nbf: Time,
    #[serde(default)]
    scope: Option<Scopes>,
    #[serde(default)]
    scp: Option<Scopes>,
}

/// Of a token that nobody has verified, whose it says to be.
#[derive(Deserialize)]
pub(crate) struct Claimed {
    pub(crate) iss: Option<String>,
}

/// What the claims have to be.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Any of them; none where any audience will do.
    pub(crate) audiences: Option<Vec<String>>,
    pub(crate) needs_expiry: bool,
    pub(crate) needs_not_before: bool,
    pub(crate) leeway: Duration,
}

impl Registered {
    /// When the token's time is over, since 1970: none is never.
    pub(crate) fn check(&self, rules: &Rules, now: Duration) -> Result<Option<Duration>, Fault> {
        if let Some(audiences) = &rules.audiences {
            if self.aud.0.is_empty() {
                return Err(Fault::AudienceMissing);
            }
            if !self.aud.0.iter().any(|audience| audiences.contains(audience)) {
                return Err(Fault::WrongAudience);
            }
        }
        let (expiry, not_before) = (self.exp.seconds()?, self.nbf.seconds()?);
        if rules.needs_expiry && expiry.is_none() {
            return Err(Fault::ExpiryMissing);
        }
        if rules.needs_not_before && not_before.is_none() {
            return Err(Fault::NotBeforeMissing);
        }
        if not_before.is_some_and(|not_before| not_before > now.saturating_add(rules.leeway)) {
            return Err(Fault::NotYet);
        }
        let end = expiry.map(|expiry| expiry.saturating_add(rules.leeway));
        if is_over(end, now) {
            return Err(Fault::Expired);
        }
        Ok(end)
    }

    /// What was granted: `scope`, or else `scp`.
    pub(crate) fn into_scopes(self) -> Vec<String> {
        self.scope.or(self.scp).map_or_else(Vec::new, |scopes| scopes.0)
    }
}

/// "On or after which" it is over (RFC 7519, section 4.1.4).
pub(crate) fn is_over(end: Option<Duration>, now: Duration) -> bool {
    end.is_some_and(|end| now >= end)
}

/// A `NumericDate` of whole seconds since 1970, or whatever came in its place. `null` is not absent.
#[derive(Default)]
struct Time(Option<Value>);

impl Time {
    fn seconds(&self) -> Result<Option<Duration>, Fault> {
        let Some(value) = &self.0 else { return Ok(None) };
        match value.as_u64() {
            Some(seconds @ ..=LAST) => Ok(Some(Duration::from_secs(seconds))),
            _ => Err(Fault::WrongTime),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        Value::deserialize(json).map(|value| Self(Some(value)))
    }
}

/// Scopes with spaces between them (RFC 8693, section 4.2), or in an array, as some issuers have it.
struct Scopes(Vec<String>);

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        texts(json, |text| {
            text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        })
        .map(Self)
    }
}

/// One text or several (RFC 7519, section 4.1.3).
#[derive(Default)]
struct Audience(Vec<String>);

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        texts(json, |text| vec![text.to_owned()]).map(Self)
    }
}

/// A text, which is taken apart, or an array of texts.
fn texts<'de, D: Deserializer<'de>>(
    json: D,
    apart: fn(&str) -> Vec<String>,
) -> Result<Vec<String>, D::Error> {
    struct Texts(fn(&str) -> Vec<String>);

    impl<'de> Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or an array of texts")
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok((self.0)(text))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = items.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }

        fn visit_unit<E>(self) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }
    }

    json.deserialize_any(Texts(apart))
}
