//! What is asked of a store, one promise a function. A store's own file runs [`all`].

use std::time::Duration;

use portcullis::limit::{Quota, Window};

use crate::subject::{Account, Subject, admitted_of, decide, is_admitted, peek};

const NANOSECOND: Duration = Duration::from_nanos(1);

/// Every promise, each of a store that was just made, with its name.
pub(crate) async fn all<S: Subject>(make: impl AsyncFn() -> S) {
    a_burst_is_counted_down_and_comes_back_one_interval_at_a_time(&make().await).await;
    who_waits_as_long_as_told_is_admitted_and_who_waits_less_is_not(&make().await).await;
    a_refusal_spends_nothing(&make().await).await;
    a_charge_of_nothing_only_asks(&make().await).await;
    several_charges_are_spent_together_or_not_at_all(&make().await).await;
    a_request_may_cost_several_and_waits_for_all_of_them(&make().await).await;
    keys_and_policies_are_accounts_of_their_own(&make().await).await;
    a_window_admits_exactly_its_count_and_then_all_of_it_again(&make().await).await;
    a_window_of_the_epoch_begins_with_its_multiple(&make().await).await;
    what_is_given_back_can_be_spent_again_and_is_never_more_than_was_spent(&make().await).await;
    what_is_forgotten_is_whole(&make().await).await;
    under_another_quota_what_was_sent_was_sent(&make().await).await;
    no_change_of_quotas_however_often_gives_more_than_the_larger(&make().await).await;
}

async fn a_burst_is_counted_down_and_comes_back_one_interval_at_a_time(subject: &impl Subject) {
    let account = Account::new("api", "alice", Quota::per_second(4).burst(3));
    for remaining in [2, 1, 0] {
        let decision = decide(subject, &[account.charge(1)]).await;
        assert!(decision.is_admitted());
        assert_eq!(decision.standings()[0].remaining(), remaining);
    }
    assert!(!is_admitted(subject, &account).await);
    for _ in 0..5 {
        subject.advance(Duration::from_millis(250));
        assert_eq!(admitted_of(subject, 3, &account).await, 1);
    }
    subject.advance(Duration::from_secs(60));
    assert_eq!(admitted_of(subject, 10, &account).await, 3);
}

async fn who_waits_as_long_as_told_is_admitted_and_who_waits_less_is_not(subject: &impl Subject) {
    let rate = Quota::per(7, Duration::from_secs(3)).burst(2);
    let window = Quota::per(2, Duration::from_secs(3)).in_windows(Window::FirstRequest);
    for (policy, quota) in [("rate", rate), ("window", window)] {
        let account = Account::new(policy, "alice", quota);
        assert_eq!(admitted_of(subject, 5, &account).await, 2);
        let refusal = decide(subject, &[account.charge(1)]).await;
        let wait = refusal.standings()[0].retry_after().expect("a refusal says when");
        // Stores count in microseconds at the coarsest.
        subject.advance(wait.saturating_sub(Duration::from_micros(1)));
        assert!(!is_admitted(subject, &account).await, "{policy}");
        subject.advance(Duration::from_micros(1));
        assert!(is_admitted(subject, &account).await, "{policy}");
    }
}

async fn a_refusal_spends_nothing(subject: &impl Subject) {
    let account = Account::new("api", "alice", Quota::per_minute(1));
    assert_eq!(admitted_of(subject, 1_000, &account).await, 1);
    subject.advance(Duration::from_secs(60));
    assert!(is_admitted(subject, &account).await);
}

async fn a_charge_of_nothing_only_asks(subject: &impl Subject) {
    let window = Quota::per_minute(2).in_windows(Window::FirstRequest);
    for (policy, quota) in [("rate", Quota::per_minute(2)), ("window", window)] {
        let account = Account::new(policy, "alice", quota);
        for _ in 0..10 {
            let standing = peek(subject, &account).await;
            assert_eq!(
                (standing.remaining(), standing.whole_in()),
                (2, Duration::ZERO),
                "{policy}"
            );
        }
        // Nor does it begin a window.
        subject.advance(Duration::from_secs(30));
        assert_eq!(admitted_of(subject, 3, &account).await, 2);
        let standing = peek(subject, &account).await;
        assert_eq!(standing.remaining(), 0);
        assert!(standing.retry_after().is_some_and(|wait| wait >= Duration::from_secs(30)));
        assert_eq!(standing.whole_in(), Duration::from_secs(60));
    }
}

async fn several_charges_are_spent_together_or_not_at_all(subject: &impl Subject) {
    let hourly = Account::new("hourly", "alice", Quota::per_hour(10));
    let second = Account::new("second", "alice", Quota::per_second(1));
    let daily = Account::new("daily", "acme", Quota::per_hour(3).in_windows(Window::FirstRequest));
    let charges = || [hourly.charge(1), second.charge(1), daily.charge(2)];

    let admitted = decide(subject, &charges()).await;
    let remaining: Vec<_> = admitted.standings().iter().map(|it| it.remaining()).collect();
    assert_eq!((admitted.is_admitted(), remaining), (true, vec![9, 0, 1]));
    for _ in 0..5 {
        let refused = decide(subject, &charges()).await;
        let told: Vec<_> = refused
            .standings()
            .iter()
            .map(|it| (it.remaining(), it.retry_after().is_some()))
            .collect();
        assert!(!refused.is_admitted());
        assert_eq!(told, [(9, false), (0, true), (1, true)]);
    }
    assert_eq!(peek(subject, &hourly).await.remaining(), 9);
    assert_eq!(peek(subject, &daily).await.remaining(), 1);
}

async fn a_request_may_cost_several_and_waits_for_all_of_them(subject: &impl Subject) {
    let account = Account::new("api", "alice", Quota::per_minute(60).burst(10));
    let batch = decide(subject, &[account.charge(7)]).await;
    assert_eq!((batch.is_admitted(), batch.standings()[0].remaining()), (true, 3));
    let refused = decide(subject, &[account.charge(5)]).await;
    let standing = refused.standings()[0];
    assert_eq!((refused.is_admitted(), standing.remaining()), (false, 3));
    assert_eq!(standing.retry_after(), Some(Duration::from_secs(2)));
    assert!(decide(subject, &[account.charge(3)]).await.is_admitted());
}

async fn keys_and_policies_are_accounts_of_their_own(subject: &impl Subject) {
    let long = "k".repeat(10_000);
    for (policy, key) in [("a", "x"), ("a", "y"), ("b", "x"), ("ax", ""), ("a", &long)] {
        let account = Account::new(policy, key, Quota::per_hour(3));
        assert_eq!(admitted_of(subject, 5, &account).await, 3, "{policy} {}", key.len());
    }
}

async fn a_window_admits_exactly_its_count_and_then_all_of_it_again(subject: &impl Subject) {
    let quota = Quota::per(5, Duration::from_secs(10)).in_windows(Window::FirstRequest);
    let account = Account::new("api", "alice", quota);
    subject.advance(Duration::from_secs(3));
    for _ in 0..3 {
        assert_eq!(admitted_of(subject, 9, &account).await, 5);
        subject.advance(Duration::from_secs(10) - NANOSECOND * 1_000);
        assert_eq!(admitted_of(subject, 9, &account).await, 0);
        subject.advance(NANOSECOND * 1_000);
    }
}

async fn a_window_of_the_epoch_begins_with_its_multiple(subject: &impl Subject) {
    let quota = Quota::per_hour(5).in_windows(Window::Epoch);
    let since = subject.store().since_unix_epoch();
    let into_the_hour = Duration::from_nanos((since.as_nanos() % 3_600_000_000_000) as u64);
    // To five minutes before the next hour.
    let to_the_hour = Duration::from_secs(3_600) - into_the_hour;
    subject.advance(to_the_hour + Duration::from_secs(55 * 60));

    for key in ["alice", "bob"] {
        let account = Account::new("api", key, quota);
        assert_eq!(admitted_of(subject, 9, &account).await, 5);
        let wait = peek(subject, &account).await.retry_after().expect("nothing is left");
        assert!(wait <= Duration::from_secs(300), "{wait:?}");
        assert!(wait > Duration::from_secs(290), "{wait:?}");
    }
    subject.advance(Duration::from_secs(300));
    assert_eq!(admitted_of(subject, 9, &Account::new("api", "alice", quota)).await, 5);
}

async fn what_is_given_back_can_be_spent_again_and_is_never_more_than_was_spent(
    subject: &impl Subject,
) {
    let window = Quota::per_hour(10).in_windows(Window::FirstRequest);
    for (policy, quota) in [("rate", Quota::per_hour(10)), ("window", window)] {
        let account = Account::new(policy, "alice", quota);
        let refund = async |cost| {
            let answer = subject.store().refund(&[account.charge(cost)]);
            answer.wait().await.expect("the store answers");
        };
        refund(5).await;
        assert_eq!(admitted_of(subject, 20, &account).await, 10, "{policy}");
        refund(4).await;
        assert_eq!(admitted_of(subject, 20, &account).await, 4, "{policy}");
        refund(10).await;
        refund(10).await;
        assert_eq!(admitted_of(subject, 20, &account).await, 10, "{policy}");
    }
}

async fn what_is_forgotten_is_whole(subject: &impl Subject) {
    let window = Quota::per_hour(3).in_windows(Window::Epoch);
    for (policy, quota) in [("rate", Quota::per_hour(3)), ("window", window)] {
        let account = Account::new(policy, "alice", quota);
        let other = Account::new(policy, "bob", quota);
        assert_eq!(admitted_of(subject, 5, &account).await, 3);
        assert_eq!(admitted_of(subject, 5, &other).await, 3);
        subject.store().reset(&account.charge(0)).wait().await.expect("the store answers");
        assert_eq!(admitted_of(subject, 5, &account).await, 3);
        assert_eq!(admitted_of(subject, 5, &other).await, 0);
    }
}

async fn under_another_quota_what_was_sent_was_sent(subject: &impl Subject) {
    let free = Account::new("api", "alice", Quota::per_hour(10));
    let paid = free.with_quota(Quota::per_second(100));
    assert_eq!(admitted_of(subject, 5, &free).await, 5);
    assert_eq!(admitted_of(subject, 200, &paid).await, 95);
    assert_eq!(admitted_of(subject, 20, &free).await, 0);
    // Who waits as long as the new quota says is admitted by it.
    let wait = peek(subject, &paid).await.retry_after().expect("nothing is left");
    assert!(!is_admitted(subject, &paid).await);
    subject.advance(wait);
    assert!(is_admitted(subject, &paid).await);
}

async fn no_change_of_quotas_however_often_gives_more_than_the_larger(subject: &impl Subject) {
    let day = Duration::from_secs(86_400);
    let in_windows = |quota: Quota| quota.in_windows(Window::FirstRequest);
    let (fast, slow) = (Quota::per_second(10), Quota::per(10_000, day));
    let (hourly, daily) = (in_windows(Quota::per_hour(10)), in_windows(Quota::per(50, day)));
    for (policy, quotas, most) in [
        ("rates", [fast, slow], 10_000 + 10 * 60 + 10),
        ("windows", [hourly, daily], 50),
        ("a window and a rate", [daily, Quota::per_hour(60)], 60 + 1 + 50),
    ] {
        let accounts = quotas.map(|quota| Account::new(policy, "alice", quota));
        let mut admitted = 0;
        for _ in 0..60 {
            for account in &accounts {
                while is_admitted(subject, account).await {
                    admitted += 1;
                    assert!(admitted <= most, "{policy}");
                }
            }
            subject.advance(Duration::from_secs(1));
        }
    }
}
