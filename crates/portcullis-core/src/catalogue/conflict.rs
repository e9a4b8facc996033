use std::fmt;

use super::{CatalogueEntry, Table};

/// A code means one thing in one table, and another in a second.
#[derive(Clone, Debug)]
pub struct CatalogueConflict(Box<[Meaning; 2]>);

#[derive(Clone, Debug)]
struct Meaning {
    table: &'static str,
    place: &'static str,
    entry: CatalogueEntry,
}

impl CatalogueConflict {
    pub(super) fn new(
        (first, first_entry): (&'static Table, CatalogueEntry),
        (second, second_entry): (&'static Table, CatalogueEntry),
    ) -> Self {
        Self(Box::new([Meaning::new(first, first_entry), Meaning::new(second, second_entry)]))
    }
}

impl Meaning {
    fn new(table: &'static Table, entry: CatalogueEntry) -> Self {
        Self { table: table.name(), place: table.place(), entry }
    }
}

impl fmt::Display for CatalogueConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = &*self.0;
        let code = first.entry.code();
        write!(
            f,
            "the code {code} means {first} and {second}: give one of them another code, or make \
             them the same"
        )
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, status) in self.entry.statuses().iter().enumerate() {
            write!(f, "{}{status}", if place == 0 { "" } else { "/" })?;
        }
        write!(f, " {:?} in {} ({})", self.entry.message(), self.table, self.place)
    }
}

impl std::error::Error for CatalogueConflict {}
