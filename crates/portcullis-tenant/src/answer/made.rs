use std::{ptr, sync::OnceLock};

use portcullis_core::ApiError;

use super::Answer;
use crate::Resource;

/// The refusal of one kind of resources, and the next: there are as many as there are kinds.
struct Made {
    answer: &'static Answer,
    error: ApiError,
    next: OnceLock<Box<Self>>,
}

static FIRST: OnceLock<Box<Made>> = OnceLock::new();

/// The refusal that says what is said of a hidden resource of this kind: one for all of them, so that
/// the envelope that shows it first writes its body once.
pub(crate) fn made<R: Resource>() -> ApiError {
    let answer = Answer::of::<R>();
    let make = || {
        let error = answer.error().prepared();
        Box::new(Made { answer, error, next: OnceLock::new() })
    };
    let mut place = &FIRST;
    loop {
        let made = place.get_or_init(make);
        // Two that say the same may be one here, and one may be two.
        if ptr::eq(made.answer, answer) {
            return made.error.clone();
        }
        place = &made.next;
    }
}
