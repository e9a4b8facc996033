use std::sync::Arc;

use super::Visible;
use crate::{
    Forbidden, Resource,
    facts::{Facts, Seen},
    forbidden::Proof,
};

/// What has been proven to be visible to who asked: [`Visible<R>`](Visible), and nothing else.
///
/// Only of such a thing can a [`Forbidden`](crate::Forbidden) be made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not proven visible: a 403 would tell the caller that it exists",
    label = "may be another tenant's",
    note = "take a `Visible<R>` in the handler, or make one with `Visible::to(&caller, row)?`, and \
            refuse with `visible.require(…)?`"
)]
pub trait ProvenVisible: sealed::Proof {}

impl<R: Resource> ProvenVisible for Visible<R> {}

impl<R: Resource> sealed::Proof for Visible<R> {
    fn forbidden(&self) -> Forbidden {
        let owner = self.resource.owner().clone();
        Forbidden {
            only_of_what_is_proven_visible: Proof::new(Facts {
                resource: Some(R::NOUN),
                id: self.asked.clone(),
                witness: Arc::new(Seen { caller: self.caller.clone(), owner }),
            }),
        }
    }
}

mod sealed {
    use crate::Forbidden;

    pub trait Proof {
        fn forbidden(&self) -> Forbidden;
    }
}
