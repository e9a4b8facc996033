//! HTTP/2 resets a stream that sends a body on HEAD, and so does a length that is not the body's.

use portcullis::Quota;
use portcullis_tests::{ACME, Ask, Quotas, Wire, assert_alike, get, head, invoices};

use crate::way::{Visit, Way};

/// The answers to `HEAD` and to `GET` of the same thing, over one connection.
async fn both(visit: &mut Visit, dress: impl Fn(Ask) -> Ask, path: &'static str) -> [Wire; 2] {
    [visit.send(dress(head(path))).await, visit.send(dress(get(path))).await]
}

#[track_caller]
fn assert_head_of([head, get]: [Wire; 2], status: u16) {
    assert_eq!((head.status.as_u16(), head.text()), (status, ""));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_ne!(head.header("content-length"), "0");
    assert_alike(&head, &get.without_body());
}

#[tokio::test]
async fn head_of_a_401_has_its_length_and_no_body() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_head_of(both(&mut visit, |ask| ask, "/invoices/1").await, 401);
    }
}

#[tokio::test]
async fn head_of_a_404_has_its_length_and_no_body() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        for path in ["/invoices/2", "/invoices/404", "/nowhere"] {
            assert_head_of(both(&mut visit, |ask| ask.key(ACME), path).await, 404);
        }
    }
}

#[tokio::test]
async fn head_of_a_405_has_its_length_and_no_body() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let answers = both(&mut visit, |ask| ask.key(ACME), "/invoices").await;
        assert_eq!(answers[0].header("allow"), "POST", "{way:?}");
        assert_head_of(answers, 405);
    }
}

#[tokio::test]
async fn head_of_a_429_has_its_length_and_no_body() {
    for way in Way::ALL {
        let quotas = Quotas { per_account: Quota::per_hour(1), ..Quotas::default() };
        let mut visit = way.open_to(invoices(), quotas).await;
        assert_eq!(visit.send(head("/whoami").key(ACME)).await.status, 200, "{way:?}");
        let answers = both(&mut visit, |ask| ask.key(ACME), "/whoami").await;
        assert_eq!(answers[0].header("retry-after"), "3600", "{way:?}");
        assert_head_of(answers, 429);
    }
}

#[tokio::test]
async fn head_of_a_panic_has_its_length_and_no_body() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_head_of(both(&mut visit, |ask| ask.key(ACME), "/panic").await, 500);
    }
}

/// A router keeps the words of a rejection from a stack around it, so that nobody there can know how
/// long they are.
#[tokio::test]
async fn head_of_a_rejection_has_the_length_of_its_get_or_none_and_no_body() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let [head, got] = both(&mut visit, |ask| ask.key(ACME), "/invoices/letters").await;
        assert_eq!((head.status.as_u16(), head.text()), (400, ""), "{way:?}");
        assert!(["", "24"].contains(&head.header("content-length")), "{way:?}");
        let headers = got.without_body().without("content-length");
        assert_alike(&head.without("content-length"), &headers);
    }
}

#[tokio::test]
async fn head_of_what_is_there_is_the_services_own() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_head_of(both(&mut visit, |ask| ask.key(ACME), "/invoices/1").await, 200);
    }
}
