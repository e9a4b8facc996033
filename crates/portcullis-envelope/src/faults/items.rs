use serde_core::de::{Deserialize, DeserializeSeed, SeqAccess};

use super::{Finding, Halt, Node, Place, Run, look, look_once, look_or_make_up, stand_in};

/// The items of a list, or the places of a tuple.
pub(crate) struct Items<'de, 'r> {
    run: &'r Run,
    list: &'de Node<'de>,
    place: &'r Place<'r>,
    /// How many items the type asks for, where it says so.
    places: Option<usize>,
    next: usize,
    /// How many places are made up after the last item.
    made_up: usize,
}

impl<'de: 'r, 'r> Items<'de, 'r> {
    pub(crate) fn new(
        run: &'r Run,
        list: &'de Node<'de>,
        place: &'r Place<'r>,
        places: Option<usize>,
    ) -> Self {
        let made_up = run.made_up_places(list);
        if made_up > 0 {
            run.has_made_up();
        }
        Self { run, list, place, places, next: 0, made_up }
    }

    fn len(&self) -> usize {
        match self.list {
            Node::List(items) | Node::Words(items) => items.len(),
            Node::Params(params) => params.len(),
            _ => 0,
        }
    }

    /// Whether the type has taken every item.
    pub(crate) fn is_read(&self) -> bool {
        self.next >= self.len()
    }

    fn advance(&mut self) -> Option<(&'de Node<'de>, Place<'r>)> {
        let index = self.next;
        let item = match self.list {
            Node::List(items) | Node::Words(items) => (items.get(index)?, self.place.item(index)),
            Node::Params(params) => {
                let (name, value) = params.get(index)?;
                (value, self.place.member(name, index))
            }
            _ => return None,
        };
        self.next += 1;
        Some(item)
    }

    /// Whether the next place is one that is made up.
    fn is_made_up(&mut self) -> bool {
        let is_made_up = (self.len()..self.len() + self.made_up).contains(&self.next);
        self.next += usize::from(is_made_up);
        is_made_up
    }

    /// Notes that the tuple has a place for which nothing came, so that the next look gets one that
    /// is made up. Of the last places the type alone knows which may be absent.
    pub(crate) fn lacks_one(&self) {
        let place = self.place.item(self.next);
        let key = self.next.to_string();
        self.run.record_member(Finding::missing(), self.list, &key, None, &place);
        self.run.make_up_place(self.list);
    }

    /// Whether the tuple has a place for which nothing came.
    pub(crate) fn may_lack_one(&self) -> bool {
        !self.run.is_strict()
            && self.is_read()
            && self.places.is_some_and(|places| self.next < places)
    }
}

impl<'de: 'r, 'r> SeqAccess<'de> for Items<'de, 'r> {
    type Error = Halt;

    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Halt> {
        while let Some((item, place)) = self.advance() {
            if self.places.is_some() {
                // It was looked at before.
                if self.made_up > 0
                    && item.has_parts()
                    && let Ok(known) = stand_in(self.run)
                {
                    return Ok(Some(known));
                }
                return look_or_make_up(self.run, item, &place).map(Some);
            }
            match look(self.run, item, &place) {
                Ok(value) => return Ok(Some(value)),
                Err(halt) if self.run.is_over() => return Err(halt),
                // A list does without it; the faults are in the book.
                Err(_) => self.run.has_made_up(),
            }
        }
        if self.is_made_up() { stand_in(self.run).map(Some) } else { Ok(None) }
    }

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Halt> {
        match self.advance() {
            Some((item, place)) => look_once(seed, self.run, item, &place).map(Some),
            None if self.is_made_up() => Err(Halt::Recorded),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len().saturating_sub(self.next))
    }
}
