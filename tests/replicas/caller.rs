use std::time::{Duration, Instant};

use portcullis::limit::{Answer, Charge, Decision, OnStoreFailure, PolicyName, Quota, Store};
use portcullis_redis::Redis;

/// One key under one policy.
pub(crate) struct Caller {
    policy: PolicyName,
    key: String,
    pub(crate) quota: Quota,
    on_failure: Option<OnStoreFailure>,
}

/// How a request fared.
pub(crate) struct Fared {
    pub(crate) took: Duration,
    /// Whether it was decided here, at once.
    pub(crate) at_once: bool,
    /// `None` where it got a 503.
    pub(crate) decision: Option<Decision>,
}

impl Caller {
    pub(crate) fn new(key: &str, quota: Quota) -> Self {
        let policy = PolicyName::new("caller");
        Self { policy, key: key.to_owned(), quota, on_failure: None }
    }

    pub(crate) fn named(self, policy: &'static str) -> Self {
        Self { policy: PolicyName::new(policy), ..self }
    }

    pub(crate) fn on_failure(self, on_failure: OnStoreFailure) -> Self {
        Self { on_failure: Some(on_failure), ..self }
    }

    pub(crate) fn charge(&self, cost: u32) -> Charge<'_> {
        let charge = Charge::new(&self.policy, self.key.as_bytes(), &self.quota, cost);
        charge.expect("at most the burst").with_on_store_failure(self.on_failure)
    }

    pub(crate) async fn send(&self, store: &Redis) -> Fared {
        let start = Instant::now();
        let answer = store.check(&[self.charge(1)]);
        let at_once = matches!(answer, Answer::Now(_));
        let decision = answer.wait().await.ok();
        Fared { took: start.elapsed(), at_once, decision }
    }

    pub(crate) async fn is_admitted(&self, store: &Redis) -> bool {
        self.send(store).await.decision.is_some_and(|decision| decision.is_admitted())
    }

    /// How many are left, if the engine is asked.
    pub(crate) async fn left_if_asked(&self, store: &Redis) -> Option<u32> {
        match store.check(&[self.charge(0)]) {
            Answer::Later(answer) => answer.await.ok().map(|it| it.standings()[0].remaining()),
            _ => None,
        }
    }

    /// How many are left, as the engine says.
    pub(crate) async fn left(&self, store: &Redis) -> u32 {
        let decision = store.check(&[self.charge(0)]).wait().await.expect("the engine answers");
        decision.standings()[0].remaining()
    }
}

/// The same for several charges.
pub(crate) async fn send_all(store: &Redis, callers: &[&Caller]) -> Decision {
    let charges: Vec<_> = callers.iter().map(|caller| caller.charge(1)).collect();
    store.check(&charges).wait().await.expect("the engine answers")
}
