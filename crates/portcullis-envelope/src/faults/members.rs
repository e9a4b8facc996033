use std::borrow::Cow;

use serde_core::de::{Deserialize, DeserializeSeed, MapAccess};

use super::{
    Blank, Finding, Halt, Node, Place, Run, WordReader, look, look_once, look_or_make_up,
    run::{Fate, Spelling},
    stand_in,
};

/// The members of an object, in the order in which the type declares them; those that it does not
/// declare follow as they came.
pub(crate) struct Members<'de, 'r> {
    run: &'r Run,
    object: &'de Node<'de>,
    place: &'r Place<'r>,
    order: std::vec::IntoIter<Member<'de>>,
    /// The member whose key was read last.
    current: Option<Member<'de>>,
    /// Whether every member was looked at before: then lists and objects need no other look.
    is_second_look: bool,
}

struct Member<'de> {
    rank: usize,
    /// As the type knows it.
    key: &'de str,
    /// As the caller wrote it, and what came. `None` for one that is made up.
    came: Option<(&'de str, &'de Node<'de>)>,
}

impl<'de, 'r> Members<'de, 'r> {
    pub(crate) fn new(run: &'r Run, object: &'de Node<'de>, place: &'r Place<'r>) -> Self {
        let order = Vec::new().into_iter();
        Self { run, object, place, order, current: None, is_second_look: false }
    }

    /// For a struct: declared members in their order, then the others as they came.
    pub(crate) fn declared_as(self, fields: &'static [&'static str]) -> Self {
        let spelling = self.run.spelling();
        let mut order = Vec::with_capacity(self.len());
        for (at, (key, value)) in self.entries().iter().enumerate() {
            let declared = fields.iter().position(|field| spelling.matches(field, key));
            let member = match declared {
                Some(rank) => Member { rank, key: fields[rank], came: Some((&**key, value)) },
                // A request has headers that no handler asks for.
                None if spelling == Spelling::Header => continue,
                None => Member { rank: fields.len() + at, key, came: Some((&**key, value)) },
            };
            order.push(member);
        }
        order.sort_by_key(|member| member.rank);
        order.dedup_by(|later, earlier| {
            let is_twice = later.rank == earlier.rank;
            if is_twice {
                self.is_named_twice(later);
            }
            is_twice
        });
        self.with_fates(order, |key| {
            fields.iter().position(|field| *field == key).unwrap_or(usize::MAX)
        })
    }

    /// For a map, for a struct with a flattened part, for who takes it as it is.
    pub(crate) fn in_their_order(self) -> Self {
        let mut order = self.as_they_came();
        let mut by_key: Vec<usize> = (0..order.len()).collect();
        by_key.sort_by(|a, b| order[*a].key.cmp(order[*b].key));
        let mut is_twice = vec![false; order.len()];
        for pair in by_key.windows(2) {
            if order[pair[0]].key == order[pair[1]].key {
                self.is_named_twice(&order[pair[1]]);
                is_twice[pair[1]] = true;
            }
        }
        let mut places = is_twice.iter();
        order.retain(|_| places.next() != Some(&true));
        self.with_fates(order, |_| usize::MAX)
    }

    fn with_fates(mut self, mut order: Vec<Member<'de>>, rank: impl Fn(&str) -> usize) -> Self {
        for (key, fate) in self.run.fates(self.object) {
            match fate {
                Fate::LeaveOut => order.retain(|member| member.key != key),
                Fate::MakeUp(key) => {
                    self.is_second_look = true;
                    let rank = rank(key);
                    let at = order.partition_point(|member| member.rank <= rank);
                    order.insert(at, Member { rank, key, came: None });
                }
            }
            self.run.has_made_up();
        }
        self.order = order.into_iter();
        self
    }

    /// Whether the type has taken every member.
    pub(crate) fn is_read(&self) -> bool {
        self.order.len() == 0 && self.current.is_none()
    }

    fn as_they_came(&self) -> Vec<Member<'de>> {
        let members = self.entries().iter().enumerate();
        members
            .map(|(rank, (key, value))| Member { rank, key, came: Some((&**key, value)) })
            .collect()
    }

    fn is_named_twice(&self, member: &Member<'de>) {
        let Some((name, value)) = member.came else { return };
        self.run.refuse();
        let place = self.place.member(name, member.rank);
        self.run.record_member(Finding::duplicate(), self.object, name, Some(value), &place);
    }

    fn entries(&self) -> &'de [(Cow<'de, str>, Node<'de>)] {
        match self.object {
            Node::Object(members) | Node::Params(members) => members,
            _ => &[],
        }
    }

    fn len(&self) -> usize {
        self.entries().len()
    }

    /// Notes why a key could not be read.
    fn note_key(&self, halt: Halt, member: &Member<'de>) {
        let Some((name, value)) = member.came else { return };
        let place = self.place.member(name, member.rank);
        match halt {
            Halt::Recorded => {}
            Halt::Unknown(_) => {
                let finding = Finding::extra_forbidden();
                self.run.record_member(finding, self.object, name, Some(value), &place);
            }
            halt => {
                let finding = match halt {
                    Halt::Found(finding) => *finding,
                    Halt::Variant(names) => Finding::one_of(names),
                    _ => Finding::value_error(None),
                };
                self.run.record_member(finding, self.object, name, None, &place.key());
            }
        }
    }
}

impl Spelling {
    fn matches(self, field: &str, key: &str) -> bool {
        match self {
            Self::Exact => field == key,
            Self::Header => {
                let spelled = field.bytes().map(|byte| if byte == b'_' { b'-' } else { byte });
                field.len() == key.len()
                    && spelled.zip(key.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b))
            }
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Halt;

    fn next_key<K: Deserialize<'de>>(&mut self) -> Result<Option<K>, Halt> {
        while let Some(member) = self.order.next() {
            match K::deserialize(WordReader::new(member.key)) {
                Ok(key) => {
                    self.current = Some(member);
                    return Ok(Some(key));
                }
                Err(halt) => self.note_key(halt, &member),
            }
            if self.run.is_over() {
                return Err(Halt::Recorded);
            }
        }
        Ok(None)
    }

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Halt> {
        let Some(member) = self.order.next() else { return Ok(None) };
        match seed.deserialize(WordReader::new(member.key)) {
            Ok(key) => {
                self.current = Some(member);
                Ok(Some(key))
            }
            Err(halt) => {
                self.note_key(halt, &member);
                Err(Halt::Recorded)
            }
        }
    }

    fn next_value<V: Deserialize<'de>>(&mut self) -> Result<V, Halt> {
        let Some(member) = self.current.take() else { return Err(Halt::Recorded) };
        let value = match member.came {
            Some((name, value)) => {
                let is_known = self.is_second_look && value.has_parts();
                if is_known && let Ok(value) = stand_in(self.run) {
                    return Ok(value);
                }
                let place = self.place.member(name, member.rank);
                look_or_make_up(self.run, value, &place)
            }
            None => stand_in(self.run),
        };
        if value.is_err() {
            self.run.decide(self.object, member.key, Fate::LeaveOut);
        }
        value
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        let Some(member) = self.current.take() else { return Err(Halt::Recorded) };
        let Some((name, value)) = member.came else {
            return seed.deserialize(Blank).map_err(|_| {
                self.run.decide(self.object, member.key, Fate::LeaveOut);
                Halt::Recorded
            });
        };
        let place = self.place.member(name, member.rank);
        look_once(seed, self.run, value, &place)
    }

    fn next_entry<K, V>(&mut self) -> Result<Option<(K, V)>, Halt>
    where
        K: Deserialize<'de>,
        V: Deserialize<'de>,
    {
        while let Some(member) = self.order.next() {
            let key = K::deserialize(WordReader::new(member.key));
            let key = key.map_err(|halt| self.note_key(halt, &member));
            let Some((name, value)) = member.came else { continue };
            // A wrong key's value is looked at as well.
            let value = look(self.run, value, &self.place.member(name, member.rank));
            match (key, value) {
                (Ok(key), Ok(value)) => return Ok(Some((key, value))),
                _ if self.run.is_over() => return Err(Halt::Recorded),
                // A map does without it; the faults are in the book.
                _ => self.run.has_made_up(),
            }
        }
        Ok(None)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.order.len())
    }
}
