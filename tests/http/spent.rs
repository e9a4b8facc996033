use std::time::Duration;

use portcullis::Quota;
use portcullis_tests::{ACME, GLOBEX, Quotas, get, invoices};

use crate::way::{Visit, Way};

/// A client whose account has this quota and has spent it.
async fn spent(way: Way, per_account: Quota) -> Visit {
    let mut visit = way.open_to(invoices(), Quotas { per_account, ..Quotas::default() }).await;
    for _ in 0..per_account.limit() {
        assert_eq!(visit.send(get("/whoami").key(ACME)).await.status, 200);
    }
    visit
}

#[tokio::test]
async fn a_spent_quota_is_a_429_with_the_limit_that_binds() {
    for way in Way::ALL {
        let mut visit = spent(way, Quota::per_minute(6)).await;
        assert_eq!(
            visit.send(get("/whoami").key(ACME)).await.lines(),
            [
                "429 Too Many Requests",
                "content-length: 32",
                "content-type: application/json",
                "retry-after: 10",
                "x-ratelimit-limit: 6",
                "x-ratelimit-remaining: 0",
                "",
                r#"{"detail":"Rate limit exceeded"}"#,
            ],
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn who_waits_exactly_retry_after_is_admitted_and_a_second_less_is_not() {
    const SECOND: Duration = Duration::from_secs(1);
    for way in Way::ALL {
        // One request comes back after 10 s, and after 8.571429 s.
        for (quota, wait) in [(Quota::per_minute(6), 10), (Quota::per_minute(7), 9)] {
            let mut visit = spent(way, quota).await;
            let refused = visit.send(get("/whoami").key(ACME)).await;
            assert_eq!(refused.header("retry-after"), wait.to_string(), "{way:?}");

            visit.clock.advance(SECOND * (wait - 1));
            let early = visit.send(get("/whoami").key(ACME)).await;
            assert_eq!((early.status.as_u16(), early.header("retry-after")), (429, "1"));

            visit.clock.advance(SECOND);
            let admitted = visit.send(get("/whoami").key(ACME)).await;
            assert_eq!((admitted.status.as_u16(), admitted.text()), (200, "wile"), "{way:?}");
            assert_eq!(visit.send(get("/whoami").key(ACME)).await.status, 429, "{way:?}");
        }
    }
}

#[tokio::test]
async fn retry_after_is_never_zero() {
    for way in Way::ALL {
        let mut visit = spent(way, Quota::per_second(5)).await;
        let refused = visit.send(get("/whoami").key(ACME)).await;
        assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "1"));
        visit.clock.advance(Duration::from_secs(1));
        assert_eq!(visit.send(get("/whoami").key(ACME)).await.status, 200, "{way:?}");
    }
}

#[tokio::test]
async fn one_accounts_spent_quota_is_not_anothers() {
    for way in Way::ALL {
        let mut visit = spent(way, Quota::per_hour(1)).await;
        assert_eq!(visit.send(get("/whoami").key(ACME)).await.status, 429, "{way:?}");
        assert_eq!(visit.send(get("/whoami").key(GLOBEX)).await.status, 200, "{way:?}");
    }
}

#[tokio::test]
async fn guessing_keys_spends_the_addresss_quota_and_then_no_key_is_looked_at() {
    for way in Way::ALL {
        let quotas = Quotas { per_address: Quota::per_minute(2), ..Quotas::default() };
        let mut visit = way.open_to(invoices(), quotas).await;
        for guess in ["guess-1", "guess-2"] {
            assert_eq!(visit.send(get("/whoami").key(guess)).await.status, 401, "{way:?}");
        }
        let refused = visit.send(get("/whoami").key(ACME)).await;
        assert_eq!(refused.status, 429, "{way:?}");
        assert_eq!(refused.header("x-ratelimit-limit"), "2");
        assert_eq!(refused.header("retry-after"), "30");
        assert_eq!(refused.header("www-authenticate"), "");
    }
}
