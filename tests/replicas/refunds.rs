//! What is given back goes where it was spent.

use std::time::Duration;

use portcullis::limit::{OnStoreFailure, Quota, Store};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

use crate::{
    caller::{Caller, send_all},
    engine::store,
};

async fn give_back(store: &Redis, caller: &Caller, cost: u32) -> bool {
    store.refund(&[caller.charge(cost)]).wait().await.is_ok()
}

/// Whether a request of this cost is admitted.
async fn spend(store: &Redis, caller: &Caller, cost: u32) -> bool {
    let decision = store.check(&[caller.charge(cost)]).wait().await;
    decision.expect("it is decided").is_admitted()
}

/// A sign-in that turned out well, say, and that the engine was too slow for.
#[tokio::test]
async fn a_request_that_timed_out_gives_back_nothing_that_others_spent() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let others = store(&engine);
        let caller = Caller::new("alice", Quota::per_hour(10));
        for _ in 0..8 {
            assert!(caller.is_admitted(&others).await);
        }
        for on_failure in
            [OnStoreFailure::local(1), OnStoreFailure::local(3), OnStoreFailure::Admit]
        {
            let store = Redis::open(&engine.url()).expect("a URL").on_failure(on_failure);
            let store = store.with_timeout(Duration::from_millis(100)).expect("a time-out");
            while store.connect().await.is_err() {
                tokio::task::yield_now().await;
            }
            for _ in 0..2 {
                engine.ask(&["CLIENT", "PAUSE", "400", "ALL"]);
                assert!(caller.is_admitted(&store).await, "without the engine");
                // It answers once the pause is over.
                engine.ask(&["PING"]);
                assert!(give_back(&store, &caller, 1).await);
            }
            assert_eq!(caller.left(&others).await, 2, "{kind:?} {on_failure:?}");
        }
        assert!(spend(&others, &caller, 2).await && give_back(&others, &caller, 1).await);
        assert_eq!(caller.left(&others).await, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn in_an_outage_what_is_given_back_may_be_spent_again() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let store = store(&engine).on_failure(OnStoreFailure::local(2));
        let quota = Quota::per_hour(4);
        let [alice, bob, early] = ["alice", "bob", "early"].map(|key| Caller::new(key, quota));
        let open = Caller::new("alice", quota).named("open").on_failure(OnStoreFailure::Admit);
        assert!(spend(&store, &early, 3).await);
        engine.kill();
        while !Caller::new("stranger", quota).send(&store).await.at_once {
            tokio::task::yield_now().await;
        }

        for _ in 0..10 {
            assert!(send_all(&store, &[&alice, &open]).await.is_admitted());
            let charges = [alice.charge(1), open.charge(1)];
            store.refund(&charges).wait().await.expect("memory is there");
        }
        // What costs more than a share costs all of it, and gives back all of it.
        for _ in 0..3 {
            assert!(spend(&store, &bob, 4).await && !spend(&store, &bob, 1).await);
            for _ in 0..4 {
                assert!(give_back(&store, &bob, 1).await);
            }
        }
        assert!(spend(&store, &bob, 2).await && !spend(&store, &bob, 1).await);
        // What the engine was charged can be given back there alone.
        assert!(!give_back(&store, &early, 1).await);
        assert!(spend(&store, &early, 1).await);
        assert!(!give_back(&store, &early, 2).await, "one here, and one there");

        engine.restart();
        while store.connect().await.is_err() {
            tokio::task::yield_now().await;
        }
        let later = Caller::new("later", quota);
        assert!(spend(&store, &later, 3).await && give_back(&store, &later, 2).await);
        assert_eq!(later.left(&store).await, 3, "{kind:?}");
        // Given back after the outage, and still where it was spent.
        assert!(spend(&store, &bob, 4).await && give_back(&store, &bob, 2).await);
        assert_eq!(bob.left(&store).await, 0, "{kind:?}");
        assert!(give_back(&store, &bob, 2).await);
        assert_eq!(bob.left(&store).await, 2, "{kind:?}");
    }
}
