use std::iter;

use http::request::Parts;
use portcullis_core::{Admission, Verdict};

use super::{Shared, charges::Charged, outer::Outer, refusal::cost_above_quota};
use crate::{Charge, Decision, KeyHasher, Memory, NoKey, Policy, Standing, memory::Full, observe};

impl Shared {
    /// Decides by the one policy of a limit that counts in this process and has no settings: what
    /// most limits are, and so without a list of anything.
    #[inline(always)]
    pub(super) fn check_here(&self, policy: &Policy, memory: &Memory, head: &Parts) -> Verdict {
        let mut key = KeyHasher::default();
        if let Err(no_key) = policy.key().hash(head, &mut key) {
            return self.without_key(no_key);
        }
        let theirs = policy.quota_for(head);
        let quota = theirs.as_ref().unwrap_or(policy.quota());
        let cost = policy.cost_of(head);
        if cost == 0 {
            return self.without_key(NoKey::Uncounted);
        }
        let charge = match Charge::new(policy.name(), key.bytes(), quota, cost) {
            Ok(charge) => charge,
            Err(error) => return self.without_key(NoKey::Refused(cost_above_quota(error))),
        };
        match memory.charge(&charge) {
            Ok(standing) if !standing.is_refusing() && standing.remaining >= cost => {
                observe::admitted_by(policy, cost, standing.remaining);
                let allowance = self.allowance(quota, standing);
                Verdict::from(Admission::new().with_allowance(allowance))
            }
            outcome => self.conclude_here(&charge, outcome, head),
        }
    }

    /// What is rarer: a refusal, or what is admitted for the last time.
    #[cold]
    fn conclude_here(
        &self,
        charge: &Charge<'_>,
        outcome: Result<Standing, Full>,
        head: &Parts,
    ) -> Verdict {
        let (quota, cost) = (*charge.quota(), charge.cost());
        let charged = Charged { policy: 0, quota, cost, partition: None };
        let decision = match outcome {
            Ok(standing) => Decision::of(standing.into()),
            Err(full) => Decision::from(full),
        };
        Verdict::from(self.conclude(iter::once(&charged), Ok(decision), || Outer::of(head)))
    }
}
