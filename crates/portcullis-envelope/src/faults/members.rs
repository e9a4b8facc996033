use std::marker::PhantomData;

use serde_core::de::{Deserialize, DeserializeSeed, MapAccess};

use super::{
    Blank, Finding, Halt, Node, Place, Run, look, look_once, look_or_make_up,
    roll::{Entries, Line, Roll, Whose},
    source::{self, MemberName, Variant},
    stand_in,
    straight::Fields,
};

/// One look at an object's members.
pub(crate) struct Members<'de, 'r> {
    pub(super) run: &'r Run,
    pub(super) object: &'de Node<'de>,
    pub(super) place: &'r Place<'r>,
    /// What a struct declares, if one asks.
    pub(super) fields: Option<Fields>,
    pub(super) roll: Roll,
    /// Whether the object was looked at before.
    pub(super) is_again: bool,
    /// Whether this look found out something that the next one needs.
    pub(super) has_decided: bool,
    /// Which of the roll's others came first when the look began.
    first: usize,
    step: usize,
    /// The line whose key was read last.
    pub(super) current: Option<usize>,
    /// Tells the type's own names apart, once it has asked for one.
    pub(super) variant: Option<Variant<'de>>,
}

impl<'de, 'r> Members<'de, 'r> {
    /// For a struct: declared members in their order, then the others as they came.
    pub(crate) fn declared_as(
        fields: &'static [&'static str],
        run: &'r Run,
        object: &'de Node<'de>,
        place: &'r Place<'r>,
    ) -> Self {
        let fields = Fields::new(fields);
        Self::new(run, object, place, Some(fields), |entries, twice| {
            Roll::declared(entries, &fields, run.source(), twice)
        })
    }

    /// For a map, for a struct with a flattened part, for who takes it as it is.
    pub(crate) fn in_their_order(
        run: &'r Run,
        object: &'de Node<'de>,
        place: &'r Place<'r>,
    ) -> Self {
        Self::new(run, object, place, None, |entries, twice| Roll::as_it_came(entries, twice))
    }

    fn new(
        run: &'r Run,
        object: &'de Node<'de>,
        place: &'r Place<'r>,
        fields: Option<Fields>,
        call: impl FnOnce(&'de Entries<'de>, &dyn Fn(&Line)) -> Roll,
    ) -> Self {
        let entries = entries(object);
        let known = run.take_roll(object);
        let is_again = known.is_some();
        let roll = known.unwrap_or_else(|| {
            run.spend_on(entries.len());
            call(entries, &|line| {
                let Whose::Entry(at) = line.whose else { return };
                let (name, value) = &entries[at];
                run.refuse();
                let place = place.member(name, line.rank);
                run.record_member(Finding::duplicate(), object, name, Some(value), &place);
            })
        });
        if is_again {
            run.has_made_up();
        }
        let first = roll.first();
        Self {
            run,
            object,
            place,
            fields,
            roll,
            is_again,
            has_decided: false,
            first,
            step: 0,
            current: None,
            variant: None,
        }
    }

    /// Whether the type has taken every member.
    pub(super) fn is_read(&self) -> bool {
        let left = (self.step..).map_while(|step| self.roll.at(step, self.first));
        let mut left = left.filter_map(|at| self.roll.line(at));
        self.current.is_none() && left.all(|line| line.is_out)
    }

    fn next_line(&mut self) -> Option<usize> {
        loop {
            let at = self.roll.at(self.step, self.first)?;
            self.step += 1;
            if self.roll.line(at).is_some_and(|line| !line.is_out) {
                return Some(at);
            }
        }
    }

    /// As the caller wrote it, and what came; `None` for one that is made up.
    fn came(&self, at: usize) -> Option<(&'de str, &'de Node<'de>, usize)> {
        let line = self.roll.line(at)?;
        let Whose::Entry(entry) = line.whose else { return None };
        let (name, value) = entries(self.object).get(entry)?;
        Some((name, value, line.rank))
    }

    /// Its name, as the type knows it.
    fn name(&self, at: usize) -> MemberName<'de> {
        let source = self.run.source();
        let Some(line) = self.roll.line(at) else { return MemberName::declared(source, "") };
        let declared = self.fields.and_then(|fields| fields.names().get(line.rank));
        match (line.whose, declared) {
            (Whose::MadeUp(name), _) => MemberName::declared(source, name),
            (Whose::Entry(_), Some(name)) => MemberName::declared(source, name),
            (Whose::Entry(entry), None) => match entries(self.object).get(entry) {
                Some((name, _)) => MemberName::came(source, name),
                None => MemberName::declared(source, ""),
            },
        }
    }

    /// Leaves a member out: it is wrong, and none can be made up.
    pub(super) fn leave_out(&mut self, at: usize) {
        if !self.run.is_strict() {
            self.roll.leave_out(at);
            self.decide();
        }
    }

    pub(super) fn decide(&mut self) {
        self.has_decided = true;
        self.run.has_learned();
    }

    /// Notes why a key could not be read.
    fn note_key(&self, halt: Halt, at: usize) {
        let Some((name, value, rank)) = self.came(at) else { return };
        let place = self.place.member(name, rank);
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

/// The members that came, if it is an object.
pub(super) fn entries<'de>(object: &'de Node<'de>) -> &'de Entries<'de> {
    match object {
        Node::Object(members) | Node::Params(members) => members,
        _ => &[],
    }
}

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Halt;

    fn next_key<K: Deserialize<'de>>(&mut self) -> Result<Option<K>, Halt> {
        self.variant = Some(source::variant::<K>);
        while let Some(at) = self.next_line() {
            match self.name(at).read(PhantomData) {
                Ok(key) => {
                    self.current = Some(at);
                    return Ok(Some(key));
                }
                Err(halt) => self.note_key(halt, at),
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
        let Some(at) = self.next_line() else { return Ok(None) };
        match self.name(at).read(seed) {
            Ok(key) => {
                self.current = Some(at);
                Ok(Some(key))
            }
            Err(halt) => {
                self.note_key(halt, at);
                Err(Halt::Recorded)
            }
        }
    }

    fn next_value<V: Deserialize<'de>>(&mut self) -> Result<V, Halt> {
        let Some(at) = self.current.take() else { return Err(Halt::Recorded) };
        let value = match self.came(at) {
            Some((name, value, rank)) => {
                if let Some(line) = self.roll.line_mut(at) {
                    // Lists and objects need no other look.
                    if line.was_seen && value.has_parts() && !line.is_particular {
                        if let Ok(known) = stand_in(self.run) {
                            return Ok(known);
                        }
                        line.is_particular = true;
                    }
                    line.was_seen = true;
                }
                look_or_make_up(self.run, value, &self.place.member(name, rank))
            }
            None => stand_in(self.run),
        };
        value.inspect_err(|_| self.leave_out(at))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Halt> {
        let Some(at) = self.current.take() else { return Err(Halt::Recorded) };
        match self.came(at) {
            Some((name, value, rank)) => {
                look_once(seed, self.run, value, &self.place.member(name, rank))
            }
            None => seed.deserialize(Blank).map_err(|_| {
                self.leave_out(at);
                Halt::Recorded
            }),
        }
    }

    fn next_entry<K, V>(&mut self) -> Result<Option<(K, V)>, Halt>
    where
        K: Deserialize<'de>,
        V: Deserialize<'de>,
    {
        while let Some(at) = self.next_line() {
            let Some((name, value, rank)) = self.came(at) else { continue };
            let key = self.name(at).read(PhantomData::<K>);
            let key = key.map_err(|halt| self.note_key(halt, at));
            // A wrong key's value is looked at as well.
            let value = look(self.run, value, &self.place.member(name, rank));
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
        Some(self.roll.len().saturating_sub(self.step))
    }
}
