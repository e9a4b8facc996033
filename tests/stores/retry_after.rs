//! What a refused client is told in whole seconds.

use std::{net::SocketAddr, time::Duration};

use http::{Request, request::Parts};
use portcullis::{ApiError, Clock, Guard, Memory, Policy, Quota, RateLimit, Verdict, Window};
use proptest::prelude::*;

fn request() -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    let peer: SocketAddr = ([192, 0, 2, 1], 9).into();
    head.extensions.insert(peer);
    head
}

fn ask(limit: &RateLimit) -> Result<(), ApiError> {
    match limit.check(&mut request()) {
        Verdict::Now(decision) => decision.map(drop),
        _ => panic!("memory decides now"),
    }
}

fn quota() -> impl Strategy<Value = Quota> {
    let window =
        prop_oneof![Just(None), Just(Some(Window::Epoch)), Just(Some(Window::FirstRequest)),];
    (1_u32..20, 1_000_u64..50_000_000, 1_u32..20, window).prop_map(
        |(count, micros, burst, window)| {
            let quota = Quota::per(count, Duration::from_micros(micros));
            match window {
                Some(window) => quota.in_windows(window),
                None => quota.burst(burst),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn who_waits_exactly_that_long_is_admitted_and_who_waits_a_second_less_is_not(
        first in quota(),
        second in quota(),
        cost in 1_u32..5,
        begun_after in 0_u64..100_000_000,
        pauses in prop::collection::vec(0_u64..2_000_000, 0..20),
    ) {
        let cost = cost.min(first.limit()).min(second.limit());
        let (clock, hand) = Clock::manual();
        hand.advance(Duration::from_micros(begun_after));
        let limit = RateLimit::new(Policy::by_address(first).with_cost(move |_| cost))
            .and(Policy::by_address(second).named("second").with_cost(move |_| cost))
            .with_store(Memory::new().with_capacity(64).with_clock(clock));

        // A random past, then as fast as it goes.
        for pause in pauses {
            let _ = ask(&limit);
            hand.advance(Duration::from_micros(pause));
        }
        let refusal = loop {
            if let Err(refusal) = ask(&limit) {
                break refusal;
            }
        };
        let seconds = refusal.retry_after().expect("a 429 says when").get();
        prop_assert!(seconds >= 1);
        hand.advance(Duration::from_secs(seconds - 1));
        prop_assert!(ask(&limit).is_err());
        hand.advance(Duration::from_secs(1));
        prop_assert!(ask(&limit).is_ok());
    }
}
