//! In which order a type gets an object's members, and what was decided about each of them.

use std::{borrow::Cow, collections::HashSet};

use super::{
    Node, Source,
    straight::{Fields, Names},
};

/// An object's members as they came, or as none came.
pub(crate) type Entries<'de> = [(Cow<'de, str>, Node<'de>)];

/// The members of one object. It is kept from look to look, so that the next one costs no more than
/// what it reads.
#[derive(Default)]
pub(crate) struct Roll {
    /// Those that the type itself knows, as far as that can be told, and those that are made up.
    own: Vec<Line>,
    others: Vec<Line>,
    /// Which of the others comes first: those that were not looked at yet come before the rest.
    first: usize,
    pub(crate) stage: Stage,
}

/// Which members the next look gets.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// All of them, and nothing is known of the type.
    #[default]
    First,
    /// The type's own, until all of them are right.
    Own,
    /// All that it may take.
    All,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Line {
    /// Where it stands among its siblings, when faults are sorted.
    pub(crate) rank: usize,
    pub(crate) whose: Whose,
    /// It is wrong, and none can be made up.
    pub(crate) is_out: bool,
    /// Its faults are in the book.
    pub(crate) was_seen: bool,
    /// It is right, and none could be made up.
    pub(crate) is_particular: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Whose {
    /// The caller's: the entry at this index.
    Entry(usize),
    /// Nobody's: one is missing under this name.
    MadeUp(&'static str),
}

impl Default for Whose {
    fn default() -> Self {
        Self::MadeUp("")
    }
}

impl Line {
    fn new(rank: usize, whose: Whose) -> Self {
        Self { rank, whose, ..Self::default() }
    }
}

impl Roll {
    /// For a struct: declared members in their order, then the others as they came. `twice` hears of
    /// those that come again.
    pub(crate) fn declared(
        entries: &Entries<'_>,
        fields: &Fields,
        source: Source,
        mut twice: impl FnMut(&Line),
    ) -> Self {
        let mut roll = Self::default();
        for (at, (name, _)) in entries.iter().enumerate() {
            match source.position(fields, name) {
                Some(rank) => roll.own.push(Line::new(rank, Whose::Entry(at))),
                // A request has headers that no handler asks for.
                None if source == Source::Headers => {}
                None => roll.others.push(Line::new(fields.names().len() + at, Whose::Entry(at))),
            }
        }
        roll.own.sort_by_key(|line| line.rank);
        roll.own.dedup_by(|later, earlier| {
            let is_twice = later.rank == earlier.rank;
            if is_twice {
                twice(later);
            }
            is_twice
        });
        roll
    }

    /// For a map, for a struct with a flattened part, for who takes it as it is.
    pub(crate) fn as_it_came(entries: &Entries<'_>, mut twice: impl FnMut(&Line)) -> Self {
        let lines = (0..entries.len()).map(|at| Line::new(at, Whose::Entry(at)));
        let mut names = Names::new(entries.len());
        entries.iter().for_each(|(name, _)| names.add(name));
        if names.are_different() {
            return Self { others: lines.collect(), ..Self::default() };
        }
        let mut seen = HashSet::with_capacity(entries.len());
        let mut others = Vec::with_capacity(entries.len());
        for (line, (name, _)) in lines.zip(entries) {
            if seen.insert(name) {
                others.push(line);
            } else {
                twice(&line);
            }
        }
        Self { others, ..Self::default() }
    }

    /// How many lines there are, those that are out among them.
    pub(crate) fn len(&self) -> usize {
        match self.stage {
            Stage::Own => self.own.len(),
            Stage::First | Stage::All => self.own.len() + self.others.len(),
        }
    }

    /// Where the line is that a look comes to at this step.
    pub(crate) fn at(&self, step: usize, first: usize) -> Option<usize> {
        if step >= self.len() {
            return None;
        }
        match step.checked_sub(self.own.len()) {
            None => Some(step),
            Some(other) => Some(self.own.len() + (first + other) % self.others.len().max(1)),
        }
    }

    pub(crate) fn first(&self) -> usize {
        self.first
    }

    pub(crate) fn line(&self, at: usize) -> Option<&Line> {
        self.own.get(at).or_else(|| self.others.get(at.checked_sub(self.own.len())?))
    }

    pub(crate) fn line_mut(&mut self, at: usize) -> Option<&mut Line> {
        match at.checked_sub(self.own.len()) {
            None => self.own.get_mut(at),
            Some(other) => self.others.get_mut(other),
        }
    }

    pub(crate) fn own(&self) -> &[Line] {
        &self.own
    }

    pub(crate) fn others(&self) -> &[Line] {
        &self.others
    }

    /// Leaves a member out, and lets the next look begin after it.
    pub(crate) fn leave_out(&mut self, at: usize) {
        if let Some(line) = self.line_mut(at) {
            line.is_out = true;
        }
        if let Some(other) = at.checked_sub(self.own.len()) {
            self.first = other + 1;
        }
    }

    /// Adds a member that is missing.
    pub(crate) fn make_up(&mut self, name: &'static str, rank: usize) {
        let at = self.own.partition_point(|line| line.rank <= rank);
        self.own.insert(at, Line::new(rank, Whose::MadeUp(name)));
    }

    /// Drops the others that a struct passes over: they were looked at.
    pub(crate) fn drop_others(&mut self, is_own: impl Fn(&Line) -> bool) {
        self.others.retain(is_own);
        self.first = 0;
    }

    /// Divides the members into the type's own and the others.
    pub(crate) fn divide(&mut self, is_own: impl Fn(&Line) -> bool) {
        let others = std::mem::take(&mut self.others);
        // The first that was not looked at stays the first.
        self.first = others.iter().take(self.first).filter(|line| !is_own(line)).count();
        (self.own, self.others) = others.into_iter().partition(|line| is_own(line));
    }
}
