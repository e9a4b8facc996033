//! What is known of a refusal, and never told to the caller.

use std::{fmt::Display, sync::Arc};

use crate::Member;

/// What a refusal carries to the audit sink, past everything that makes a response of it.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) resource: Option<&'static str>,
    pub(crate) id: Option<Arc<str>>,
    pub(crate) witness: Arc<dyn Witness>,
}

/// Who asked, and whose the resource is: put into words when a sink asks for them, and not before.
pub(crate) trait Witness: Send + Sync {
    fn principal(&self) -> Option<String>;
    fn owner(&self) -> Option<String>;
}

/// What a handler says of a row that it has looked up by itself.
pub(crate) struct ByHand<O>(pub(crate) Option<O>);

/// What the resolver knows. A missing and a foreign row are one type here too, so that they cost the
/// same.
pub(crate) struct Resolved<M: Member> {
    pub(crate) caller: M,
    pub(crate) owner: Option<M::Tenant>,
}

impl<O: Display + Send + Sync> Witness for ByHand<O> {
    fn principal(&self) -> Option<String> {
        None
    }

    fn owner(&self) -> Option<String> {
        self.0.as_ref().map(ToString::to_string)
    }
}

impl<M: Member> Witness for Resolved<M> {
    fn principal(&self) -> Option<String> {
        Some(self.caller.name().to_string())
    }

    fn owner(&self) -> Option<String> {
        self.owner.as_ref().map(ToString::to_string)
    }
}
