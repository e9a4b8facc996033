mod hostile;
mod particular;
mod properties;
mod shapes;

use portcullis_core::{Issue, Segment};
use serde_core::de::DeserializeOwned;

use super::{Node, Reveal, Spelling};

/// What comes of a body.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, Vec<Issue>> {
    read_with(json, Reveal::default())
}

fn read_with<T: DeserializeOwned>(json: &str, reveal: Reveal) -> Result<T, Vec<Issue>> {
    let node: Node<'_> = serde_json::from_str(json).unwrap();
    super::read(&node, "body", json.len(), Spelling::Exact, reveal)
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
