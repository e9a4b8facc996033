//! The runtimes that a service has.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use portcullis::limit::{OnStoreFailure, Quota, Store};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};
use tokio::runtime::{Builder, Runtime};

use crate::caller::Caller;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Sends until the engine counts.
async fn until_counted(store: &Redis, engine: &Engine) {
    let caller = Caller::new("alice", Quota::per_second(1_000).burst(1_000_000));
    let start = Instant::now();
    while engine.ask(&["KEYS", "*:caller:v1"]).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(10), "the engine is never asked");
        assert!(caller.is_admitted(store).await);
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_runtime_that_only_started_the_service_is_not_waited_for() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let store = || Redis::open(&engine.url()).expect("a URL").on_failure(OnStoreFailure::Admit);
        let (connected, refused) = (store(), store());
        let (startup, serving) = (runtime(), runtime());
        while startup.block_on(connected.connect()).is_err() {}
        // Its connection lies where nobody reads from it any more.
        serving.block_on(until_counted(&connected, &engine));

        engine.kill();
        startup.block_on(refused.connect()).expect_err("nobody is there");
        engine.restart();
        // The one that tries again stands still.
        serving.block_on(until_counted(&refused, &engine));
        // And when it goes on, it takes nothing from the one that took over.
        startup.block_on(async {
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
        });
        drop(startup);
        engine.ask(&["FLUSHALL"]);
        serving.block_on(until_counted(&refused, &engine));
    }
}

#[test]
fn a_runtime_without_a_timer_is_an_error_that_says_what_to_build() {
    let runtime = Builder::new_current_thread().enable_io().build().expect("a runtime");
    let store = Redis::open("redis://127.0.0.1:1").expect("a URL");
    let caller = Caller::new("alice", Quota::per_hour(1));
    let errors = runtime.block_on(async {
        [
            store.check(&[caller.charge(1)]).wait().await.err(),
            store.refund(&[caller.charge(1)]).wait().await.err(),
            store.reset(&caller.charge(0)).wait().await.err(),
            store.connect().await.err(),
        ]
    });
    for error in errors {
        let error = error.expect("it cannot wait");
        let cause = error.source().expect("a cause").to_string();
        assert!(cause.contains("`enable_all`"), "{cause}");
    }
}
