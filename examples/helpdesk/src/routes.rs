use axum::{
    Router,
    handler::Handler,
    routing::{get, post},
};
use portcullis::{
    Detail, EnvelopeLayer, Flat, Guard, GuardLayer, Principal, RateLimit, extract::Json,
};
use serde::Serialize;

use crate::{articles, caller::Caller, store::Store, tickets};

/// What stands before the ingestion alone.
type Ingestion = (EnvelopeLayer<Flat>, GuardLayer<RateLimit>, EnvelopeLayer<Detail>);

pub(crate) fn of<G: Guard>(
    scope: impl Fn(&'static str) -> G,
    people: impl Guard,
    ingestion: Ingestion,
) -> Router<Store> {
    let scope = |name| GuardLayer::new(scope(name));
    let list = tickets::list.layer(scope("tickets:read"));
    let open = tickets::open.layer(scope("tickets:write"));
    let show = tickets::show.layer(scope("tickets:read"));
    let delete = tickets::delete.layer(scope("tickets:write"));
    let add = articles::add.layer(ingestion).layer(scope("kb:write"));
    Router::new()
        .route("/v1/tickets", get(list).post(open))
        .route("/v1/tickets/{ticket_id}", get(show).delete(delete))
        .route("/v1/kb/articles", post(add))
        .route("/v1/account", get(account.layer(GuardLayer::new(people))))
        .route("/v1/demo/panic", get(panics))
}

#[derive(Serialize)]
struct Account {
    tenant: String,
}

/// A page for people, whom the dashboard has signed in.
async fn account(Principal(caller): Principal<Caller>) -> Json<Account> {
    Json(Account { tenant: caller.tenant })
}

/// What nobody foresaw.
async fn panics() {
    panic!("the desk is on fire")
}
