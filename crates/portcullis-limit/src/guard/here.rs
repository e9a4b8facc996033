use std::{iter, time::Duration};

use http::request::Parts;
use portcullis_core::{Admission, Verdict, stack::Moment};

use super::{Shared, charges::Charged, kept::Kept, outer::Outer};
use crate::{Decision, KeyHasher, Memory, Policy, Standing, memory::Full, observe};

impl Shared {
    /// The one policy of a limit that counts in this process, whose requests all count alike, and
    /// that has no settings: what most limits are.
    #[inline]
    pub(super) fn alone(&self) -> Option<(&Policy, &Memory)> {
        match (&*self.policies, &self.store) {
            ([policy], Kept::Here(memory)) if self.is_plain => Some((policy, memory)),
            _ => None,
        }
    }

    /// Whether it has nothing that [`alone`](Self::alone) leaves out.
    pub(super) fn is_plain(&self) -> bool {
        self.policies.iter().all(Policy::counts_alike) && self.settings.are_plain()
    }

    /// Decides by that policy, without a list of anything.
    #[inline]
    pub(super) fn check_here(
        &self,
        policy: &Policy,
        memory: &Memory,
        head: &Parts,
        moment: &mut Moment,
    ) -> Verdict {
        let mut key = KeyHasher::default();
        if let Err(no_key) = policy.key().hash(head, &mut key) {
            return self.without_key(no_key);
        }
        if !policy.is_prompt() {
            moment.pass();
        }
        match memory.charge_one(policy, key.bytes(), moment) {
            Ok(standing) if !standing.is_refusing() && standing.remaining > 0 => {
                observe::admitted_by(policy, 1, standing.remaining);
                let allowance = self.allowance(policy.quota(), standing);
                Verdict::from(Admission::new().with_allowance(allowance))
            }
            Ok(standing) if standing.is_refusing() && self.settings.refusal.is_none() => {
                self.refuse_here(policy, &standing, head)
            }
            outcome => self.conclude_here(policy, outcome, head),
        }
    }

    /// What is rarer: a refusal.
    #[cold]
    fn refuse_here(&self, policy: &Policy, standing: &Standing, head: &Parts) -> Verdict {
        observe::refused_by(policy, 1, standing);
        let wait = Duration::from_nanos(Outer::of(head).or(standing.wait()));
        Verdict::from(self.too_many(policy.quota(), *standing, wait))
    }

    /// What is rarer still: what is admitted for the last time, or refused in words of the user's.
    #[cold]
    fn conclude_here(
        &self,
        policy: &Policy,
        outcome: Result<Standing, Full>,
        head: &Parts,
    ) -> Verdict {
        let charged = Charged { policy: 0, quota: *policy.quota(), cost: 1, partition: None };
        let decision = match outcome {
            Ok(standing) => Decision::of(standing.into()),
            Err(full) => Decision::from(full),
        };
        Verdict::from(self.conclude(iter::once(&charged), Ok(decision), || Outer::of(head)))
    }
}
