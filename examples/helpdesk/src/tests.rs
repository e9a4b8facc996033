//! No tenant can tell another's tickets from missing ones, and a file keeps what it is given.

use std::{env, fs, net::SocketAddr, process};

use axum::http::Request;
use portcullis::{Quota, extract::Json};
use portcullis_testing::{Matrix, Route};

use crate::{
    gate::{self, Limits},
    store::Store,
    ticket::{Draft, Reused, Ticket},
};

fn request(key: &str) -> Request<()> {
    Request::builder()
        .header("authorization", format!("Bearer {key}"))
        .extension(SocketAddr::from(([127, 0, 0, 1], 7)))
        .body(())
        .unwrap()
}

#[tokio::test]
async fn no_tenant_can_tell_that_another_has_a_ticket() {
    let many = Quota::per_minute(100_000);
    let limits = Limits { address: many, key: many, ingestion: many };
    let app = gate::protect(&Store::open(None).unwrap(), &limits);
    let tickets = Route::new("/v1/tickets/{ticket_id}")
        .first_owns("/v1/tickets/1")
        .second_owns("/v1/tickets/3")
        .missing("/v1/tickets/999");
    Matrix::new(request("hd_acme_full"), request("hd_globex_full"))
        .route(tickets)
        .covering([
            "/v1/tickets",
            "/v1/tickets/{ticket_id}",
            "/v1/kb/articles",
            "/v1/account",
            "/v1/demo/panic",
        ])
        .assert_indistinguishable(app)
        .await;
}

/// The id of the ticket that this key opens, or has opened.
async fn open(file: &str, subject: &str) -> Result<i64, Reused> {
    let store = Store::open(Some(file.to_owned())).unwrap();
    let body = format!(r#"{{"subject":"{subject}","priority":"low"}}"#);
    let Json(draft) = Json::<Draft>::from_bytes(body.as_bytes()).unwrap();
    let ticket = Ticket::open("acme".to_owned(), Some("k-1".to_owned()), draft, &store);
    ticket.await.unwrap().map(|ticket| ticket.id)
}

#[tokio::test]
async fn a_file_keeps_tickets_and_what_opened_them() {
    let file = env::temp_dir().join(format!("helpdesk-{}.sqlite", process::id()));
    let path = file.to_str().unwrap();
    for _ in 0..2 {
        assert!(matches!(open(path, "late again").await, Ok(4)));
    }
    assert!(matches!(open(path, "something else").await, Err(Reused)));
    fs::remove_file(file).unwrap();
}
