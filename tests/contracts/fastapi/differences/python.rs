use serde_json::json;

use super::{Difference, differ};
use crate::fastapi::{
    answer::Answer,
    request::{get, ticket},
};

/// From Python 3.13 on. Ours is what it was before: clients have learned it.
pub(crate) fn since_python_3_13() -> Vec<Difference> {
    let phrase = |path, new: &str, old: &str, status| {
        let why = "Python has the phrases of RFC 9110 since 3.13";
        let [new, old] = [new, old].map(|phrase| Answer::error(status, json!(phrase)));
        differ(why, get(path), new, old)
    };
    let comma = |body: &'static str, new, old| {
        let why = "Python points to a trailing comma itself since 3.13";
        differ(why, ticket(body), Answer::no_json(new), Answer::no_json(old))
    };
    vec![
        phrase("/fails/413", "Content Too Large", "Request Entity Too Large", 413),
        phrase("/fails/414", "URI Too Long", "Request-URI Too Long", 414),
        phrase("/fails/416", "Range Not Satisfiable", "Requested Range Not Satisfiable", 416),
        phrase("/fails/422", "Unprocessable Content", "Unprocessable Entity", 422),
        comma(r#"{"subject": "a",}"#, 15, 16),
        comma("[1,]", 2, 3),
    ]
}
