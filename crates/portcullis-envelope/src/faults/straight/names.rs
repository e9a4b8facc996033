use std::hash::{BuildHasher, RandomState};

/// Up to so many names are compared one by one.
const FEW: usize = 16;

/// The names that an object's members have, each as a number that nobody can foresee: eight bytes
/// for a name of any length.
pub(crate) struct Names {
    /// What a struct declares: its other names are nobody's to judge.
    fields: Option<Fields>,
    hasher: RandomState,
    hashes: Vec<u64>,
}

impl Names {
    /// Those of an object whose every member counts, `count` of them as far as that is known.
    pub(crate) fn new(count: usize) -> Self {
        Self { fields: None, hasher: RandomState::new(), hashes: Vec::with_capacity(count) }
    }

    /// Those of an object of which these count.
    pub(crate) fn of_struct(fields: Fields) -> Self {
        Self { fields: Some(fields), ..Self::new(0) }
    }

    pub(crate) fn add(&mut self, name: &str) {
        if self.fields.is_none_or(|fields| fields.position(name).is_some()) {
            self.hashes.push(self.hasher.hash_one(name));
        }
    }

    /// Whether all are different. Where two differ and their numbers do not, it says no.
    pub(crate) fn are_different(mut self) -> bool {
        if self.hashes.len() <= FEW {
            let mut later = self.hashes.as_slice();
            while let Some((first, rest)) = later.split_first() {
                if rest.contains(first) {
                    return false;
                }
                later = rest;
            }
            return true;
        }
        self.hashes.sort_unstable();
        self.hashes.windows(2).all(|pair| pair[0] != pair[1])
    }
}

/// The names that a struct declares, aliases among them.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    names: &'static [&'static str],
    /// A bit for each length of a name: most names that are not declared have another.
    lengths: u64,
}

impl Fields {
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        let lengths = names.iter().fold(0, |lengths, name| lengths | length(name));
        Self { names, lengths }
    }

    pub(crate) fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// Where the name stands among them.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        if self.lengths & length(name) == 0 {
            return None;
        }
        self.names.iter().position(|field| *field == name)
    }
}

fn length(name: &str) -> u64 {
    1 << name.len().min(63)
}
