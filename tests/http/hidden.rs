use portcullis_tests::{ACME, Ask, GLOBEX, Wire, assert_alike, delete, get, head};

use crate::way::{Visit, Way};

/// The answers for another tenant's invoice, for a missing one, and for a path that is no path.
async fn three(visit: &mut Visit, ask: fn(&'static str) -> Ask, key: &str) -> [Wire; 3] {
    let foreign = if key == ACME { "/invoices/2" } else { "/invoices/1" };
    [
        visit.send(ask(foreign).key(key)).await,
        visit.send(ask("/invoices/404").key(key)).await,
        visit.send(ask("/nowhere").key(key)).await,
    ]
}

#[tokio::test]
async fn another_tenants_invoice_looks_missing_and_a_missing_one_like_an_unknown_path() {
    for way in Way::ALL {
        for key in [ACME, GLOBEX] {
            let mut visit = way.open().await;
            let [masked, absent, unknown] = three(&mut visit, get, key).await;
            assert_eq!(
                masked.lines(),
                [
                    "404 Not Found",
                    "cache-control: no-store",
                    "content-length: 22",
                    "content-type: application/json",
                    "x-ratelimit-limit: 300",
                    "x-ratelimit-remaining: 299",
                    "",
                    r#"{"detail":"Not Found"}"#,
                ],
                "{way:?}"
            );
            assert_alike(&masked, &absent);
            assert_alike(&masked, &unknown);
        }
    }
}

#[tokio::test]
async fn head_of_a_hidden_invoice_has_the_length_of_its_get_like_head_of_a_missing_one() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let [masked, absent, unknown] = three(&mut visit, head, ACME).await;
        let got = visit.send(get("/invoices/2").key(ACME)).await;
        assert_eq!((masked.header("content-length"), masked.text()), ("22", ""), "{way:?}");
        assert_alike(&masked, &got.without_body());
        assert_alike(&masked, &absent);
        assert_alike(&masked, &unknown);
    }
}

#[tokio::test]
async fn nobody_learns_by_deleting_what_is_there() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let [masked, absent, unknown] = three(&mut visit, delete, ACME).await;
        assert_eq!((masked.status.as_u16(), masked.text()), (404, r#"{"detail":"Not Found"}"#));
        assert_alike(&masked, &absent);
        assert_alike(&masked, &unknown);
    }
}

#[tokio::test]
async fn without_a_key_a_hidden_a_missing_and_an_unknown_path_all_ask_for_one() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let hidden = visit.send(get("/invoices/2")).await;
        assert_eq!((hidden.status.as_u16(), hidden.header("www-authenticate")), (401, "Bearer"));
        for path in ["/invoices/404", "/nowhere"] {
            assert_alike(&hidden, &visit.send(get(path)).await);
        }
    }
}
