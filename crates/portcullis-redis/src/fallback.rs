//! What becomes of requests while the engine is down.

mod spent;

use portcullis_limit::{
    Answer, Charge, Decision, Memory, OnStoreFailure, Quota, Standing, Store, StoreError,
};
use smallvec::SmallVec;

use self::spent::{Amount, Spent};
use crate::{
    due::{Due, Dues},
    failure::Failure,
    observe,
    time::Time,
};

/// Decides without the engine, as each policy says.
#[derive(Debug)]
pub(crate) struct Fallback {
    memory: Memory,
    /// For policies that say nothing.
    otherwise: OnStoreFailure,
    spent: Spent,
    time: Time,
}

impl Fallback {
    pub(crate) fn new(memory: Memory, otherwise: OnStoreFailure, time: Time) -> Self {
        Self { memory, otherwise, spent: Spent::default(), time }
    }

    /// Whether all of them are counted, so that whoever was refused before may be refused still.
    pub(crate) fn is_local(&self, dues: &[Due]) -> bool {
        dues.iter().all(|due| matches!(self.mode(due), OnStoreFailure::Local { .. }))
    }

    fn mode(&self, due: &Due) -> OnStoreFailure {
        due.on_failure.unwrap_or(self.otherwise)
    }

    pub(crate) fn decide(&self, dues: &[Due], failure: Failure) -> Result<Decision, StoreError> {
        let mode = |due: &Due| self.mode(due);
        let mut is_refused = false;
        for due in dues {
            let (name, refuses) = match mode(due) {
                OnStoreFailure::Local { .. } => ("local", false),
                OnStoreFailure::Admit => ("admit", false),
                _ => ("refuse", true),
            };
            observe::without_engine(&due.policy, name);
            is_refused |= refuses;
        }
        if is_refused {
            return Err(StoreError::new(failure));
        }

        let shares: SmallVec<[Option<Quota>; 2]> = dues.iter().map(|due| self.share(due)).collect();
        let charges: Result<SmallVec<[Charge<'_>; 2]>, _> = dues
            .iter()
            .zip(&shares)
            .filter_map(|(due, share)| {
                let share = share.as_ref()?;
                // Who asks for more than a share asks for all of it.
                let cost = due.cost.min(share.limit());
                Some(Charge::new(&due.policy, due.key.bytes(), share, cost))
            })
            .collect();
        let charges = charges.map_err(StoreError::new)?;
        let decision = match charges.is_empty() {
            true => Decision::Admitted([].into_iter().collect()),
            false => match self.memory.check(&charges) {
                Answer::Now(decision) => decision?,
                _ => return Err(StoreError::new(failure)),
            },
        };
        if let Decision::Full { .. } = decision {
            return Ok(decision);
        }
        if decision.is_admitted() {
            self.note(dues, &shares);
        }
        let mut local = decision.standings().iter().copied();
        let uncounted = |due: &Due| {
            Standing::admitting(due.quota.limit() - due.cost, std::time::Duration::ZERO)
        };
        let standings = dues
            .iter()
            .zip(&shares)
            .map(|(due, share)| share.and_then(|_| local.next()).unwrap_or_else(|| uncounted(due)))
            .collect();
        Ok(Decision::of(standings))
    }

    /// Whoever gives it back gives back nothing that the engine was charged.
    fn note(&self, dues: &[Due], shares: &[Option<Quota>]) {
        let now = self.time.now();
        for (due, share) in dues.iter().zip(shares).filter(|(due, _)| due.cost > 0) {
            let here = share.map_or(0, |share| due.cost.min(share.limit()));
            self.spent.add(due, here, share.unwrap_or(due.quota).whole(), now);
        }
    }

    /// Gives back what was spent without the engine, and says what is left to be given back there.
    pub(crate) fn refund(&self, dues: &[Due]) -> Dues {
        let now = self.time.now();
        let left = dues.iter().map(|due| {
            let Amount { cost, here } = self.spent.take(due, now);
            if let Some(share) = self.share(due).filter(|_| here > 0)
                && let Ok(charge) =
                    Charge::new(&due.policy, due.key.bytes(), &share, here.min(share.limit()))
            {
                // Memory answers at once, and never fails.
                let _ = self.memory.refund(&[charge]);
            }
            Due { cost: due.cost - cost, ..due.clone() }
        });
        left.filter(|due| due.cost > 0).collect()
    }

    /// What this process counts by, if the policy says that it does.
    fn share(&self, due: &Due) -> Option<Quota> {
        match self.mode(due) {
            OnStoreFailure::Local { replicas } => Some(share(&due.quota, replicas.get())),
            _ => None,
        }
    }

    /// Forgets what was counted here.
    pub(crate) fn reset(&self, due: &Due) {
        self.spent.forget(due);
        if let Ok(charge) = Charge::new(&due.policy, due.key.bytes(), &due.quota, 0) {
            // Memory answers at once, and never fails.
            let _ = self.memory.reset(&charge);
        }
    }
}

/// A process's share of a quota: so much less at once, and so much more rarely. At least one
/// request, so that a caller is not locked out where there are more replicas than requests.
fn share(quota: &Quota, replicas: u32) -> Quota {
    let burst = (quota.limit() / replicas).max(1);
    let share = match quota.window() {
        Some(window) => {
            Quota::try_per(burst, quota.whole()).and_then(|share| share.try_in_windows(window))
        }
        None => Quota::try_per(1, quota.interval().saturating_mul(replicas))
            .and_then(|share| share.try_burst(burst)),
    };
    // A share that comes back after more than 146 years is the quota of one that does nearly so.
    share.unwrap_or(*quota)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use portcullis_limit::Window;

    use super::*;

    #[test]
    fn the_shares_of_all_replicas_are_no_more_than_the_quota() {
        let hourly = Quota::per_hour(100);
        assert_eq!(share(&hourly, 1), Quota::per(1, Duration::from_secs(36)).burst(100));
        assert_eq!(share(&hourly, 3), Quota::per(1, Duration::from_secs(108)).burst(33));
        let window = hourly.in_windows(Window::Epoch);
        assert_eq!(share(&window, 3), Quota::per_hour(33).in_windows(Window::Epoch));
        assert_eq!(share(&Quota::per_hour(2), 5).limit(), 1);
        let slowest = Quota::per(1, Duration::from_secs(4_000_000_000));
        assert_eq!(share(&slowest, 5), slowest);
    }
}
