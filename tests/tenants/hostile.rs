//! A service whose every route tells, in a way of its own, what is another tenant's.

mod careless;
mod plants;

use axum::{
    Router,
    extract::{Path, Request},
    response::Response,
    routing::any,
};
use portcullis::{MaskLayer, OnUnproven, Principal, Visible};
use portcullis_testing::{Matrix, Report};
use portcullis_tests::Account;

pub(crate) use self::{careless::CARELESS, plants::PLANTS};
use crate::things::{Thing, answer, masked, route, stack, tenants};

/// What the handler has found that the caller must not know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Foreign,
    Missing,
}

/// One way to tell the two apart.
#[derive(Clone, Copy)]
pub(crate) struct Leak {
    /// What leaks, and the route that leaks it.
    pub(crate) class: &'static str,
    /// Where the oracle sees it.
    pub(crate) field: &'static str,
    tell: Tell,
}

/// What a handler answers for a row with this id.
type Tell = fn(Row, u64, &Request) -> Response;

const fn leak(class: &'static str, field: &'static str, tell: Tell) -> Leak {
    Leak { class, field, tell }
}

/// Whether the mask, and the resolver, are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guarded {
    Yes,
    No,
}

/// The service: on each route one leak.
pub(crate) fn service(guarded: Guarded) -> Router {
    let mut router = Router::new();
    for leak in PLANTS {
        router = router.route(&path(leak), any(by_hand(*leak)));
    }
    for leak in CARELESS {
        router = router.route(
            &path(leak),
            match guarded {
                Guarded::Yes => any(async |thing: Visible<Thing>| own(&thing)),
                Guarded::No => any(by_hand(*leak)),
            },
        );
    }
    match guarded {
        Guarded::Yes => router.layer(masked(MaskLayer::new().on_unproven(OnUnproven::Hide))),
        Guarded::No => router.layer(stack()),
    }
}

/// What comes of asking for everything on every route, by both tenants.
pub(crate) async fn report(guarded: Guarded) -> Report {
    let [acme, globex] = tenants();
    let matrix = Matrix::new(acme, globex).covering(leaks().map(path));
    let matrix = leaks().fold(matrix, |matrix, leak| matrix.route(route(leak.class)));
    matrix.check(service(guarded)).await
}

/// All leaks.
pub(crate) fn leaks() -> impl Iterator<Item = &'static Leak> {
    PLANTS.iter().chain(CARELESS)
}

fn path(leak: &Leak) -> String {
    format!("/{}/{{id}}", leak.class)
}

/// The handler as its author left it.
fn by_hand(
    leak: Leak,
) -> impl Fn(Path<u64>, Principal<Account>, Request) -> std::future::Ready<Response> + Clone {
    move |Path(id), Principal(caller), request| {
        std::future::ready(match Thing::find(id) {
            Some(thing) if thing.is_of(&caller) => own(&thing),
            Some(_) => (leak.tell)(Row::Foreign, id, &request),
            None => (leak.tell)(Row::Missing, id, &request),
        })
    }
}

fn own(thing: &Thing) -> Response {
    answer(200, format!("{{\"id\":{}}}", thing.id))
}
