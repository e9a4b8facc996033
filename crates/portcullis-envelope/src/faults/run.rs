use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use portcullis_core::Issue;

use super::{
    Finding, Halt, Node, Place, Reveal, blame,
    book::{Book, Identity},
};

/// More characters than this are not shown of a type's own words, which may repeat the input.
const MOST_REASON: usize = 200;

/// One reading of one request: what was found, and what was learned on the way.
pub(crate) struct Run {
    /// Whether the first fault ends it, as it does with serde's other formats: nothing is written
    /// down, nothing made up.
    is_strict: bool,
    /// Whether something is refused that the type itself would take.
    is_refused: Cell<bool>,
    /// How much work may still be done. A first pass always fits; second looks are what it bounds.
    fuel: Cell<usize>,
    /// Whether a type's own words are shown.
    reasons: bool,
    spelling: Spelling,
    book: RefCell<Book>,
    fates: RefCell<HashMap<usize, Vec<(String, Fate)>>>,
    learned: Cell<usize>,
    made_up: Cell<usize>,
}

/// How the members of the outermost object are spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As the type declares them.
    Exact,
    /// As headers: `x_request_id` is `x-request-id`.
    Header,
}

/// What the next look at an object does about one of its members.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is missing under this name: make one up, so that the members after it are looked at.
    MakeUp(&'static str),
    /// It is wrong and none can be made up: leave it out.
    LeaveOut,
}

/// How a type asked for a node.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    /// As a scalar, a list, a choice, a map.
    Plainly,
    /// As a struct with these members.
    Struct(&'static [&'static str]),
    /// As the name of a variant.
    Tag,
}

impl Run {
    /// A reading that says only whether all is well.
    pub(crate) fn strict(spelling: Spelling) -> Self {
        Self { is_strict: true, ..Self::new(usize::MAX, Reveal::default(), spelling) }
    }

    /// A reading that finds every fault, of this many bytes.
    pub(crate) fn new(bytes: usize, reveal: Reveal, spelling: Spelling) -> Self {
        Self {
            is_strict: false,
            is_refused: Cell::new(false),
            fuel: Cell::new(bytes.saturating_mul(2).saturating_add(50_000)),
            reasons: reveal.reasons,
            spelling,
            book: RefCell::new(Book::new(reveal.inputs)),
            fates: RefCell::default(),
            learned: Cell::new(0),
            made_up: Cell::new(0),
        }
    }

    /// Spends a unit of work; says whether there was one.
    pub(crate) fn spend(&self) -> bool {
        let fuel = self.fuel.get();
        self.fuel.set(fuel.saturating_sub(1));
        fuel > 0
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

    pub(crate) fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// How much is known now that was not at first. Where it grows, a second look finds more.
    pub(crate) fn learned(&self) -> usize {
        self.learned.get()
    }

    /// How many values were made up or left out. Where it grows, what a rule says about the whole
    /// says nothing about what the caller sent.
    pub(crate) fn made_up(&self) -> usize {
        self.made_up.get()
    }

    pub(crate) fn has_made_up(&self) {
        self.made_up.set(self.made_up.get() + 1);
    }

    /// What was decided about an object's members.
    pub(crate) fn fates(&self, object: &Node<'_>) -> Vec<(String, Fate)> {
        if self.learned.get() == 0 {
            return Vec::new();
        }
        self.fates.borrow().get(&object.address()).cloned().unwrap_or_default()
    }

    /// Decides about an object's member, for the next look.
    pub(crate) fn decide(&self, object: &Node<'_>, key: &str, fate: Fate) {
        if self.is_strict {
            return;
        }
        let mut fates = self.fates.borrow_mut();
        let members = fates.entry(object.address()).or_default();
        match members.iter_mut().find(|(name, _)| name == key) {
            Some((_, decided)) if *decided == Fate::LeaveOut || *decided == fate => return,
            Some((_, decided)) => *decided = fate,
            None => members.push((key.to_owned(), fate)),
        }
        self.learned.set(self.learned.get() + 1);
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
        self.write((object.address(), Some(key.to_owned())), finding, value, place);
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
    pub(crate) fn note(
        &self,
        halt: Halt,
        node: &Node<'_>,
        place: &Place<'_>,
        asked: Asked,
        made_up: usize,
    ) {
        if self.is_strict {
            return;
        }
        let is_genuine = self.made_up.get() == made_up;
        match halt {
            Halt::Recorded => {}
            Halt::Missing(field) => self.note_missing(field, node, place, asked),
            Halt::Unknown(field) => {
                let place = place.member(&field, usize::MAX);
                self.record_member(Finding::extra_forbidden(), node, &field, None, &place);
            }
            Halt::Duplicate(field) => {
                let place = place.member(field, rank(field, asked));
                self.record_member(Finding::duplicate(), node, field, None, &place);
            }
            _ if !is_genuine => {}
            Halt::Found(finding) => self.record(*finding, node, place),
            Halt::Variant(names) => self.record(Finding::one_of(names), node, place),
            Halt::Type(clue, expected) | Halt::Value(clue, expected) => {
                blame::wrong(self, node, place, &clue, &expected);
            }
            Halt::Custom(reason) => {
                let reason: Option<String> =
                    self.reasons.then(|| reason.chars().take(MOST_REASON).collect());
                self.record(Finding::value_error(reason.as_deref()), node, place);
            }
        }
    }

    fn note_missing(&self, field: &'static str, node: &Node<'_>, place: &Place<'_>, asked: Asked) {
        let is_struct = matches!(asked, Asked::Struct(_));
        match self.fates(node).into_iter().find(|(name, _)| name == field) {
            // One was made up here, and one is missing still: it is missing further in.
            Some((_, Fate::MakeUp(_))) if !is_struct => {
                self.book.borrow_mut().strike(&(node.address(), Some(field.to_owned())));
                return blame::missing(self, node, place, field);
            }
            Some(_) => return,
            None => {}
        }
        if !is_struct && (!node.is_object() || node.has(field)) {
            return blame::missing(self, node, place, field);
        }
        let name = match self.spelling {
            Spelling::Exact => field.to_owned(),
            Spelling::Header => field.replace('_', "-"),
        };
        let member = place.member(&name, rank(field, asked));
        self.record_member(Finding::missing(), node, field, None, &member);
        self.decide(node, field, Fate::MakeUp(field));
    }

    /// All faults, as the caller sent and the types declared them.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        self.book.into_inner().into_issues()
    }
}

/// Where a member stands among those that the type declares.
fn rank(field: &str, asked: Asked) -> usize {
    match asked {
        Asked::Struct(fields) => fields.iter().position(|name| *name == field),
        _ => None,
    }
    .unwrap_or(usize::MAX)
}
