//! What a look at an object's members teaches the next one.

use super::{
    Finding, Halt, Members, Node, Place, Run, blame,
    members::entries,
    roll::{Line, Stage, Whose},
    source::{Source, Variant},
};

/// A name that no type declares.
const NOBODYS: &str = "\u{0}";

impl<'de> Members<'de, '_> {
    /// Takes what came of the look, and keeps what the next one needs.
    pub(crate) fn finish<V>(mut self, outcome: Result<V, Halt>) -> Result<V, Halt> {
        let outcome = match outcome {
            Ok(_) if self.roll.stage == Stage::Own => Err(self.look_at_all()),
            Ok(value) if self.is_read() => Ok(value),
            // What the type leaves is no part of a valid value.
            Ok(_) => Err(Finding::value_error(None).into()),
            Err(halt) if self.run.is_strict() => Err(halt),
            Err(halt) => Err(self.learn_from(halt)),
        };
        self.keep();
        outcome
    }

    fn keep(self) {
        if self.has_decided || self.is_again {
            self.run.keep_roll(self.object, self.roll);
        }
    }

    fn learn_from(&mut self, halt: Halt) -> Halt {
        let names = self.names();
        match halt {
            Halt::Recorded if self.has_decided => self.tell_own(names),
            Halt::Duplicate(field) => {
                self.came_twice(field);
                self.tell_own(names);
            }
            Halt::Missing(field) if self.roll.stage != Stage::Own || names.is_own(field) => {
                self.tell_own(names);
                self.lacks(field, names);
            }
            // It may have asked for what it did not get.
            _ if self.roll.stage == Stage::Own => return self.look_at_all(),
            halt => return halt,
        }
        Halt::Recorded
    }

    /// The type's own members are right: now for the others.
    fn look_at_all(&mut self) -> Halt {
        self.roll.stage = Stage::All;
        self.decide();
        Halt::Recorded
    }

    /// After the first look, finds out which members are the type's own: a large object is not walked
    /// once more for every member that it lacks.
    fn tell_own(&mut self, names: Names<'de>) {
        if self.roll.stage != Stage::First || self.run.is_over() {
            return;
        }
        let entries = entries(self.object);
        self.run.spend_on(entries.len());
        let is_own = |line: &Line| match line.whose {
            Whose::Entry(at) => entries.get(at).is_some_and(|(name, _)| names.is_own(name)),
            Whose::MadeUp(_) => true,
        };
        self.roll.stage = match self.fields {
            // A struct passes the others over.
            Some(fields) if fields.names().iter().any(|field| names.is_own(field)) => {
                self.roll.drop_others(is_own);
                Stage::All
            }
            None if names.are_told_apart() => {
                self.roll.divide(is_own);
                Stage::Own
            }
            _ => Stage::All,
        };
    }

    /// Notes a member that came under two of its names, and goes on with one of them.
    fn came_twice(&mut self, field: &'static str) {
        let place = self.place.member(field, self.rank(field));
        self.run.record_member(Finding::duplicate(), self.object, field, None, &place);
        if let Some(at) = self.current {
            self.leave_out(at);
        }
    }

    /// Notes that a member is missing, so that the next look gets one that is made up.
    fn lacks(&mut self, field: &'static str, names: Names<'de>) {
        let is_it = |line: &&Line| matches!(line.whose, Whose::MadeUp(name) if name == field);
        if let Some(line) = self.roll.own().iter().find(is_it) {
            // One was made up here, and one is missing still: it is missing further in.
            if self.fields.is_none() && !line.is_out {
                self.run.strike(self.object, field);
                blame::missing(self.run, self.object, self.place, field);
            }
            return;
        }
        match self.given(field, names) {
            // It is wrong, and its fault is in the book.
            Some(line) if line.is_out => return,
            Some(_) if self.fields.is_none() => {
                return blame::missing(self.run, self.object, self.place, field);
            }
            _ => {}
        }
        let rank = self.rank(field);
        let name = self.run.source().spell(field);
        let place = self.place.member(&name, rank);
        self.run.record_member(Finding::missing(), self.object, field, None, &place);
        self.roll.make_up(field, rank);
        self.decide();
    }

    /// The member as it came by this name, or wrong by another name of it.
    fn given(&self, field: &'static str, names: Names<'de>) -> Option<Line> {
        let entries = entries(self.object);
        let is_it = |line: &&Line| match line.whose {
            Whose::Entry(at) => entries.get(at).is_some_and(|(name, _)| {
                name == field || (line.is_out && names.are_one(name, field))
            }),
            Whose::MadeUp(_) => false,
        };
        let own = self.roll.own().iter().find(is_it);
        own.or_else(|| {
            if names.is_own(field) && self.roll.stage == Stage::Own {
                return None;
            }
            self.run.spend_on(self.roll.others().len());
            self.roll.others().iter().find(is_it)
        })
        .copied()
    }

    /// Where a member stands among those that the type declares.
    fn rank(&self, field: &str) -> usize {
        let fields = self.fields.map(|fields| fields.names()).unwrap_or_default();
        fields.iter().position(|name| *name == field).unwrap_or(usize::MAX)
    }

    fn names(&self) -> Names<'de> {
        let source = self.run.source();
        let nobodys = self.variant.and_then(|variant| variant(source, NOBODYS));
        Names { source, variant: self.variant, nobodys }
    }
}

/// Notes that an object lacks a member, of which its type said so once it had read them all.
pub(super) fn missing(run: &Run, object: &Node<'_>, place: &Place<'_>, field: &'static str) {
    let mut members = Members::in_their_order(run, object, place);
    members.roll.stage = Stage::All;
    members.lacks(field, members.names());
    members.keep();
}

/// The names of an object's members, as its type tells them apart.
#[derive(Clone, Copy)]
struct Names<'de> {
    source: Source,
    variant: Option<Variant<'de>>,
    /// What all names are that the type does not know.
    nobodys: Option<u64>,
}

impl<'de> Names<'de> {
    fn variant_of(&self, name: &'de str) -> Option<u64> {
        self.variant.and_then(|variant| variant(self.source, name))
    }

    /// Whether the type knows this name, and not every name.
    fn is_own(&self, name: &'de str) -> bool {
        self.variant_of(name).is_some_and(|variant| Some(variant) != self.nobodys)
    }

    /// Whether the names that it does not know are alike to the type.
    fn are_told_apart(&self) -> bool {
        self.nobodys.is_some()
    }

    /// Whether the two are names of one member.
    fn are_one(&self, name: &'de str, field: &'static str) -> bool {
        self.is_own(field) && self.variant_of(name) == self.variant_of(field)
    }
}
