//! What a later step takes from the answers to earlier ones.

use http::header::SET_COOKIE;
use portcullis_tests::Wire;

use super::json::Json;

/// The answers so far: `{{0.id}}` is a member of the first one's body, `{{0.header.etag}}` a header,
/// `{{0.cookie.session}}` the value of a cookie that it set.
pub(crate) struct Earlier<'a>(pub(crate) &'a [Wire]);

impl Earlier<'_> {
    /// The text with everything filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (place, after) = after.split_once("}}").expect("braces that are closed");
            filled.push_str(before);
            let value = self.value(place);
            filled.push_str(&value.unwrap_or_else(|| panic!("no earlier answer has {place}")));
            rest = after;
        }
        filled + rest
    }

    /// The JSON with everything filled in.
    pub(crate) fn fill_json(&self, json: &Json) -> Json {
        match json {
            // Alone it stands for the value itself, which may be a number.
            Json::Text(text) => {
                match text.strip_prefix("{{").and_then(|it| it.strip_suffix("}}")) {
                    Some(place) if !place.contains('{') => self.json(place),
                    _ => Json::Text(self.fill(text)),
                }
            }
            Json::List(list) => Json::List(list.iter().map(|item| self.fill_json(item)).collect()),
            Json::Object(members) => {
                let filled =
                    members.iter().map(|(name, value)| (name.clone(), self.fill_json(value)));
                Json::Object(filled.collect())
            }
            other => other.clone(),
        }
    }

    fn json(&self, place: &str) -> Json {
        let member = place.split_once('.').and_then(|(number, name)| {
            let answer = self.0.get(number.parse::<usize>().ok()?)?;
            let body: Json = serde_json::from_slice(&answer.body).ok()?;
            body.member(name).cloned()
        });
        member.unwrap_or_else(|| panic!("no earlier answer has {place}"))
    }

    fn value(&self, place: &str) -> Option<String> {
        let (number, what) = place.split_once('.')?;
        let answer = self.0.get(number.parse::<usize>().ok()?)?;
        if let Some(name) = what.strip_prefix("header.") {
            return Some(answer.header(name).to_owned()).filter(|value| !value.is_empty());
        }
        if let Some(name) = what.strip_prefix("cookie.") {
            let cookies = answer.headers.get_all(SET_COOKIE).into_iter();
            let mut pairs = cookies
                .filter_map(|cookie| cookie.to_str().ok()?.split(';').next()?.split_once('='));
            return pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
        }
        match self.json(place) {
            Json::Text(text) => Some(text),
            other => Some(other.compact()),
        }
    }
}
