//! Whatever is done to the engine in the midst of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use portcullis::limit::{OnStoreFailure, Quota, Store, Window};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

use crate::{
    caller::{Caller, Fared, send_all},
    engine::store,
    journal::Journal,
};

/// One that admits whom it cannot count, and waits for as long as a machine takes that runs other
/// tests as well.
async fn patient(engine: &Engine) -> Redis {
    let store = store(engine).on_failure(OnStoreFailure::Admit);
    store.connect().await.expect("it is there");
    store
}

/// Asks until the engine is given up.
async fn until_given_up(store: &Redis) {
    let stranger = Caller::new("stranger", Quota::per_second(1_000).burst(100_000));
    while !stranger.send(store).await.at_once {
        tokio::task::yield_now().await;
    }
}

async fn until_back(store: &Redis) -> Duration {
    let start = Instant::now();
    while store.connect().await.is_err() {
        tokio::task::yield_now().await;
    }
    start.elapsed()
}

/// Sends as twenty callers while this is done, and says how each request fared.
async fn meanwhile(store: &Redis, caller: Caller, work: impl AsyncFnOnce()) -> Vec<Fared> {
    let (caller, is_over) = (Arc::new(caller), Arc::new(AtomicBool::new(false)));
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (store, caller) = (store.clone(), Arc::clone(&caller));
            let is_over = Arc::clone(&is_over);
            tokio::spawn(async move {
                let mut fared = Vec::new();
                while !is_over.load(Ordering::Acquire) {
                    fared.push(caller.send(&store).await);
                    tokio::task::yield_now().await;
                }
                fared
            })
        })
        .collect();
    work().await;
    is_over.store(true, Ordering::Release);
    let mut fared = Vec::new();
    for caller in callers {
        fared.extend(caller.await.expect("nobody panics"));
    }
    fared
}

#[tokio::test]
async fn a_server_without_memory_charges_nobody_and_is_asked_again_once_it_has_some() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = patient(&engine).await;
        let hourly = Caller::new("alice", Quota::per_hour(10));
        let window = Quota::per_hour(10).in_windows(Window::FirstRequest);
        let window = Caller::new("acme", window).named("window");
        assert!(send_all(&store, &[&hourly, &window]).await.is_admitted());
        engine.ask(&["CONFIG", "SET", "maxmemory", "1"]);
        until_given_up(&store).await;
        for _ in 0..20 {
            assert!(send_all(&store, &[&hourly, &window]).await.is_admitted(), "as it is told to");
        }
        engine.ask(&["CONFIG", "SET", "maxmemory", "0"]);
        let took = until_back(&store).await;
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert_eq!((hourly.left(&store).await, window.left(&store).await), (9, 9), "{kind:?}");
    }
}

#[tokio::test]
async fn a_node_whose_slots_are_gone_is_asked_again_once_they_are_back() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start_with(kind, &["--cluster-enabled", "yes"]) else {
            continue;
        };
        let is_ok = || engine.ask(&["CLUSTER", "INFO"]).contains(&"cluster_state:ok".to_owned());
        engine.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
        while !is_ok() {
            tokio::task::yield_now().await;
        }
        let store = patient(&engine).await;
        let caller = Caller::new("alice", Quota::per_hour(10));
        assert!(caller.is_admitted(&store).await);
        engine.ask(&["CLUSTER", "DELSLOTSRANGE", "0", "16383"]);
        until_given_up(&store).await;
        engine.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
        while !is_ok() {
            tokio::task::yield_now().await;
        }
        let took = until_back(&store).await;
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert!(caller.is_admitted(&store).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_empties_the_engine_in_a_flood_gives_each_key_its_burst_again_and_breaks_nothing() {
    const TIMES: usize = 20;
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine).with_known_refusals(0);
        store.connect().await.expect("it is there");
        let fared = meanwhile(&store, Caller::new("mallory", Quota::per_hour(10)), async || {
            for _ in 0..TIMES {
                engine.ask(&["FLUSHALL"]);
                engine.ask(&["SCRIPT", "FLUSH"]);
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert!(fared.iter().all(|one| !one.at_once && one.decision.is_some()));
        let admitted = |one: &&Fared| one.decision.as_ref().is_some_and(|it| it.is_admitted());
        let admitted = fared.iter().filter(admitted).count();
        assert!((10..=10 * (TIMES + 1)).contains(&admitted), "{admitted} of {}", fared.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_again_and_again_loses_no_request_and_refuses_none() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let store = Redis::open(&engine.url()).expect("a URL").on_failure(OnStoreFailure::Admit);
        until_back(&store).await;
        let quota = Quota::per_second(1_000_000).burst(1_000_000);
        let fared = meanwhile(&store, Caller::new("alice", quota), async || {
            for _ in 0..5 {
                engine.kill();
                until_given_up(&store).await;
                engine.restart();
                until_back(&store).await;
            }
        })
        .await;
        let admitted = |one: &Fared| one.decision.as_ref().is_some_and(|it| it.is_admitted());
        assert!(fared.iter().all(admitted));
        let longest = fared.iter().map(|one| one.took).max().unwrap_or_default();
        eprintln!("{kind:?}: {} requests over 5 restarts, the longest {longest:?}", fared.len());
        assert!(longest < Duration::from_secs(1), "{longest:?}");
    }
}

/// The access list that the documentation says.
#[tokio::test]
async fn the_rights_that_are_documented_are_enough() {
    const RIGHTS: &str = "~portcullis:* &portcullis:reset +evalsha +eval +time +get +mget \
        +setrange +psetex +del +subscribe +publish";
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let mut command = vec!["ACL", "SETUSER", "limits", "on", ">secret", "resetchannels"];
        command.extend(RIGHTS.split_whitespace());
        assert_eq!(engine.ask(&command), ["+OK"]);
        let journal = Journal::open();
        let url = engine.url().replace("redis://", "redis://limits:secret@");
        let [here, there] = [(); 2].map(|()| Redis::open(&url).expect("a URL"));
        let rate = Caller::new("alice", Quota::per_hour(2));
        let window = Quota::per_hour(2).in_windows(Window::Epoch);
        let window = Caller::new("alice", window).named("window");
        for store in [&here, &there] {
            store.connect().await.expect("it is there");
            assert!(send_all(store, &[&rate, &window]).await.is_admitted());
        }
        assert!(!rate.is_admitted(&there).await && rate.send(&there).await.at_once);
        for caller in [&rate, &window] {
            here.refund(&[caller.charge(1)]).wait().await.expect("it may");
            here.reset(&caller.charge(0)).wait().await.expect("it may");
            assert_eq!(caller.left(&here).await, 2);
        }
        let start = Instant::now();
        while !rate.is_admitted(&there).await {
            assert!(start.elapsed() < Duration::from_secs(10), "it does not hear of resets");
            tokio::task::yield_now().await;
        }
        let lines = journal.take();
        assert!(!lines.iter().any(|line| line.contains("NOPERM")), "{lines:?}");
        // Later servers deny the client to say which library it is, and nothing else.
        let denied = engine.ask(&["ACL", "LOG"]);
        let mut denied = denied.windows(2).filter(|it| it[0] == "object").map(|it| &it[1]);
        assert!(denied.all(|it| it == "client|setinfo"));
    }
}

/// A client whose key was spoilt floods its service, and not the log as well.
#[tokio::test]
async fn a_call_that_fails_again_and_again_is_logged_ever_more_rarely() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = patient(&engine).await;
        let caller = Caller::new("mallory", Quota::per_hour(10));
        assert!(caller.is_admitted(&store).await);
        let key = engine.ask(&["KEYS", "*:caller:v1"]).remove(0);
        engine.ask(&["SET", &key, "junk"]);
        let journal = Journal::open();
        for _ in 0..1_000 {
            assert!(caller.is_admitted(&store).await);
        }
        let lines: Vec<_> =
            journal.take().into_iter().filter(|line| line.starts_with("WARN")).collect();
        assert!((1..=10).contains(&lines.len()), "{} lines", lines.len());
        assert!(lines.iter().all(|line| !line.contains(&key)), "{lines:?}");
    }
}
