use std::collections::BTreeMap;

use http::{HeaderName, Method, StatusCode};

use super::{
    Difference, Differences,
    compare::{Comparison, compare},
    cost::{Ledger, suspects},
    own::Own,
    probe::Probe,
    steady::Steady,
};
use crate::answer::Answer;

/// What is kept from one pair of answers to the next.
pub(crate) struct Run<'a> {
    own: Own,
    moving: &'a [HeaderName],
    pub(crate) differences: Differences,
    /// How long the bodies were that `GET` got, by what it was asked with: `HEAD` has them too.
    lengths: BTreeMap<String, [usize; 2]>,
    ledger: Ledger,
    pub(crate) steady: Steady,
    /// What was found to cost more, by method.
    dear: Vec<(Method, String)>,
    /// How many answers did not come, or had no end.
    pub(crate) late: usize,
}

impl<'a> Run<'a> {
    pub(crate) fn new(own: Own, moving: &'a [HeaderName]) -> Self {
        Self {
            own,
            moving,
            differences: Differences::default(),
            lengths: BTreeMap::new(),
            ledger: Ledger::default(),
            steady: Steady::default(),
            dear: Vec::new(),
            late: 0,
        }
    }

    /// Compares two answers. What they seem to spend unequally is to be looked into.
    pub(crate) fn take(
        &mut self,
        probe: &Probe,
        foreign: &Answer,
        missing: &Answer,
    ) -> Vec<String> {
        self.late += [foreign, missing].into_iter().filter(|answer| answer.is_late()).count();
        let is_hidden = missing.status() == Some(StatusCode::NOT_FOUND);
        self.differences.note(probe, is_hidden, foreign, missing);

        let said = self.steady.take(self.moving, foreign, missing);
        let comparison = Comparison {
            probe,
            moving: self.moving,
            own: &self.own.with(said),
            lengths: self.lengths.get(&probe.dressing()).copied().filter(|_| probe.is_head()),
        };
        self.differences.extend(compare(&comparison, foreign, missing));
        if let (Ok(foreign), Ok(missing), true) = (&foreign.wire, &missing.wire, probe.is_get()) {
            self.lengths.insert(probe.dressing(), [foreign.body.len(), missing.body.len()]);
        }

        let [foreign, missing] = [foreign, missing]
            .map(|answer| self.ledger.spend(answer.wire.as_ref().ok().map(|wire| &wire.headers)));
        let is_known = |name: &str| {
            self.dear.iter().any(|(method, known)| method == probe.method() && known == name)
        };
        let suspects = suspects(&foreign, &missing).filter(|name| !is_known(name));
        suspects.map(str::to_owned).collect()
    }

    /// Takes down what each of the two said of itself in a header, again and again.
    pub(crate) fn note_steady(&mut self, probe: &Probe, name: &HeaderName, values: [String; 2]) {
        let field = format!("header {name}");
        if self.differences.iter().any(|it| it.field() == field) {
            return;
        }
        let [foreign, missing] = values;
        self.differences.extend(vec![Difference::new(probe.to_string(), field, foreign, missing)]);
    }

    pub(crate) fn note_costs(&mut self, probe: &Probe, name: &str, costs: [i64; 2]) {
        self.dear.push((probe.method().clone(), name.to_owned()));
        self.differences.note_costs(probe, name, costs);
    }
}
