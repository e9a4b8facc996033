//! Looking at one value: once where it is valid, again as long as that shows more.

use std::cell::Cell;

use serde_core::de::{Deserialize, DeserializeSeed};

use super::{Halt, Node, Place, Reader, Run, run::Asked, stand_in};

/// Reads the value. Its faults are in the book when it fails.
pub(crate) fn look<'de, T: Deserialize<'de>>(
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<T, Halt> {
    look_again(run, node, place).map_err(|_| Halt::Recorded)
}

/// Looks as long as that shows more, and says how the type asked for what it did not get.
fn look_again<'de, T: Deserialize<'de>>(
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<T, Asked> {
    loop {
        let asked = Cell::new(Asked::Plainly);
        if !run.goes_on() {
            return Err(asked.get());
        }
        let (learned, made_up) = (run.learned(), run.made_up());
        let halt = match T::deserialize(Reader::new(run, node, place, &asked)) {
            Ok(value) => return Ok(value),
            Err(halt) => halt,
        };
        run.note(halt, node, place, made_up);
        if run.learned() == learned {
            return Err(asked.get());
        }
    }
}

/// Reads the value, or makes one up, so that whoever asked goes on to the next.
pub(crate) fn look_or_make_up<'de, T: Deserialize<'de>>(
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<T, Halt> {
    match look_again(run, node, place) {
        Ok(value) => Ok(value),
        // What follows a tag is read by it: made up, it would find faults that are none.
        Err(Asked::Tag) => Err(Halt::Recorded),
        Err(Asked::Plainly) => stand_in(run),
    }
}

/// Reads the value through a seed, which allows one look only.
pub(crate) fn look_once<'de, S: DeserializeSeed<'de>>(
    seed: S,
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<S::Value, Halt> {
    if !run.goes_on() {
        return Err(Halt::Recorded);
    }
    let made_up = run.made_up();
    let asked = Cell::new(Asked::Plainly);
    seed.deserialize(Reader::new(run, node, place, &asked)).map_err(|halt| {
        run.note(halt, node, place, made_up);
        Halt::Recorded
    })
}
