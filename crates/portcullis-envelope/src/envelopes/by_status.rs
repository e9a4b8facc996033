use std::{borrow::Cow, collections::BTreeMap};

use portcullis_core::{ApiError, CatalogueEntry, ErrorStatus};

use super::Phrases;

/// The code and message of an error that has none of its own, by its status.
#[derive(Clone, Debug)]
pub(super) struct ByStatus {
    entries: BTreeMap<u16, CatalogueEntry>,
    phrases: Phrases,
    case: Case,
}

/// How a code is made from a phrase where no entry says another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Case {
    /// `NOT_FOUND`
    Upper,
    /// `not_found`
    Lower,
}

impl ByStatus {
    pub(super) const fn new(case: Case) -> Self {
        Self { entries: BTreeMap::new(), phrases: Phrases::rfc9110(), case }
    }

    pub(super) fn insert(&mut self, status: ErrorStatus, entry: CatalogueEntry) {
        self.entries.insert(status.as_u16(), entry);
    }

    /// Each entry for its own status.
    #[track_caller]
    pub(super) fn insert_all<'a>(&mut self, entries: impl IntoIterator<Item = &'a CatalogueEntry>) {
        let mut given = BTreeMap::new();
        for entry in entries {
            let status = entry.status().as_u16();
            if let Some(other) = given.insert(status, *entry) {
                let [one, other] = [other.code().as_str(), entry.code().as_str()];
                panic!(
                    "{one} and {other} are both for errors of status {status} that have no code: \
                     name one of them"
                );
            }
        }
        self.entries.append(&mut given);
    }

    pub(super) fn set_phrases(&mut self, phrases: Phrases) {
        self.phrases = phrases;
    }

    pub(super) fn code(&self, error: &ApiError) -> Cow<'static, str> {
        if let Some(code) = error.code() {
            return Cow::Borrowed(code.as_str());
        }
        if let Some(entry) = self.entries.get(&error.status().as_u16()) {
            return Cow::Borrowed(entry.code().as_str());
        }
        let phrase = error.status().phrase().replace('\'', "");
        let words = phrase.split(|letter: char| !letter.is_ascii_alphanumeric());
        let code = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        Cow::Owned(match self.case {
            Case::Upper => code.to_ascii_uppercase(),
            Case::Lower => code.to_ascii_lowercase(),
        })
    }

    pub(super) fn message<'a>(&'a self, error: &'a ApiError) -> &'a str {
        let status = error.status();
        match (error.own_message(), self.entries.get(&status.as_u16())) {
            (Some(own), _) => own,
            (None, Some(entry)) => entry.message(),
            (None, None) => self.phrases.of(status),
        }
    }
}
