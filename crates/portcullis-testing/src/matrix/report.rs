use std::fmt;

use super::Route;
use crate::{Difference, Differences};

/// What a [`Matrix`](super::Matrix) has found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    faults: Vec<String>,
    found: Vec<(String, Differences)>,
    pairs: usize,
}

impl Report {
    /// Whether nothing can be told apart, and every route is covered.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.found.is_empty()
    }

    /// What is wrong with the matrix itself: routes that are not covered or have nothing to hide.
    pub fn faults(&self) -> impl ExactSizeIterator<Item = &str> {
        self.faults.iter().map(String::as_str)
    }

    /// All that tells what is another tenant's from what is missing.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.found.iter().flat_map(|(_, differences)| differences.iter())
    }

    /// How many pairs of requests were sent.
    pub fn pairs(&self) -> usize {
        self.pairs
    }

    pub(super) fn extend_faults(&mut self, faults: impl IntoIterator<Item = String>) {
        self.faults.extend(faults);
    }

    pub(super) fn extend(&mut self, route: &Route, asker: usize, differences: Differences) {
        self.pairs += differences.pairs();
        if !differences.is_empty() {
            let who = ["first", "second"][asker];
            self.found
                .push((format!("{}, asked by the {who} tenant", route.template), differences));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.faults.iter().cloned();
        let found = self.found.iter().map(|(place, found)| format!("{place}: {found}"));
        f.write_str(&faults.chain(found).collect::<Vec<_>>().join("\n"))
    }
}
