use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{Extension, Json, Router, body::Body, extract::Request, routing::put};
use portcullis_core::{BoxError, Code};
use tower::ServiceExt;

use super::*;
use crate::{Audit, AuditEvent, InvalidId, MaskLayer, Member, OnUnproven, PathParameters, Reason};

#[derive(Clone)]
struct Account {
    is_editor: bool,
}

impl Member for Account {
    type Tenant = u64;

    fn belongs_to(&self, tenant: &u64) -> bool {
        *tenant == 1
    }

    fn name(&self) -> impl fmt::Display {
        "wile"
    }
}

#[derive(Debug)]
struct Ticket {
    tenant: u64,
    is_closed: bool,
}

impl Resource for Ticket {
    type Principal = Account;
    type State = ();
    type Id = u64;
    type Error = Infallible;

    const NOUN: &str = "Ticket";

    fn id(path: &PathParameters<'_>) -> Result<u64, InvalidId> {
        path.parse("id")
    }

    async fn load((): (), id: u64, _: &Account) -> Result<Option<Self>, Infallible> {
        let ticket = |tenant| Self { tenant, is_closed: id == 4 };
        Ok([(1, 1), (2, 2), (4, 1)].iter().find(|(known, _)| *known == id).map(|it| ticket(it.1)))
    }

    fn owner(&self) -> &u64 {
        &self.tenant
    }
}

enum Edit {}

const READ_ONLY: Code = Code::new("READ_ONLY");

impl Action<Ticket> for Edit {
    fn is_allowed(caller: &Account, ticket: &Ticket) -> bool {
        caller.is_editor && !ticket.is_closed
    }

    fn refusal() -> ApiError {
        ApiError::forbidden().with_code(READ_ONLY)
    }
}

#[derive(Clone, Default)]
struct Trail(Arc<Mutex<Vec<Reason>>>);

impl Audit for Trail {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        self.0.lock().unwrap().push(event.reason());
        Ok(())
    }
}

/// The status and the words of an answer to this body.
async fn ask(trail: &Trail, is_editor: bool, id: u64, body: &'static str) -> (u16, String) {
    let rename = async |_: Allowed<Ticket, Edit>, Json(_): Json<String>| ();
    let router = Router::new()
        .route("/tickets/{id}", put(rename))
        .layer(MaskLayer::new().with_audit(trail.clone()).on_unproven(OnUnproven::Hide))
        .layer(Extension(Account { is_editor }));
    let request = Request::put(format!("/tickets/{id}"));
    let request = request.header("content-type", "application/json").body(Body::from(body));
    let Ok(response) = router.with_state(()).oneshot(request.unwrap()).await;
    let words = response.extensions().get::<ApiError>().map(ToString::to_string);
    (response.status().as_u16(), words.unwrap_or_default())
}

#[tokio::test]
async fn a_foreign_row_is_hidden_then_a_role_is_too_low_and_then_a_body_is_wrong() {
    let trail = Trail::default();
    let hidden = (404, "404: Ticket not found".to_owned());
    let forbidden = (403, "403 READ_ONLY: Forbidden".to_owned());
    for body in ["{", "\"new\""] {
        assert_eq!(ask(&trail, false, 2, body).await, hidden);
        assert_eq!(ask(&trail, false, 3, body).await, hidden);
        assert_eq!(ask(&trail, false, 1, body).await, forbidden);
        assert_eq!(ask(&trail, true, 2, body).await, hidden);
        assert_eq!(ask(&trail, true, 4, body).await, forbidden);
    }
    assert_eq!(ask(&trail, true, 1, "{").await.0, 422);
    assert_eq!(ask(&trail, true, 1, "\"new\"").await.0, 200);
    let reasons = [Reason::Foreign, Reason::Missing, Reason::Role, Reason::Foreign, Reason::Role];
    assert_eq!(*trail.0.lock().unwrap(), reasons.repeat(2));
}

#[test]
fn what_a_refusal_was_caused_by_is_kept() {
    enum Archive {}
    impl Action<Ticket> for Archive {
        fn is_allowed(_: &Account, _: &Ticket) -> bool {
            false
        }

        fn refusal() -> ApiError {
            ApiError::forbidden().with_source("the plan has no archive")
        }
    }
    let ticket = Ticket { tenant: 1, is_closed: false };
    let visible = Visible::to(&Account { is_editor: true }, Some(ticket)).unwrap();
    let refusal = Allowed::<Ticket, Archive>::of(visible).unwrap_err();
    let causes = std::iter::successors(std::error::Error::source(&refusal), |it| it.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    let [proof, cause] = &causes[..] else { panic!("{causes:?}") };
    assert!(proof.starts_with("the caller may see the resource"), "{proof}");
    assert_eq!(cause, "the plan has no archive");
}
