//! The store that several processes share, in a real Redis and a real Valkey.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use portcullis::limit::Store;
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::{
    contract,
    history::{assert_agreed, histories},
    subject::Subject,
};

/// A store whose cells nobody else has, and whose time stands still.
pub(crate) struct Shared {
    store: Redis,
    now: Arc<AtomicU64>,
}

impl Shared {
    /// The name keeps its cells apart.
    pub(crate) fn new(engine: &Engine, name: &str) -> Self {
        // 15 January 2027, somewhere in the day.
        let now = Arc::new(AtomicU64::new(1_800_000_123_456_789));
        let store = Redis::open(&engine.url()).expect("a URL").with_prefix(name).expect("a prefix");
        let store = store.with_timeout(Duration::from_secs(30)).expect("a time-out");
        Self { store: store.at_a_time_of_tests(Arc::clone(&now)), now }
    }

    /// One that asks the engine even if it knows the answer.
    pub(crate) fn asking_always(engine: &Engine, name: &str) -> Self {
        let Self { store, now } = Self::new(engine, name);
        Self { store: store.with_known_refusals(0), now }
    }

    /// What its clock shows.
    pub(crate) fn since_unix_epoch(&self) -> Duration {
        Duration::from_micros(self.now.load(Ordering::Acquire))
    }
}

impl Subject for Shared {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn advance(&self, by: Duration) {
        self.now.fetch_add(by.as_micros() as u64, Ordering::AcqRel);
    }
}

/// Each of the contract's tests has cells of its own.
async fn assert_keeps_the_contract(engine: &Engine) {
    let count = AtomicU64::new(0);
    contract::all(async || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        Shared::new(engine, &format!("contract-{number}"))
    })
    .await;
}

#[tokio::test]
async fn redis_and_valkey_keep_the_contract() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        assert_keeps_the_contract(&engine).await;
    }
}

/// A cluster of one, where keys of several slots in one call are an error.
#[tokio::test]
async fn a_cluster_keeps_the_contract_although_keys_lie_in_several_slots() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start_with(kind, &["--cluster-enabled", "yes"]) else {
            continue;
        };
        engine.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
        while !engine.ask(&["CLUSTER", "INFO"]).contains(&"cluster_state:ok".to_owned()) {
            tokio::task::yield_now().await;
        }
        assert_keeps_the_contract(&engine).await;
    }
}

#[tokio::test]
async fn the_script_decides_as_a_list_of_timestamps_does() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let mut runner = TestRunner::default();
        let subject = Shared::new(&engine, "timestamps");
        for number in 0..1_000 {
            let history = histories().new_tree(&mut runner).expect("a history").current();
            assert_agreed(&subject, &history, &format!("alice-{number}")).await;
        }
    }
}
