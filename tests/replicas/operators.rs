//! What operators see: a line and a count for each change of state, and what was decided without the
//! engine.

use std::collections::BTreeMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use portcullis::limit::{OnStoreFailure, Quota};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

use crate::{caller::Caller, engine::store, journal::Journal};

/// All metrics, each as `name{labels}`, since they were last taken.
fn take(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let metrics = snapshotter.snapshot().into_vec().into_iter();
    let metrics = metrics.map(|(key, _, _, value)| {
        let (name, labels) = key.key().clone().into_parts();
        let labels: Vec<_> =
            labels.iter().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => value.0,
            DebugValue::Histogram(_) => panic!("nothing here is a histogram"),
        };
        (format!("{}{{{}}}", name.as_str(), labels.join(",")), value)
    });
    metrics.filter(|(_, value)| *value != 0.0).collect()
}

fn named(metrics: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let metrics = metrics.iter();
    metrics.map(|(name, value)| (format!("portcullis_redis_{name}"), *value)).collect()
}

#[tokio::test]
async fn each_change_of_state_is_a_line_and_a_count_and_names_no_key() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        let _recorder = metrics::set_default_local_recorder(&recorder);
        let journal = Journal::open();
        let lines = |level: &str| -> Vec<_> {
            let lines = journal.take().into_iter();
            let lines = lines.filter(|line| line.contains("portcullis_redis"));
            for line in lines.clone() {
                assert!(!line.contains("mallory") && !line.contains("portcullis:{"), "{line}");
            }
            lines.filter(|line| line.starts_with(level)).collect()
        };

        let store = store(&engine).on_failure(OnStoreFailure::local(2));
        store.connect().await.expect("it is there");
        let quota = Quota::per_hour(4);
        let local = Caller::new("mallory", quota);
        for _ in 0..10 {
            local.is_admitted(&store).await;
        }
        assert_eq!(take(&snapshotter), named(&[("known_refusals_total{}", 6.0)]), "{kind:?}");
        assert_eq!((lines("WARN"), lines("INFO")), (vec![], vec![]));

        // Who was refused before the outage still is, so another asks.
        let local = Caller::new("mallory-too", quota);
        engine.kill();
        while !local.send(&store).await.at_once {
            store.connect().await.expect_err("nobody is there");
        }
        // Whoever found that out was counted without it; what follows is counted here.
        let _found_out = take(&snapshotter);
        let open = Caller::new("mallory-three", quota).on_failure(OnStoreFailure::Admit);
        let closed = Caller::new("mallory-four", quota).on_failure(OnStoreFailure::Refuse);
        for _ in 0..7 {
            local.send(&store).await;
            open.send(&store).await;
            closed.send(&store).await;
        }
        let without = |mode: &str| format!("without_engine_total{{policy=caller,mode={mode}}}");
        let [by_local, by_admit, by_refuse] = ["local", "admit", "refuse"].map(without);
        let counted = [(&*by_local, 7.0), (&*by_admit, 7.0), (&*by_refuse, 7.0)];
        assert_eq!(take(&snapshotter), named(&counted), "{kind:?}");
        let warned = lines("WARN");
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(warned[0].contains("the engine of the limits is down"), "{warned:?}");

        engine.restart();
        while store.connect().await.is_err() {
            tokio::task::yield_now().await;
        }
        let changes = named(&[("breaker_changes_total{state=closed}", 1.0)]);
        assert_eq!(take(&snapshotter), changes, "{kind:?}");
        let [told] = &lines("INFO")[..] else { panic!("one line says that it is back") };
        assert!(told.contains("counted in the engine again"), "{told}");
    }
}

/// The gauge lies beside the counts: 1 from the first failure that opens it, 0 from when it is back.
#[tokio::test]
async fn the_gauge_says_whether_the_breaker_is_open() {
    let Some(mut engine) = Engine::start(Kind::Redis) else { return };
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recorder = metrics::set_default_local_recorder(&recorder);
    let gauge = || {
        let metrics = snapshotter.snapshot().into_vec().into_iter();
        metrics.filter(|(key, ..)| key.key().name() == "portcullis_redis_breaker_open").find_map(
            |(_, _, _, value)| match value {
                DebugValue::Gauge(value) => Some(value.0),
                _ => None,
            },
        )
    };
    let store = Redis::open(&engine.url()).expect("a URL");
    let caller = Caller::new("alice", Quota::per_hour(1_000));
    assert_eq!(gauge(), None, "nobody has called yet");
    while store.connect().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(gauge(), Some(0.0));
    engine.signal("STOP");
    while !caller.send(&store).await.at_once {
        tokio::task::yield_now().await;
    }
    assert_eq!(gauge(), Some(1.0));
    // Whoever reads it here leaves 0 behind, so that it must be seen to be set.
    metrics::gauge!("portcullis_redis_breaker_open").set(7.0);
    engine.signal("CONT");
    while store.connect().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(gauge(), Some(0.0));
    engine.kill();
}

/// Wrong credentials are said loudly, and once.
#[tokio::test]
async fn wrong_credentials_are_in_the_log_and_the_password_is_not() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        engine.ask(&["CONFIG", "SET", "requirepass", "right"]);
        for (credentials, says) in [("", "NOAUTH"), (":wrong-one@", "WRONGPASS")] {
            let journal = Journal::open();
            let url = engine.url().replace("redis://", &format!("redis://{credentials}"));
            let store = Redis::open(&url).expect("a URL").on_failure(OnStoreFailure::Admit);
            let error = store.connect().await.expect_err("it may not");
            let cause = std::error::Error::source(&error).and_then(|it| it.source());
            let cause = cause.map(ToString::to_string).unwrap_or_default();
            let caller = Caller::new("alice", Quota::per_hour(1));
            for _ in 0..50 {
                assert!(caller.is_admitted(&store).await);
            }
            let lines: Vec<_> =
                journal.take().into_iter().filter(|line| line.starts_with("WARN")).collect();
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].contains(says) || lines[0].contains("authentication"), "{lines:?}");
            assert!(!cause.is_empty() && !lines[0].contains("wrong-one"), "{cause} {lines:?}");
        }
    }
}
