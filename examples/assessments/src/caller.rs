//! Who calls: a member of one organisation.

use std::fmt::Display;

use portcullis::{
    Member,
    keys::{ApiKeys, MemoryKeys, StoredKey},
};

#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    pub(crate) organisation: &'static str,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Admin,
    Viewer,
}

/// Verifies the credentials of callers.
pub(crate) type Keys = ApiKeys<MemoryKeys<Caller>>;

impl Caller {
    pub(crate) fn may_write(&self) -> bool {
        self.role == Role::Admin
    }
}

impl Member for Caller {
    type Tenant = &'static str;

    fn belongs_to(&self, organisation: &&'static str) -> bool {
        self.organisation == *organisation
    }

    fn name(&self) -> impl Display {
        self.name
    }
}

/// Keys that everybody knows, where real ones are made by [`ApiKeys::generate`].
pub(crate) fn add_demo(stored: &MemoryKeys<Caller>, keys: &Keys) {
    for (key, organisation, role) in [
        ("as_north_admin", "north", Role::Admin),
        ("as_north_viewer", "north", Role::Viewer),
        ("as_south_admin", "south", Role::Admin),
    ] {
        let caller = Caller { name: key, organisation, role };
        stored.insert(keys.digest(key), StoredKey::new(key, caller));
    }
}
