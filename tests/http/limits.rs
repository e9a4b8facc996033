use portcullis::Quota;
use portcullis_tests::{ACME, Quotas, Wire, get, invoices};

use crate::way::{Visit, Way};

async fn visit(way: Way, per_address: u32, per_account: u32) -> Visit {
    let quotas = Quotas {
        per_address: Quota::per_hour(per_address),
        per_account: Quota::per_hour(per_account),
    };
    way.open_to(invoices(), quotas).await
}

/// The status, the limit, and what is left of it.
fn pair(wire: &Wire) -> (u16, &str, &str) {
    let [limit, remaining] =
        ["x-ratelimit-limit", "x-ratelimit-remaining"].map(|name| wire.header(name));
    assert!(wire.headers.get_all("x-ratelimit-limit").iter().count() < 2);
    assert!(wire.headers.get_all("x-ratelimit-remaining").iter().count() < 2);
    (wire.status.as_u16(), limit, remaining)
}

#[tokio::test]
async fn of_two_limits_the_one_with_less_left_is_shown() {
    for way in Way::ALL {
        let mut per_account = visit(way, 100, 10).await;
        let answer = per_account.send(get("/whoami").key(ACME)).await;
        assert_eq!(pair(&answer), (200, "10", "9"), "{way:?}");

        let mut per_address = visit(way, 10, 100).await;
        let answer = per_address.send(get("/whoami").key(ACME)).await;
        assert_eq!(pair(&answer), (200, "10", "9"), "{way:?}");
    }
}

#[tokio::test]
async fn a_429_by_account_says_its_own_limit_and_that_nothing_is_left() {
    for way in Way::ALL {
        let mut visit = visit(way, 100, 1).await;
        assert_eq!(pair(&visit.send(get("/whoami").key(ACME)).await), (200, "1", "0"), "{way:?}");
        assert_eq!(pair(&visit.send(get("/whoami").key(ACME)).await), (429, "1", "0"), "{way:?}");
        // What the address was charged stays charged.
        assert_eq!(pair(&visit.send(get("/whoami")).await), (401, "100", "97"), "{way:?}");
    }
}

#[tokio::test]
async fn every_kind_of_answer_is_charged_and_says_so() {
    for way in Way::ALL {
        let mut visit = visit(way, 100, 50).await;
        for (path, status, remaining) in [
            ("/whoami", 200, "49"),
            ("/unchanged", 304, "48"),
            ("/invoices/letters", 400, "47"),
            ("/invoices/2", 404, "46"),
            ("/invoices", 405, "45"),
            ("/panic", 500, "44"),
        ] {
            let answer = visit.send(get(path).key(ACME)).await;
            assert_eq!(pair(&answer), (status, "50", remaining), "{way:?} {path}");
        }
    }
}
