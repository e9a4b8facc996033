//! No place is locked while a store says that it has no room: what writes the log may ask the store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    sync::{Once, mpsc},
    thread,
    time::Duration,
};

use http::{Request, request::Parts};
use portcullis_core::{Guard, Verdict};
use portcullis_limit::{Clock, Memory, OnFull, Policy, Quota, RateLimit};
use tracing::Level;

#[derive(Clone)]
struct Account(u32);

thread_local! {
    /// The limit that is charged for every line that this thread logs.
    static CHARGED: RefCell<Option<RateLimit>> = const { RefCell::new(None) };
    /// How many of them said that there is no room.
    static TOLD: Cell<usize> = const { Cell::new(0) };
}

/// Charges the limit of the thread that logs.
struct Charging;

impl io::Write for Charging {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_told = String::from_utf8_lossy(bytes).contains("has no room");
        TOLD.set(TOLD.get() + usize::from(is_told));
        CHARGED.with_borrow(|limit| ask(limit.as_ref().unwrap(), Account(0)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let subscriber =
            tracing_subscriber::fmt().with_max_level(Level::WARN).with_writer(|| Charging).finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

fn ask(limit: &RateLimit, account: Account) {
    let (mut head, ()): (Parts, ()) = Request::new(()).into_parts();
    head.extensions.insert(SocketAddr::from(([192, 0, 2, 1], 9)));
    head.extensions.insert(account);
    assert!(matches!(limit.check(&mut head), Verdict::Now(_)));
}

/// How often it is told that there is no room, while more accounts come than there is room for;
/// nothing if one waits for a place for ever.
fn told_of(limit: RateLimit) -> Option<usize> {
    const DEADLOCK: Duration = Duration::from_secs(10);

    listen();
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        CHARGED.set(Some(limit.clone()));
        for number in 0..20 {
            ask(&limit, Account(number));
        }
        done.send(TOLD.get()).unwrap();
    });
    is_done.recv_timeout(DEADLOCK).ok()
}

/// A limit of one an hour for each account, with room for eight keys in one set.
fn limit(on_full: OnFull) -> RateLimit {
    let (clock, _hand) = Clock::manual();
    let store = Memory::new().with_capacity(8).with_clock(clock).on_full(on_full);
    RateLimit::by(Quota::per_hour(1), |account: &Account| &account.0).with_store(store)
}

#[test]
fn what_logs_that_a_limit_has_no_room_may_charge_it() {
    for on_full in [OnFull::Admit, OnFull::Refuse] {
        // Of twelve overflows the first, second, fourth and eighth are told.
        assert_eq!(told_of(limit(on_full)), Some(4), "{on_full:?}");
    }
}

#[test]
fn what_logs_that_a_limit_of_several_policies_has_no_room_may_charge_it() {
    for on_full in [OnFull::Admit, OnFull::Refuse] {
        let limit = limit(on_full).and(Policy::by_address(Quota::per_hour(100)));
        assert_eq!(told_of(limit), Some(4), "{on_full:?}");
    }
}
