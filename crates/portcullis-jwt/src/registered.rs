use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::fault::Fault;

/// The last second of the year 9999: what is later is no time that anybody meant.
const LAST: u64 = 253_402_300_799;

/// The claims that say whether a token is good (RFC 7519, section 4.1).
#[derive(Deserialize)]
pub(crate) struct Registered {
    pub(crate) iss: Option<String>,
    aud: Option<Value>,
    #[serde(default)]
    exp: Time,
    #[serde(default)]
    nbf: Time,
    scope: Option<Value>,
    scp: Option<Value>,
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

/// When a token is good, since 1970, leeway included.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: Option<Duration>,
    end: Option<Duration>,
}

impl Span {
    pub(crate) fn check(self, now: Duration) -> Result<(), Fault> {
        if self.start.is_some_and(|start| now < start) {
            return Err(Fault::NotYet);
        }
        // "On or after which" it is over (RFC 7519, section 4.1.4).
        if self.end.is_some_and(|end| now >= end) {
            return Err(Fault::Expired);
        }
        Ok(())
    }
}

impl Registered {
    /// When the token is good, which it is now.
    pub(crate) fn check(&self, rules: &Rules, now: Duration) -> Result<Span, Fault> {
        if let Some(audiences) = &rules.audiences {
            let aud = self.aud.as_ref().ok_or(Fault::AudienceMissing)?;
            if !names_one(aud, audiences) {
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
        let span = Span {
            start: not_before.map(|not_before| not_before.saturating_sub(rules.leeway)),
            end: expiry.map(|expiry| expiry.saturating_add(rules.leeway)),
        };
        span.check(now).map(|()| span)
    }

    /// What was granted: `scope`, or else `scp`.
    pub(crate) fn into_scopes(self) -> Result<Vec<String>, Fault> {
        self.scope.or(self.scp).map_or(Ok(Vec::new()), scopes)
    }
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

/// Whether this is one of these audiences, or an array of texts with one of them in it (RFC 7519,
/// section 4.1.3).
fn names_one(aud: &Value, audiences: &[String]) -> bool {
    let is_one = |text: &str| audiences.iter().any(|audience| audience == text);
    match aud {
        Value::String(text) => is_one(text),
        Value::Array(texts) => {
            texts.iter().all(Value::is_string) && texts.iter().filter_map(Value::as_str).any(is_one)
        }
        _ => false,
    }
}

/// Scopes with spaces between them (RFC 8693, section 4.2), or in an array, as some issuers have it.
fn scopes(value: Value) -> Result<Vec<String>, Fault> {
    match value {
        Value::String(text) => {
            Ok(text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
        }
        Value::Array(texts) => texts
            .into_iter()
            .map(|text| match text {
                Value::String(scope) => Ok(scope),
                _ => Err(Fault::WrongScopes),
            })
            .collect(),
        _ => Err(Fault::WrongScopes),
    }
}
