use std::time::Duration;

use portcullis::limit::{Charge, Decision, PolicyName, Quota, Standing, Store};

/// A store that is asked what it promises, and the hand of the clock that it reads.
pub(crate) trait Subject {
    fn store(&self) -> &dyn Store;

    /// Moves the store's clock forward.
    fn advance(&self, by: Duration);
}

/// One key under one policy.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) policy: PolicyName,
    pub(crate) key: Vec<u8>,
    pub(crate) quota: Quota,
}

impl Account {
    pub(crate) fn new(policy: &'static str, key: &str, quota: Quota) -> Self {
        Self { policy: PolicyName::new(policy), key: key.into(), quota }
    }

    /// The same account under another quota.
    pub(crate) fn with_quota(&self, quota: Quota) -> Self {
        Self { quota, ..self.clone() }
    }

    pub(crate) fn charge(&self, cost: u32) -> Charge<'_> {
        Charge::new(&self.policy, &self.key, &self.quota, cost).expect("at most the burst")
    }
}

/// What the store decides about these charges together.
pub(crate) async fn decide(subject: &impl Subject, charges: &[Charge<'_>]) -> Decision {
    subject.store().check(charges).wait().await.expect("the store answers")
}

/// Whether a request of cost 1 is admitted.
pub(crate) async fn is_admitted(subject: &impl Subject, account: &Account) -> bool {
    decide(subject, &[account.charge(1)]).await.is_admitted()
}

/// How many of this many requests are admitted.
pub(crate) async fn admitted_of(subject: &impl Subject, count: usize, account: &Account) -> usize {
    let mut admitted = 0;
    for _ in 0..count {
        admitted += usize::from(is_admitted(subject, account).await);
    }
    admitted
}

/// How an account stands, which costs it nothing.
pub(crate) async fn peek(subject: &impl Subject, account: &Account) -> Standing {
    let decision = decide(subject, &[account.charge(0)]).await;
    decision.standings()[0]
}
