use http::request::Parts;

use super::{Guards, Moment, Verdict};
use crate::{Admission, ApiError, BoxFuture, Guard, stamps::Stamps};

/// How far a request has come through the guards.
#[derive(Debug, Default)]
pub struct Progress {
    asked: usize,
    moment: Moment,
    /// What those that admitted want on the response.
    pub stamps: Stamps,
}

/// Why a request does not come further.
pub enum Halt {
    /// A guard refuses it.
    Refused(ApiError),
    /// A guard has to wait for something.
    Waiting(BoxFuture<Result<Admission, ApiError>>),
}

impl Progress {
    /// Asks the guard at this place, from 0, unless it was asked before.
    #[inline(always)]
    pub(super) fn ask(
        &mut self,
        place: usize,
        guard: &impl Guard,
        head: &mut Parts,
    ) -> Result<(), Halt> {
        if place < self.asked {
            return Ok(());
        }
        match guard.check_at(head, &mut self.moment) {
            Verdict::Now(decision) => self.admit(decision, head),
            Verdict::Later(decision) => {
                self.asked = place + 1;
                self.moment.pass();
                Err(Halt::Waiting(decision))
            }
        }
    }

    /// Goes on with the guard's decision that was waited for.
    pub(super) fn resume(
        &mut self,
        decision: Result<Admission, ApiError>,
        guards: &impl Guards,
        head: &mut Parts,
    ) -> Result<(), Halt> {
        self.admit(decision, head)?;
        guards.ask(self, head)
    }

    #[inline(always)]
    fn admit(
        &mut self,
        decision: Result<Admission, ApiError>,
        head: &mut Parts,
    ) -> Result<(), Halt> {
        match decision {
            Ok(admission) => {
                admission.apply(&mut head.extensions, &mut self.stamps);
                Ok(())
            }
            Err(refusal) => Err(Halt::Refused(refusal)),
        }
    }
}
