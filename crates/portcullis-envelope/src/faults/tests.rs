mod aliases;
mod beyond;
mod differential;
mod hostile;
mod keys;
mod particular;
mod properties;
mod shapes;
mod work;

use portcullis_core::{Issue, Segment};
use serde_core::de::DeserializeOwned;

use super::{Refused, Reveal};

/// What comes of a body.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, Vec<Issue>> {
    read_with(json, Reveal::default())
}

fn read_with<T: DeserializeOwned>(json: &str, reveal: Reveal) -> Result<T, Vec<Issue>> {
    super::read_json(json.as_bytes(), reveal).map_err(|refused| match refused {
        Refused::Faulty(issues) => issues,
        Refused::Malformed(error) => panic!("{json}: {error}"),
    })
}

/// The faults of a body, each as `body.items.1.qty int_type`.
fn faults<T: DeserializeOwned>(json: &str) -> Vec<String> {
    read::<T>(json).err().unwrap_or_default().iter().map(told).collect()
}

fn told(issue: &Issue) -> String {
    let steps: Vec<_> = issue
        .location()
        .iter()
        .map(|segment| match segment {
            Segment::Index(index) => index.to_string(),
            Segment::Name(name) => name.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    format!("{} {}", steps.join("."), issue.kind())
}
