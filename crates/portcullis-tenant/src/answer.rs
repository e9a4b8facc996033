#[cfg(feature = "axum")]
mod made;

use std::marker::PhantomData;

use portcullis_core::{ApiError, CatalogueEntry, ErrorStatus};

#[cfg(feature = "axum")]
pub(crate) use self::made::made;
use crate::Resource;

/// What a client reads of a hidden resource: made of the kind of resource, and never of an id.
pub(crate) enum Answer {
    Message(&'static str),
    Entry(CatalogueEntry),
}

impl Answer {
    /// What is said of a hidden resource of this kind. It is put together by the compiler.
    pub(crate) const fn of<R: Resource>() -> &'static Self {
        Of::<R>::ANSWER
    }

    /// The refusal that says it.
    pub(crate) fn error(&self) -> ApiError {
        match self {
            Self::Message(message) => ApiError::not_found().with_message(*message),
            Self::Entry(entry) => ApiError::from(*entry),
        }
    }
}

/// The entry, if it is one of a 404.
///
/// # Panics
///
/// When it is not: the answer would tell what is hidden.
#[track_caller]
pub(crate) const fn not_found(entry: CatalogueEntry) -> CatalogueEntry {
    assert!(
        entry.status().as_u16() == ErrorStatus::NOT_FOUND.as_u16(),
        "a hidden resource is a 404: name a catalogue entry whose status is 404"
    );
    entry
}

struct Of<R>(PhantomData<R>);

impl<R: Resource> Of<R> {
    const ANSWER: &'static Answer = &match R::NOT_FOUND {
        Some(entry) => Answer::Entry(not_found(entry)),
        None => Answer::Message(Self::MESSAGE),
    };

    /// `Ticket not found`.
    const MESSAGE: &'static str = {
        let (words, _) = Self::WORDS.split_at(R::NOUN.len() + NOT_FOUND.len());
        match str::from_utf8(words) {
            Ok(words) => words,
            Err(_) => panic!("two texts are a text"),
        }
    };

    const WORDS: &'static [u8; LONGEST] = &words(R::NOUN);
}

const NOT_FOUND: &str = " not found";

const LONGEST: usize = 128;

const fn words(noun: &str) -> [u8; LONGEST] {
    assert!(!noun.is_empty(), "a resource needs a noun, such as \"Ticket\"");
    assert!(noun.len() + NOT_FOUND.len() <= LONGEST, "a resource's noun has at most 118 bytes");
    let mut words = [0; LONGEST];
    let mut at = 0;
    while at < noun.len() {
        words[at] = noun.as_bytes()[at];
        at += 1;
    }
    let mut rest = 0;
    while rest < NOT_FOUND.len() {
        words[at + rest] = NOT_FOUND.as_bytes()[rest];
        rest += 1;
    }
    words
}
