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
    loop {
        if !run.spend() || run.is_over() {
            return Err(Halt::Recorded);
        }
        let (learned, made_up) = (run.learned(), run.made_up());
        let asked = Cell::new(Asked::Plainly);
        let halt = match T::deserialize(Reader::new(run, node, place, &asked)) {
            Ok(value) => return Ok(value),
            Err(halt) => halt,
        };
        run.note(halt, node, place, asked.get(), made_up);
        if run.learned() == learned {
            return Err(Halt::Recorded);
        }
    }
}

/// Reads the value, or makes one up, so that whoever asked goes on to the next.
pub(crate) fn look_or_make_up<'de, T: Deserialize<'de>>(
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<T, Halt> {
    look(run, node, place).or_else(|halt| if run.is_over() { Err(halt) } else { stand_in(run) })
}

/// Reads the value through a seed, which allows one look only.
pub(crate) fn look_once<'de, S: DeserializeSeed<'de>>(
    seed: S,
    run: &Run,
    node: &'de Node<'de>,
    place: &Place<'_>,
) -> Result<S::Value, Halt> {
    if !run.spend() || run.is_over() {
        return Err(Halt::Recorded);
    }
    let made_up = run.made_up();
    let asked = Cell::new(Asked::Plainly);
    seed.deserialize(Reader::new(run, node, place, &asked)).map_err(|halt| {
        run.note(halt, node, place, asked.get(), made_up);
        Halt::Recorded
    })
}
