use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use portcullis_core::Issue;

use super::{
    Finding, Halt, Node, Place, Reveal, Source, blame,
    book::{Book, Identity},
    learn,
    roll::Roll,
};

/// More characters than this are not shown of a type's own words, which may repeat the input.
const MOST_REASON: usize = 200;

/// How many values may be looked at again, all in all, for each value that was sent. A first look
/// takes three units of work for a value, two of them for the name of a member.
const LOOKS: usize = 6;

/// How many may be looked at again, or made up, however little was sent.
const LEAST_FUEL: usize = 50_000;

/// One reading of one request: what was found, and what was learned on the way.
pub(crate) struct Run {
    /// Whether the first fault ends it, as it does with serde's other formats: nothing is written
    /// down, nothing made up.
    is_strict: bool,
    /// Whether something is refused that the type itself would take.
    is_refused: Cell<bool>,
    /// How much work may still be done, in values that are looked at or made up. A first pass always
    /// fits; second looks are what it bounds.
    fuel: Cell<usize>,
    /// Whether a type's own words are shown.
    reasons: bool,
    source: Source,
    book: RefCell<Book>,
    /// Faults that are none where there are others.
    doubts: RefCell<Book>,
    /// What is known of the objects that are looked at again, by their addresses.
    rolls: RefCell<HashMap<usize, Roll>>,
    /// How many places were made up at the end of a tuple, by the addresses of their lists.
    places: RefCell<HashMap<usize, usize>>,
    learned: Cell<usize>,
    made_up: Cell<usize>,
}

/// How a type asked for a node.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    /// As a value.
    Plainly,
    /// As the name of a variant.
    Tag,
}

impl Run {
    /// A reading that says only whether all is well.
    pub(crate) fn strict(source: Source) -> Self {
        Self { is_strict: true, ..Self::new(0, Reveal::default(), source) }
    }

    /// A reading that finds every fault of so many values.
    pub(crate) fn new(values: usize, reveal: Reveal, source: Source) -> Self {
        Self {
            is_strict: false,
            is_refused: Cell::new(false),
            fuel: Cell::new(values.saturating_mul(LOOKS).saturating_add(LEAST_FUEL)),
            reasons: reveal.reasons,
            source,
            book: RefCell::new(Book::new(reveal.inputs)),
            doubts: RefCell::new(Book::new(reveal.inputs)),
            rolls: RefCell::default(),
            places: RefCell::default(),
            learned: Cell::new(0),
            made_up: Cell::new(0),
        }
    }

    /// How many units of work are left.
    #[cfg(test)]
    pub(crate) fn fuel(&self) -> usize {
        self.fuel.get()
    }

    /// Spends a unit of work; says whether there was one.
    pub(crate) fn spend(&self) -> bool {
        let fuel = self.fuel.get();
        self.spend_on(1);
        fuel > 0
    }

    /// Spends the work of walking so many members.
    pub(crate) fn spend_on(&self, members: usize) {
        self.fuel.set(self.fuel.get().saturating_sub(members));
    }

    /// Spends a unit of work on one more value, unless enough is found or spent.
    pub(crate) fn goes_on(&self) -> bool {
        self.is_strict || (self.spend() && !self.is_over())
    }

    /// Whether what was sent is read as it is, and nothing is looked for.
    pub(crate) fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// Whether no more is looked for once something is wrong.
    pub(crate) fn is_over(&self) -> bool {
        self.is_strict || self.fuel.get() == 0 || self.book.borrow().is_full()
    }

    /// Refuses what the type itself would take.
    pub(crate) fn refuse(&self) {
        self.is_refused.set(true);
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.is_refused.get()
    }

    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// How much is known now that was not at first. Where it grows, a second look finds more.
    pub(crate) fn learned(&self) -> usize {
        self.learned.get()
    }

    pub(crate) fn has_learned(&self) {
        self.learned.set(self.learned.get() + 1);
    }

    /// How many values were made up or left out. Where it grows, what a rule says about the whole
    /// says nothing about what the caller sent.
    pub(crate) fn made_up(&self) -> usize {
        self.made_up.get()
    }

    pub(crate) fn has_made_up(&self) {
        self.made_up.set(self.made_up.get() + 1);
    }

    /// What is known of an object's members, for a look that keeps it afterwards.
    pub(crate) fn take_roll(&self, object: &Node<'_>) -> Option<Roll> {
        if self.learned.get() == 0 {
            return None;
        }
        self.rolls.borrow_mut().remove(&object.address())
    }

    pub(crate) fn keep_roll(&self, object: &Node<'_>, roll: Roll) {
        self.rolls.borrow_mut().insert(object.address(), roll);
    }

    /// How many places are made up after a list's last item.
    pub(crate) fn made_up_places(&self, list: &Node<'_>) -> usize {
        if self.learned.get() == 0 {
            return 0;
        }
        self.places.borrow().get(&list.address()).copied().unwrap_or_default()
    }

    /// Makes one more place up.
    pub(crate) fn make_up_place(&self, list: &Node<'_>) {
        *self.places.borrow_mut().entry(list.address()).or_default() += 1;
        self.has_learned();
    }

    /// Writes down a fault of a node.
    pub(crate) fn record(&self, finding: Finding, node: &Node<'_>, place: &Place<'_>) {
        self.write((node.address(), None), finding, Some(node), place);
    }

    /// Writes down a fault of a member, or of its absence: `place` is the member's.
    pub(crate) fn record_member(
        &self,
        finding: Finding,
        object: &Node<'_>,
        key: &str,
        value: Option<&Node<'_>>,
        place: &Place<'_>,
    ) {
        if self.is_strict {
            return self.has_made_up();
        }
        self.write((object.address(), Some(key.to_owned())), finding, value, place);
    }

    /// Takes back that a member is missing.
    pub(crate) fn strike(&self, object: &Node<'_>, key: &str) {
        self.book.borrow_mut().strike(&(object.address(), Some(key.to_owned())));
    }

    /// Writes down what is wrong with a node in whose place one is made up, unless something else is
    /// wrong: the node does not say enough.
    pub(crate) fn doubt(&self, finding: Finding, node: &Node<'_>, place: &Place<'_>) {
        self.has_made_up();
        self.doubts.borrow_mut().write((node.address(), None), finding, Some(node), place);
    }

    fn write(
        &self,
        fault: Identity,
        finding: Finding,
        input: Option<&Node<'_>>,
        place: &Place<'_>,
    ) {
        self.has_made_up();
        if !self.is_strict {
            self.book.borrow_mut().write(fault, finding, input, place);
        }
    }

    /// Writes down why a node could not be read, as far as that says something about it.
    ///
    /// `made_up` is what [`Run::made_up`] was before it was read.
    pub(crate) fn note(&self, halt: Halt, node: &Node<'_>, place: &Place<'_>, made_up: usize) {
        if self.is_strict {
            return;
        }
        let is_genuine = self.made_up.get() == made_up;
        match halt {
            Halt::Recorded => {}
            Halt::Missing(field) if node.is_object() => learn::missing(self, node, place, field),
            Halt::Missing(field) => blame::missing(self, node, place, field),
            Halt::Unknown(field) => {
                let place = place.member(&field, usize::MAX);
                self.record_member(Finding::extra_forbidden(), node, &field, None, &place);
            }
            Halt::Duplicate(field) => {
                let place = place.member(field, usize::MAX);
                self.record_member(Finding::duplicate(), node, field, None, &place);
            }
            _ if !is_genuine => {}
            Halt::Found(finding) => self.record(*finding, node, place),
            Halt::Variant(names) => self.record(Finding::one_of(names), node, place),
            Halt::Type(clue, expected) | Halt::Value(clue, expected) => {
                blame::wrong(self, node, place, &clue, &expected);
            }
            Halt::Length => self.record(Finding::value_error(None), node, place),
            Halt::Custom(reason) => {
                let reason: Option<String> =
                    self.reasons.then(|| reason.chars().take(MOST_REASON).collect());
                self.record(Finding::value_error(reason.as_deref()), node, place);
            }
        }
    }

    /// All faults, as the caller sent and the types declared them.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        let issues = self.book.into_inner().into_issues();
        if issues.is_empty() { self.doubts.into_inner().into_issues() } else { issues }
    }
}
