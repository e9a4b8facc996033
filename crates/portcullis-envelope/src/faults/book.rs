use std::collections::HashSet;

use portcullis_core::{Issue, Segment};

use super::{Finding, Node, Place};

/// More faults than this are not looked for.
pub(crate) const MOST_FAULTS: usize = 100;

/// More bytes than about this are not kept as the issues' inputs, all issues together.
const MOST_INPUT: usize = 64 << 10;

/// Once the faults' locations have names of more bytes than this, no more is looked for: a long
/// name would be repeated for every fault beneath it.
const MOST_NAMES: usize = 64 << 10;

/// What a fault is the fault of: a node, or an object's member by its name.
pub(crate) type Identity = (usize, Option<String>);

/// The faults that were found, each once however often it is seen.
pub(crate) struct Book {
    faults: Vec<Fault>,
    seen: HashSet<Identity>,
    /// How many bytes of names may still come.
    names: usize,
    /// How many bytes of input may still be kept, if any is.
    inputs: Option<usize>,
}

struct Fault {
    identity: Identity,
    ranks: Vec<usize>,
    issue: Issue,
}

impl Book {
    /// An empty one, which keeps inputs or does not.
    pub(crate) fn new(keeps_inputs: bool) -> Self {
        Self {
            faults: Vec::new(),
            seen: HashSet::new(),
            names: MOST_NAMES,
            inputs: keeps_inputs.then_some(MOST_INPUT),
        }
    }

    /// Whether it holds all that it will.
    pub(crate) fn is_full(&self) -> bool {
        self.faults.len() >= MOST_FAULTS || self.names == 0
    }

    /// Writes down a fault, unless it was seen before.
    pub(crate) fn write(
        &mut self,
        identity: Identity,
        finding: Finding,
        input: Option<&Node<'_>>,
        place: &Place<'_>,
    ) {
        if self.is_full() || !self.seen.insert(identity.clone()) {
            return;
        }
        let (ranks, way) = place.way();
        for segment in &way {
            if let Segment::Name(name) = segment {
                self.names = self.names.saturating_sub(name.len());
            }
        }
        let mut issue = way.into_iter().fold(finding.into_issue(), Issue::at);
        if let (Some(budget), Some(node)) = (&mut self.inputs, input)
            && let Some(value) = node.to_value(budget)
        {
            issue = issue.with_input(value);
        }
        self.faults.push(Fault { identity, ranks, issue });
    }

    /// Takes back a fault that was a mistake.
    pub(crate) fn strike(&mut self, identity: &Identity) {
        self.faults.retain(|fault| fault.identity != *identity);
    }

    /// All faults, in the order of the types' declarations.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        let mut faults = self.faults;
        faults.sort_by(|a, b| a.ranks.cmp(&b.ranks));
        faults.into_iter().map(|fault| fault.issue).collect()
    }
}
