//! What callers notice of an engine that is slow or gone.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use portcullis::{
    Guard, RateLimit, Verdict,
    limit::{Decision, OnStoreFailure, Quota, Store},
};
use portcullis_redis::Redis;
use portcullis_tests::{Engine, Kind};
use tokio::task::JoinHandle;

use crate::{
    caller::{Caller, Fared},
    engine::store,
    swallow::Swallow,
};

/// The store's own, unless it is told otherwise.
const TIMEOUT: Duration = Duration::from_millis(50);

/// What this machine may add to it, beside what it adds to any timer meanwhile.
const MACHINE: Duration = Duration::from_millis(15);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outage {
    Stopped,
    Killed,
    Demoted,
    Paused,
    Swallowed,
}

struct Scene {
    outage: Outage,
    engine: Engine,
    swallow: Swallow,
}

impl Scene {
    fn begin(&mut self) {
        match self.outage {
            Outage::Stopped => self.engine.signal("STOP"),
            Outage::Killed => self.engine.kill(),
            Outage::Demoted => drop(self.engine.ask(&["REPLICAOF", "127.0.0.1", "1"])),
            Outage::Paused => drop(self.engine.ask(&["CLIENT", "PAUSE", "1500", "ALL"])),
            Outage::Swallowed => self.swallow.swallow(true),
        }
    }

    fn end(&mut self) {
        match self.outage {
            Outage::Stopped => self.engine.signal("CONT"),
            Outage::Killed => self.engine.restart(),
            Outage::Demoted => drop(self.engine.ask(&["REPLICAOF", "NO", "ONE"])),
            // It answers once it is over: whoever could end it is paused as well.
            Outage::Paused => drop(self.engine.ask(&["PING"])),
            Outage::Swallowed => self.swallow.swallow(false),
        }
    }
}

/// Twenty callers at once, each as fast as it is answered.
async fn load(
    store: &Redis,
    caller: &Arc<Caller>,
    until: impl Fn(&Fared) -> bool + Clone + Send + 'static,
) -> Vec<Fared> {
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (store, caller, until) = (store.clone(), Arc::clone(caller), until.clone());
            tokio::spawn(async move {
                let mut fared = Vec::new();
                loop {
                    let one = caller.send(&store).await;
                    let is_over = until(&one);
                    fared.push(one);
                    if is_over {
                        return fared;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let mut fared = Vec::new();
    for caller in callers {
        fared.extend(caller.await.expect("nobody panics"));
    }
    fared
}

/// By how much this machine, which runs other tests as well, is late for those who wait as long,
/// until it is told to stop.
fn lateness(is_over: &Arc<AtomicBool>) -> JoinHandle<Duration> {
    let is_over = Arc::clone(is_over);
    tokio::spawn(async move {
        let mut latest = Duration::ZERO;
        while !is_over.load(Ordering::Acquire) {
            let start = Instant::now();
            tokio::time::sleep(Duration::from_millis(5)).await;
            latest = latest.max(start.elapsed().saturating_sub(Duration::from_millis(5)));
        }
        latest
    })
}

fn percentile_99(fared: &[Fared]) -> Duration {
    let mut took: Vec<_> = fared.iter().map(|it| it.took).collect();
    took.sort_unstable();
    took[(took.len() * 99 / 100).min(took.len() - 1)]
}

fn are_admitted(fared: &[Fared]) -> bool {
    fared.iter().all(|it| matches!(it.decision, Some(Decision::Admitted(_))))
}

async fn outage(kind: Kind, outage: Outage) {
    let Some(engine) = Engine::start(kind) else { return };
    let swallow = Swallow::before(engine.address()).await;
    let store = Redis::open(&swallow.url()).expect("a URL");
    let mut scene = Scene { outage, engine, swallow };
    // Nobody is ever refused by this, here or there.
    let caller = Arc::new(Caller::new("alice", Quota::per_second(1_000_000).burst(1_000_000)));
    store.connect().await.expect("it is there");
    let abandoned = Caller::new("abandoned", Quota::per_hour(1_000));
    assert_eq!(abandoned.left(&store).await, 1_000);

    let is_over = Arc::new(AtomicBool::new(false));
    let late = [(); 20].map(|()| lateness(&is_over));
    scene.begin();
    // These wait, and are given up.
    let gone: Vec<_> = (0..20).map(|_| store.check(&[abandoned.charge(1)])).collect();
    let gone: Vec<_> = gone.into_iter().map(|answer| tokio::spawn(answer.wait())).collect();
    let before = load(&store, &caller, |one| one.at_once).await;
    for answer in gone {
        assert!(answer.await.expect("nobody panics").is_ok_and(|it| it.is_admitted()));
    }
    is_over.store(true, Ordering::Release);
    let mut machine = MACHINE;
    for late in late {
        machine = machine.max(MACHINE + late.await.expect("nobody panics"));
    }
    let ends = Instant::now() + Duration::from_millis(300);
    let after = load(&store, &caller, move |_| Instant::now() > ends).await;
    // A moment in which the breaker lets everybody wait again would show here.
    let (before_99, after_99) = (percentile_99(&before), percentile_99(&after));

    scene.end();
    let back = Instant::now();
    while caller.send(&store).await.at_once {
        assert!(back.elapsed() < Duration::from_secs(10), "it never recovers");
        tokio::task::yield_now().await;
    }
    let recovered = back.elapsed();
    let left = abandoned.left(&store).await;
    let later = load(&store, &caller, |_| true).await;

    eprintln!(
        "{kind:?} {outage:?}: 99th percentile {before_99:?} of {} until open, {after_99:?} of {} after; \
         back after {recovered:?}; {left} left",
        before.len(),
        after.len(),
    );
    assert!(are_admitted(&before) && are_admitted(&after) && are_admitted(&later));
    assert!(before_99 <= TIMEOUT + machine, "{before_99:?}, and the machine {machine:?}");
    assert!(after_99 < Duration::from_millis(1), "{after_99:?}");
    assert!(after.iter().all(|it| it.at_once));
    assert!(recovered < Duration::from_secs(2), "{recovered:?}");
    assert_eq!(left, 1_000, "{outage:?}: what was given up was spent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_gone_or_slow_costs_its_callers_a_moment_and_no_request() {
    for kind in Kind::ALL {
        for it in
            [Outage::Stopped, Outage::Killed, Outage::Demoted, Outage::Paused, Outage::Swallowed]
        {
            outage(kind, it).await;
        }
    }
}

#[tokio::test]
async fn while_it_is_gone_each_policy_does_what_it_says() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let store = Redis::open(&engine.url()).expect("a URL");
        let store = store.on_failure(OnStoreFailure::local(3));
        store.connect().await.expect("it is there");
        engine.kill();
        let quota = Quota::per_hour(10);
        let local = Caller::new("local", quota);
        let open = Caller::new("open", quota).on_failure(OnStoreFailure::Admit);
        let closed = Caller::new("closed", quota).on_failure(OnStoreFailure::Refuse);
        let mut seen = Vec::new();
        for caller in [&local, &open, &closed] {
            let (mut admitted, mut refused, mut unavailable) = (0, 0, 0);
            for _ in 0..20 {
                match caller.send(&store).await.decision {
                    Some(Decision::Admitted(_)) => admitted += 1,
                    Some(_) => refused += 1,
                    None => unavailable += 1,
                }
            }
            seen.push((admitted, refused, unavailable));
        }
        assert_eq!(seen, [(3, 17, 0), (20, 0, 0), (0, 0, 20)]);
    }
}

/// Whom the engine refused before it went stays refused only where policies count without it.
#[tokio::test]
async fn who_was_refused_before_is_admitted_or_unavailable_where_the_policy_says_so() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        let store = store(&engine);
        store.connect().await.expect("it is there");
        let callers = [OnStoreFailure::local(2), OnStoreFailure::Admit, OnStoreFailure::Refuse]
            .map(|mode| Caller::new(&format!("{mode:?}"), Quota::per_hour(4)).on_failure(mode));
        for caller in &callers {
            let mut admitted = 0;
            for _ in 0..6 {
                admitted += usize::from(caller.is_admitted(&store).await);
            }
            assert_eq!(admitted, 4);
        }
        engine.kill();
        let stranger = Caller::new("stranger", Quota::per_hour(1));
        while !stranger.send(&store).await.at_once {
            tokio::task::yield_now().await;
        }
        let mut seen = Vec::new();
        for caller in &callers {
            let fared = caller.send(&store).await;
            assert!(fared.at_once);
            seen.push(fared.decision.map(|decision| decision.is_admitted()));
        }
        assert_eq!(seen, [Some(false), Some(true), None]);
    }
}

/// What a client reads where a policy refuses in an outage.
#[tokio::test]
async fn a_policy_that_refuses_in_an_outage_says_503_and_when_to_come_back() {
    let Some(mut engine) = Engine::start(Kind::Redis) else { return };
    let store = Redis::open(&engine.url()).expect("a URL").on_failure(OnStoreFailure::Refuse);
    store.connect().await.expect("it is there");
    engine.kill();
    let limit = RateLimit::by_address(Quota::per_hour(1)).with_store(store);
    for _ in 0..50 {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.extensions.insert(SocketAddr::from(([192, 0, 2, 1], 9)));
        let verdict = match limit.check(&mut head) {
            Verdict::Now(verdict) => verdict,
            Verdict::Later(verdict) => verdict.await,
            _ => panic!("a verdict of a kind that is not known"),
        };
        let response = verdict.expect_err("it is refused").into_response::<()>();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "1");
    }
}

#[tokio::test]
async fn a_service_may_start_before_its_engine() {
    for kind in Kind::ALL {
        let Some(mut engine) = Engine::start(kind) else { continue };
        engine.kill();
        let store = Redis::open(&engine.url()).expect("a URL");
        let caller = Caller::new("alice", Quota::per_hour(1));
        assert!(store.connect().await.is_err());
        assert!(caller.is_admitted(&store).await);
        assert!(!caller.is_admitted(&store).await);
        engine.restart();
        while caller.left_if_asked(&store).await != Some(1) {
            tokio::task::yield_now().await;
        }
        assert!(caller.is_admitted(&store).await);
    }
}
