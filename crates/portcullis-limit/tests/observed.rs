//! What operators see of a limit: a process of its own, since what is logged is the process's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{cell::RefCell, io, net::SocketAddr, sync::Once};

use http::{Request, request::Parts};
use portcullis_core::{Guard, Verdict};
use portcullis_limit::{Clock, Memory, Policy, Quota, RateLimit};

#[derive(Clone)]
struct Account {
    name: &'static str,
}

thread_local! {
    /// What this test has logged.
    static JOURNAL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the journal of the test that logs.
struct Journal;

impl io::Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        JOURNAL.with_borrow_mut(|journal| journal.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged while `act` runs, at every level.
fn logged(act: impl FnOnce()) -> String {
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .without_time()
            .with_ansi(false)
            .with_writer(|| Journal)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    JOURNAL.take();
    act();
    String::from_utf8(JOURNAL.take()).unwrap()
}

/// A request of this account, from one and the same address.
fn of_account(name: &'static str) -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    let peer: SocketAddr = ([192, 0, 2, 1], 9).into();
    head.extensions.insert(peer);
    head.extensions.insert(Account { name });
    head
}

fn ask(limit: &RateLimit, mut head: Parts) {
    assert!(matches!(limit.check(&mut head), Verdict::Now(_)));
}

/// Two policies, on a clock that stands still.
fn limit() -> RateLimit {
    let (clock, _hand) = Clock::manual();
    RateLimit::by(Quota::per_hour(1), |account: &Account| account.name)
        .and(Policy::by_address(Quota::per_hour(9)))
        .with_exemption(|head| head.uri.path() == "/health")
        .with_store(Memory::new().with_clock(clock))
}

fn health() -> Parts {
    let mut head = of_account("alice-secret");
    head.uri = http::Uri::from_static("/health");
    head
}

#[test]
fn every_decision_is_an_event_of_the_policy_and_the_outcome_and_shows_no_key() {
    let limit = limit();
    let shadow = limit.clone().in_shadow();
    let seen = logged(|| {
        for _ in 0..2 {
            ask(&limit, of_account("alice-secret"));
        }
        ask(&shadow, of_account("alice-secret"));
        ask(&limit, health());
    });
    let events: Vec<_> = seen
        .lines()
        .map(|line| line.trim_start().replace("portcullis_limit::observe: ", ""))
        .collect();
    assert_eq!(
        events,
        [
            "TRACE policy=caller outcome=\"admitted\" cost=1 remaining=0",
            "TRACE policy=address outcome=\"admitted\" cost=1 remaining=8",
            "DEBUG policy=caller outcome=\"refused\" cost=1 remaining=0 wait_ms=3600000",
            "TRACE policy=address outcome=\"uncharged\" cost=1",
            "INFO a limit in shadow would have refused policy=caller outcome=\"shadowed\" cost=1 \
             remaining=0 wait_ms=3600000",
            "TRACE policy=address outcome=\"uncharged\" cost=1",
            "TRACE policy=caller outcome=\"exempt\"",
            "TRACE policy=address outcome=\"exempt\"",
        ]
        .map(str::trim_start)
    );
}

#[cfg(feature = "metrics")]
#[test]
fn every_decision_is_counted_by_policy_and_outcome() {
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    let recorder = DebuggingRecorder::new();
    let limit = limit();
    metrics::with_local_recorder(&recorder, || {
        for _ in 0..3 {
            ask(&limit, of_account("alice-secret"));
        }
        ask(&limit.clone().in_shadow(), of_account("alice-secret"));
        ask(&limit, health());
    });
    let mut counted: Vec<_> = recorder
        .snapshotter()
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let labels: Vec<_> = key.key().labels().map(|label| label.value().to_owned()).collect();
            let DebugValue::Counter(count) = value else { panic!("{value:?} is no counter") };
            format!("{} {} {count}", key.key().name(), labels.join(" "))
        })
        .collect();
    counted.sort();
    assert_eq!(
        counted,
        [
            "portcullis_limit_decisions_total address admitted 1",
            "portcullis_limit_decisions_total address exempt 1",
            "portcullis_limit_decisions_total address uncharged 3",
            "portcullis_limit_decisions_total caller admitted 1",
            "portcullis_limit_decisions_total caller exempt 1",
            "portcullis_limit_decisions_total caller refused 2",
            "portcullis_limit_decisions_total caller shadowed 1",
        ]
    );
}
