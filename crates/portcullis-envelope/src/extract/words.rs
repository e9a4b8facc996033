use std::{borrow::Cow, collections::HashMap};

use crate::faults::Node;

/// Each name with its value, as a list of pairs.
pub(super) fn pairs<'a>(pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Node<'a> {
    let pairs = pairs.map(|(name, value)| Node::List([Node::Text(name), word(value)].into()));
    Node::List(pairs.collect())
}

/// What goes by each name, where a name may come several times. `None` is a value that is no text.
pub(super) fn object<'a>(
    pairs: impl Iterator<Item = (Cow<'a, str>, Option<Cow<'a, str>>)>,
) -> Node<'a> {
    let mut members: Vec<(Cow<'a, str>, Vec<Node<'a>>)> = Vec::new();
    let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
    for (name, value) in pairs {
        let value = value.map_or(Node::Opaque, word);
        match places.get(&name) {
            Some(place) => members[*place].1.push(value),
            None => {
                places.insert(name.clone(), members.len());
                members.push((name, vec![value]));
            }
        }
    }
    Node::Object(
        members.into_iter().map(|(name, words)| (name, Node::Words(words.into()))).collect(),
    )
}

fn word<'a>(text: Cow<'a, str>) -> Node<'a> {
    Node::Word(text.into())
}
