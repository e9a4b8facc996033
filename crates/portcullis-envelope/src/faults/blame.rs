//! Where a fault is whose place was lost: serde reads tagged, untagged and flattened content through
//! a buffer, and says of a wrong value only what it was.
//!
//! A value that is found once within the buffered part is the one; otherwise the whole is blamed.

use serde_core::de::Unexpected;

use super::{
    Finding, Halt, Node, Place, Run,
    number::{self, Bounds},
};

/// What serde says that a wrong value was.
#[derive(Debug)]
pub(crate) enum Clue {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List,
    Object,
    None,
}

/// Longer text is no clue: it would be copied, and what is valid may be long.
const LONGEST_TEXT: usize = 256;

impl From<Unexpected<'_>> for Clue {
    fn from(unexpected: Unexpected<'_>) -> Self {
        match unexpected {
            Unexpected::Unit | Unexpected::Option => Self::Null,
            Unexpected::Bool(value) => Self::Bool(value),
            Unexpected::Unsigned(number) => Self::Unsigned(number),
            Unexpected::Signed(number) => Self::Signed(number),
            Unexpected::Float(number) => Self::Float(number),
            Unexpected::Str(text) if text.len() <= LONGEST_TEXT => Self::Text(text.to_owned()),
            Unexpected::Seq => Self::List,
            Unexpected::Map => Self::Object,
            _ => Self::None,
        }
    }
}

impl Clue {
    fn fits(&self, node: &Node<'_>) -> bool {
        match (self, node) {
            (Self::Null, Node::Null)
            | (Self::List, Node::List(_))
            | (Self::Object, Node::Object(_)) => true,
            (Self::Bool(value), Node::Bool(other)) => value == other,
            (Self::Unsigned(number), Node::Unsigned(other)) => number == other,
            (Self::Signed(number), Node::Signed(other)) => number == other,
            (Self::Float(number), Node::Float(other)) => number == other,
            (Self::Text(text), Node::Text(other)) => text == other,
            _ => false,
        }
    }
}

/// Writes down that a value within the node is not what was expected.
pub(crate) fn wrong(run: &Run, node: &Node<'_>, place: &Place<'_>, clue: &Clue, expected: &str) {
    let mut search = Search::new(run, |part: &Node<'_>| clue.fits(part));
    if let Clue::Text(text) = clue {
        // A key may be meant as well, and a key has no place of its own.
        search.not_beside = Some(text);
    }
    match search.only_one_in(node) {
        Some(way) => go(node, place, &way, &|part, place| {
            run.record(finding(expected, part), part, place);
        }),
        None => run.record(Finding::value_error(None), node, place),
    }
}

/// Writes down that an object within the node, and not the node itself, lacks a member.
pub(crate) fn missing(run: &Run, node: &Node<'_>, place: &Place<'_>, field: &str) {
    let search = Search::new(run, |part: &Node<'_>| {
        part.is_object() && part.address() != node.address() && !part.has(field)
    });
    match search.only_one_in(node) {
        Some(way) => go(node, place, &way, &|part, place| {
            let member = place.member(field, usize::MAX);
            run.record_member(Finding::missing(), part, field, None, &member);
        }),
        None => run.record(Finding::value_error(None), node, place),
    }
}

/// A search for the one part of a node that is meant.
struct Search<'r, F> {
    run: &'r Run,
    is_meant: F,
    not_beside: Option<&'r str>,
    way: Vec<usize>,
    found: Option<Vec<usize>>,
    is_in_doubt: bool,
}

impl<'r, F: Fn(&Node<'_>) -> bool> Search<'r, F> {
    fn new(run: &'r Run, is_meant: F) -> Self {
        let way = Vec::new();
        Self { run, is_meant, not_beside: None, way, found: None, is_in_doubt: false }
    }

    fn only_one_in(mut self, node: &Node<'_>) -> Option<Vec<usize>> {
        self.search(node);
        self.found.filter(|_| !self.is_in_doubt)
    }

    fn search(&mut self, node: &Node<'_>) {
        self.is_in_doubt |= !self.run.spend();
        if (self.is_meant)(node) {
            self.is_in_doubt |= self.found.is_some();
            self.found = Some(self.way.clone());
        }
        match node {
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.step(index, item);
                }
            }
            Node::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    self.is_in_doubt |= self.not_beside == Some(key);
                    self.step(index, value);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, index: usize, part: &Node<'_>) {
        if self.is_in_doubt {
            return;
        }
        self.way.push(index);
        self.search(part);
        self.way.pop();
    }
}

/// Goes this way into the node, and there does as it is told.
fn go(node: &Node<'_>, place: &Place<'_>, way: &[usize], arrive: &dyn Fn(&Node<'_>, &Place<'_>)) {
    let Some((&index, way)) = way.split_first() else { return arrive(node, place) };
    match node {
        Node::List(items) => {
            if let Some(item) = items.get(index) {
                go(item, &place.item(index), way, arrive);
            }
        }
        Node::Object(members) => {
            if let Some((key, value)) = members.get(index) {
                go(value, &place.member(key, index), way, arrive);
            }
        }
        _ => arrive(node, place),
    }
}

/// What is wrong with a node that is not what was expected, in the words of serde's own types.
fn finding(expected: &str, node: &Node<'_>) -> Finding {
    if let Some(bounds) = bounds(expected.strip_prefix("a nonzero ").unwrap_or(expected)) {
        let halt = Halt::Value(Clue::None, expected.to_owned());
        return match node {
            Node::Unsigned(_) | Node::Signed(_) | Node::Float(_) => {
                match number::integer(halt, node, bounds) {
                    Halt::Found(finding) => *finding,
                    _ => Finding::int_type(),
                }
            }
            _ => number::not_integer(node),
        };
    }
    let is_like = |beginnings: &[&str]| beginnings.iter().any(|begin| expected.starts_with(begin));
    match expected {
        "f32" | "f64" => number::not_float(node),
        "a boolean" => number::not_bool(node),
        "a string" => Finding::string_type(),
        "a sequence" => Finding::list_type(),
        "a map" => Finding::dict_type(),
        "unit" => Finding::none_required(),
        _ if is_like(&["struct ", "internally tagged ", "adjacently tagged "]) => {
            Finding::model_attributes_type()
        }
        _ if is_like(&["tuple ", "a tuple "]) => Finding::tuple_type(),
        _ => Finding::value_error(None),
    }
}

fn bounds(name: &str) -> Option<Bounds> {
    macro_rules! bounds {
        ($($type:ident)*) => {
            match name {
                $(stringify!($type) => Some(Bounds::of($type::MIN as i128, $type::MAX as u128)),)*
                _ => None,
            }
        };
    }
    bounds!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize)
}
