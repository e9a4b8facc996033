//! Several limits of one request read the clock once, unless somebody between them takes time.

use std::sync::Arc;

use super::*;
use crate::KeyHasher;

const IN_TWO_HOURS: u64 = 2 * 3_600 * 1_000_000_000;

fn admits_at(limit: &RateLimit, moment: &mut Moment) -> bool {
    matches!(limit.check_at(&mut from_client(), moment), Verdict::Now(Ok(_)))
}

#[test]
fn a_limit_believes_the_moment_that_another_has_read() {
    let limit = RateLimit::by_address(Quota::per_hour(1));
    assert!(admits_at(&limit, &mut Moment::default()));
    assert!(!admits_at(&limit, &mut Moment::default()));
    assert!(admits_at(&limit, &mut Moment::at(IN_TWO_HOURS)));
}

#[test]
fn after_a_key_that_may_take_its_time_the_clock_is_read_again() {
    struct Slow;

    impl Key for Slow {
        fn hash(&self, _head: &Parts, _hasher: &mut KeyHasher) -> Result<(), NoKey> {
            Ok(())
        }
    }

    let mut moment = Moment::at(IN_TWO_HOURS);
    assert!(admits_at(&RateLimit::by_key(Quota::per_hour(1), Slow), &mut moment));
    assert!(moment.known().is_some_and(|now| now < IN_TWO_HOURS));
}

#[test]
fn a_limit_leaves_the_moment_that_it_has_read() {
    let mut moment = Moment::default();
    assert!(admits_at(&RateLimit::by_address(Quota::per_hour(1)), &mut moment));
    assert!(moment.known().is_some());
}

#[test]
fn a_clock_that_stands_still_neither_believes_a_moment_nor_leaves_one() {
    let (limit, _hand) = at_rest(RateLimit::by_address(Quota::per_hour(1)));
    let mut moment = Moment::default();
    assert!(admits_at(&limit, &mut moment));
    assert_eq!(moment.known(), None);
    assert!(!admits_at(&limit, &mut moment));
}

#[test]
fn after_a_guard_that_may_take_its_time_the_clock_is_read_again() {
    struct Slow;

    impl Guard for Slow {
        fn check(&self, _head: &mut Parts) -> Verdict {
            Verdict::from(Admission::new())
        }
    }

    let exempting =
        RateLimit::by_address(Quota::per_hour(9)).with_exemption(|head| head.method == "OPTIONS");
    let guards: [Arc<dyn Guard>; 3] = [Arc::new(Slow), Arc::new(Some(Slow)), Arc::new(exempting)];
    for guard in guards {
        let mut moment = Moment::at(IN_TWO_HOURS);
        assert!(matches!(guard.check_at(&mut from_client(), &mut moment), Verdict::Now(Ok(_))));
        assert_eq!(moment.known(), None);
    }
}
