use std::{any::Any, ops::Deref, sync::Arc};

use crate::{Memory, Store};

/// Where a limit keeps what is spent.
#[derive(Clone)]
pub(super) enum Kept {
    /// In this process: asked without a detour through the store's interface.
    Here(Memory),
    Elsewhere(Arc<dyn Store>),
}

impl Kept {
    pub(super) fn new(store: impl Store) -> Self {
        match (&store as &dyn Any).downcast_ref::<Memory>() {
            Some(memory) => Self::Here(memory.clone()),
            None => Self::Elsewhere(Arc::new(store)),
        }
    }
}

impl Deref for Kept {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Here(memory) => memory,
            Self::Elsewhere(store) => &**store,
        }
    }
}
