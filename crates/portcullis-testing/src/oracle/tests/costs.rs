//! What a request costs of a quota, by what is left of it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use super::{
    channels::{
        Answered,
        Row::{Foreign, Missing},
        asked, fields, not_found,
    },
    *,
};

/// A quota that an answer tells of.
#[derive(Clone)]
struct Quota(Arc<AtomicI64>);

impl Quota {
    fn of(left: i64) -> Self {
        Self(Arc::new(AtomicI64::new(left)))
    }

    fn spend(&self, cost: i64) -> Answered {
        let left = self.0.fetch_sub(cost, Ordering::Relaxed) - cost;
        Self::tell(left)
    }

    fn tell(left: i64) -> Answered {
        let mut response = not_found();
        response.headers_mut().insert("x-ratelimit-remaining", left.into());
        response
    }
}

#[tokio::test]
async fn what_costs_more_is_found_by_what_is_left() {
    let quota = Quota::of(1_000_000);
    let told = asked(&Oracle::new(), move |row, request| {
        let is_dear = row == Foreign && request.method() == Method::PUT;
        quota.spend(if is_dear { 10 } else { 1 })
    })
    .await;
    let told: Vec<_> = told.iter().map(|it| format!("{} {it}", it.probe())).collect();
    let expected = "PUT cost by x-ratelimit-remaining: 10 if it is another's, 1 if it is missing";
    assert_eq!(told, [expected]);
}

#[tokio::test]
async fn what_costs_more_is_found_although_the_quota_is_full_again_each_time() {
    let told = fields(|row, _| Quota::tell(if row == Foreign { 98 } else { 99 })).await;
    assert_eq!(told, ["header x-ratelimit-remaining"]);
}

#[tokio::test]
async fn the_costs_of_each_policy_of_the_ietfs_field_are_compared() {
    let (burst, daily) = (AtomicI64::new(1_000_000), AtomicI64::new(1_000_000));
    let (burst, daily) = (Arc::new(burst), Arc::new(daily));
    let told = fields(move |row, _| {
        let cost = if row == Foreign { 2 } else { 1 };
        let mut response = not_found();
        let burst = burst.fetch_sub(1, Ordering::Relaxed);
        let daily = daily.fetch_sub(cost, Ordering::Relaxed);
        let field = format!(r#""burst";r={burst};t=1, "daily";r={daily};t=9"#);
        response.headers_mut().insert("ratelimit", field.parse().unwrap());
        response
    });
    assert_eq!(told.await, [r#"cost by ratelimit "daily""#]);
}

#[tokio::test]
async fn a_quota_that_is_refilled_shared_or_of_each_path_is_no_alarm() {
    let oracle = Oracle::new();
    let refilled = Quota::of(100_000);
    let clock = AtomicUsize::new(0);
    let clock = Arc::new(clock);
    let told = asked(&oracle, move |_, _| {
        // Now one unit comes back, now five, now others spend three.
        let now = clock.fetch_add(1, Ordering::Relaxed);
        refilled.spend([1, 0, -4, 1, 4, 1, 1][now % 7])
    });
    let told = told.await;
    assert!(told.is_empty(), "{told}");

    // As much comes back as is spent, in the rhythm of the requests.
    let in_rhythm = Quota::of(100_000);
    let clock = Arc::new(AtomicUsize::new(0));
    let told = asked(&oracle, move |_, _| {
        let now = clock.fetch_add(1, Ordering::Relaxed);
        in_rhythm.spend([1, 0, 0, 1][now % 4])
    });
    let told = told.await;
    assert!(told.is_empty(), "{told}");

    // One of them has been asked for before.
    let [foreign, missing] = [Quota::of(90_000), Quota::of(100_000)];
    let of_each_path = asked(&oracle, move |row, _| match row {
        Foreign => foreign.spend(1),
        Missing => missing.spend(1),
    });
    let of_each_path = of_each_path.await;
    assert!(of_each_path.is_empty(), "{of_each_path}");
}
