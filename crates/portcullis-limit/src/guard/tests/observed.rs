//! What operators see of a limit.

use std::{
    io,
    sync::{Arc, Mutex},
};

use super::*;
use crate::Policy;

/// What is logged while `act` runs, at every level.
fn logged(act: impl FnOnce()) -> String {
    #[derive(Clone, Default)]
    struct Journal(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Journal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let journal = Journal::default();
    let writer = journal.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, act);
    let bytes = journal.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn limit() -> RateLimit {
    RateLimit::by(Quota::per_hour(1), |account: &Account| account.name)
        .and(Policy::by_address(Quota::per_hour(9)))
        .with_exemption(|head| head.uri.path() == "/health")
}

fn health() -> Parts {
    let mut head = of_account("alice-secret");
    head.uri = http::Uri::from_static("/health");
    head
}

#[test]
fn every_decision_is_an_event_of_the_policy_and_the_outcome_and_shows_no_key() {
    let (limit, _hand) = at_rest(limit());
    let shadow = limit.clone().in_shadow();
    let seen = logged(|| {
        for _ in 0..2 {
            let _ = ask(&limit, of_account("alice-secret"));
        }
        let _ = ask(&shadow, of_account("alice-secret"));
        let _ = ask(&limit, health());
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
    let (limit, _hand) = at_rest(limit());
    metrics::with_local_recorder(&recorder, || {
        for _ in 0..3 {
            let _ = ask(&limit, of_account("alice-secret"));
        }
        let _ = ask(&limit.clone().in_shadow(), of_account("alice-secret"));
        let _ = ask(&limit, health());
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
