//! What the engine sees.

use std::time::Duration;

use portcullis::limit::{Quota, Store, Window};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

use crate::caller::{Caller, send_all};

pub(crate) fn store(engine: &Engine) -> Redis {
    let store = Redis::open(&engine.url()).expect("a URL");
    store.with_timeout(Duration::from_secs(20)).expect("a time-out")
}

#[tokio::test]
async fn a_decision_is_one_call_and_every_key_has_an_end() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        store.connect().await.expect("it is there");
        let hourly = Quota::per_hour(100);
        let daily = Quota::per_hour(24).in_windows(Window::Epoch);
        let mut monitor = engine.monitor();
        for number in 0..100 {
            let caller = |name: &str, quota| Caller::new(&format!("{name}-{number}"), quota);
            let (one, window) = (caller("one", hourly), caller("window", daily));
            assert!(one.is_admitted(&store).await && window.is_admitted(&store).await);
            assert!(send_all(&store, &[&one]).await.is_admitted());
            assert!(one.left(&store).await < 100);
            store.refund(&[window.charge(1)]).wait().await.expect("it answers");
        }
        let seen = monitor.until(&engine, "enough");
        let calls = seen.iter().filter(|line| line.contains("\"EVALSHA\"")).count();
        let by_script = seen.iter().filter(|line| line.contains(" lua]")).count();
        assert_eq!(calls, 500);
        let others: Vec<_> = seen
            .iter()
            .filter(|line| !line.contains("\"EVALSHA\"") && !line.contains(" lua]"))
            .collect();
        assert!(others.is_empty(), "{others:?}");
        assert!(by_script >= 1_000);

        let keys = engine.ask(&["KEYS", "*"]);
        assert!(keys.len() >= 200, "{}", keys.len());
        for key in keys {
            assert!(key.starts_with("portcullis:{") && key.ends_with(":v1"), "{key}");
            let ends_in = engine.ask(&["PTTL", &key])[0][1..].parse::<i64>().expect("a number");
            assert!(ends_in > 0 || ends_in == -2, "{key} has no end: {ends_in}");
        }
        eprintln!("{kind:?}: {calls} EVALSHA for 500 decisions, no key without TTL");
    }
}

#[tokio::test]
async fn a_server_that_forgets_the_script_is_told_it_again() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        let caller = Caller::new("alice", Quota::per_hour(3));
        assert!(caller.is_admitted(&store).await);
        engine.ask(&["SCRIPT", "FLUSH"]);
        assert!(caller.is_admitted(&store).await);
        assert_eq!(caller.left(&store).await, 1);
    }
}

#[tokio::test]
async fn a_key_that_holds_something_else_harms_nobody_else() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        let (alice, bob) = ("alice".to_owned(), "bob".to_owned());
        let [spoilt, fine] = [alice, bob].map(|key| Caller::new(&key, Quota::per_hour(3)));
        assert!(spoilt.is_admitted(&store).await);
        let key = engine.ask(&["KEYS", "*:caller:v1"]).remove(0);
        for junk in [&["SET", &key, "junk"][..], &["HSET", &key, "a", "b"]] {
            engine.ask(&["DEL", &key]);
            engine.ask(junk);
            for _ in 0..20 {
                assert!(spoilt.send(&store).await.decision.is_some(), "decided without the engine");
                assert!(!fine.send(&store).await.at_once || fine.left(&store).await == 0);
            }
            store.reset(&spoilt.charge(0)).wait().await.expect("it answers");
            assert!(spoilt.is_admitted(&store).await);
            assert_eq!(spoilt.left(&store).await, 2);
        }
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_quota() {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let now = Arc::new(AtomicU64::new(1_900_000_000_000_000));
        let store = store(&engine).with_known_refusals(0).at_a_time_of_tests(Arc::clone(&now));
        let rate = Caller::new("rate", Quota::per_minute(2));
        let window = Caller::new("window", Quota::per_minute(2).in_windows(Window::FirstRequest));
        for caller in [&rate, &window] {
            assert!(caller.is_admitted(&store).await && caller.is_admitted(&store).await);
        }
        now.fetch_sub(86_400_000_000, Ordering::AcqRel);
        for caller in [&rate, &window] {
            let decision = caller.send(&store).await.decision.expect("it answers");
            let wait = decision.standings()[0].retry_after().expect("it is refused");
            assert!(wait <= Duration::from_secs(60), "{wait:?}");
        }
        // And who waits that long is admitted: it does not begin anew.
        now.fetch_add(60_000_000, Ordering::AcqRel);
        for caller in [&rate, &window] {
            assert!(caller.is_admitted(&store).await);
        }
    }
}
