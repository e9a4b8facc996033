//! What a client that floods costs the engine.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http::Request;
use portcullis::{ApiError, Guard, Policy, Quota, RateLimit, Reset, Verdict, Window, limit::Store};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};

use crate::{caller::Caller, engine::store};

/// How often the script was called.
fn calls(engine: &Engine) -> u64 {
    let stats = engine.ask(&["INFO", "commandstats"]);
    let line = stats.iter().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
    line.and_then(|line| line.split(',').next()).map_or(0, |calls| calls.parse().expect("a number"))
}

/// Sends as fast as it goes, as so many callers, and says how many were admitted.
async fn flood(store: &Redis, caller: &Arc<Caller>, callers: usize, until: Instant) -> usize {
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (store, caller) = (store.clone(), Arc::clone(caller));
            tokio::spawn(async move {
                let mut admitted = 0;
                while Instant::now() < until {
                    admitted += usize::from(caller.is_admitted(&store).await);
                    tokio::task::yield_now().await;
                }
                admitted
            })
        })
        .collect();
    let mut admitted = 0;
    for caller in callers {
        admitted += caller.await.expect("nobody panics");
    }
    admitted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_flood_reaches_the_engine_once_an_interval() {
    const INTERVAL: Duration = Duration::from_millis(100);
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        let caller = Arc::new(Caller::new("mallory", Quota::per_second(10).burst(5)));
        flood(&store, &caller, 64, Instant::now() + INTERVAL).await;

        let before = calls(&engine);
        let start = Instant::now();
        let admitted = flood(&store, &caller, 64, start + INTERVAL * 20).await;
        let intervals = start.elapsed().as_micros() as u64 / INTERVAL.as_micros() as u64 + 1;
        let calls = calls(&engine) - before;
        eprintln!("{kind:?}: {calls} calls and {admitted} admitted in {intervals} intervals");
        assert!(calls <= intervals + 1, "{calls} calls in {intervals} intervals");
        assert!(admitted as u64 + 3 >= intervals, "{admitted} admitted in {intervals} intervals");
    }
}

#[tokio::test]
async fn a_flood_of_several_costs_is_known_at_each_and_who_only_asks_changes_nothing() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        let caller = Caller::new("mallory", Quota::per_hour(3));
        let send = async |cost| {
            let decision = store.check(&[caller.charge(cost)]).wait().await;
            decision.expect("the engine answers").is_admitted()
        };
        assert!(send(3).await && !send(1).await && !send(2).await);
        let before = calls(&engine);
        for _ in 0..250 {
            assert!(!send(1).await && !send(2).await);
        }
        assert_eq!(calls(&engine) - before, 0, "{kind:?}");
        assert_eq!(caller.left(&store).await, 0);
        assert!(!send(1).await && !send(2).await);
        assert_eq!(calls(&engine) - before, 1, "{kind:?}: the one that asked");

        store.refund(&[caller.charge(2)]).wait().await.expect("the engine answers");
        assert!(send(2).await && !send(1).await, "{kind:?}");
    }
}

/// What a header of a refusal says.
fn header(refusal: &ApiError, name: &str) -> Option<u64> {
    let response = refusal.clone().into_response::<()>();
    response.headers().get(name)?.to_str().ok()?.parse().ok()
}

#[tokio::test]
async fn a_refusal_that_is_known_says_what_the_engine_would() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let now = Arc::new(AtomicU64::new(1_900_000_000_000_000));
        let at_a_time = |store: Redis| store.at_a_time_of_tests(Arc::clone(&now));
        let knowing = at_a_time(store(&engine));
        let asking = at_a_time(store(&engine)).with_known_refusals(0);
        let window = Quota::per_minute(3).in_windows(Window::FirstRequest);
        for (name, quota) in [("rate", Quota::per_minute(3)), ("window", window)] {
            let limit = |store: &Redis| {
                let policy = Policy::by_address(quota).named(name);
                RateLimit::new(policy).with_store(store.clone()).with_reset(Reset::DeltaSeconds)
            };
            let ask = async |limit: &RateLimit| {
                let (mut head, ()) = Request::new(()).into_parts();
                head.extensions.insert(SocketAddr::from(([192, 0, 2, 1], 9)));
                match limit.check(&mut head) {
                    Verdict::Now(verdict) => (true, verdict.map(drop)),
                    Verdict::Later(verdict) => (false, verdict.await.map(drop)),
                    _ => panic!("a verdict of a kind that is not known"),
                }
            };
            let [knowing, asking] = [limit(&knowing), limit(&asking)];
            for _ in 0..3 {
                ask(&knowing).await.1.expect("it is admitted");
            }
            ask(&knowing).await.1.expect_err("it is refused");
            for _ in 0..19 {
                now.fetch_add(1_000_000, Ordering::AcqRel);
                let (at_once, known) = ask(&knowing).await;
                let (known, asked) = (known.expect_err("it is"), ask(&asking).await.1);
                let asked = asked.expect_err("it is");
                assert!(at_once, "the engine is not asked");
                assert_eq!(header(&known, "x-ratelimit-remaining"), Some(0));
                for name in ["x-ratelimit-limit", "x-ratelimit-reset", "retry-after"] {
                    let says = header(&known, name);
                    assert!(says.is_some() && says == header(&asked, name), "{name} {says:?}");
                }
            }
            // Who waits as long as was said is admitted.
            let wait = header(&ask(&knowing).await.1.expect_err("it is"), "retry-after");
            now.fetch_add(wait.expect("a time") * 1_000_000, Ordering::AcqRel);
            ask(&knowing).await.1.expect("it is admitted");
        }
    }
}

#[tokio::test]
async fn an_operators_reset_goes_past_what_every_replica_knows() {
    for kind in Kind::ALL {
        let Some(engine) = Engine::start(kind) else { continue };
        let [here, there] = [store(&engine), store(&engine)];
        let caller = Caller::new("alice", Quota::per_hour(2));
        for _ in 0..5 {
            caller.is_admitted(&here).await;
            caller.is_admitted(&there).await;
        }
        assert!(caller.send(&here).await.at_once && caller.send(&there).await.at_once);
        here.reset(&caller.charge(0)).wait().await.expect("it answers");
        assert!(caller.is_admitted(&here).await);
        // The others hear of it in their own time.
        let start = Instant::now();
        while !caller.is_admitted(&there).await {
            assert!(start.elapsed() < Duration::from_secs(10), "nobody hears of it");
            tokio::task::yield_now().await;
        }
        assert_eq!(caller.left(&here).await, 0);
    }
}
