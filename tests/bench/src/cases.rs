//! Everything that is measured.

mod account;
mod alone;
mod axum_governor;
mod bearer;
mod floor;
mod quotas;
mod resolver;
mod stack;
mod tower_governor;

use axum::Router;

use self::resolver::Table;
use crate::{
    case::Case,
    request::{Caller, PATH},
};

/// A case before it is built.
pub(crate) struct Entry {
    /// `<who>.<where>.<case>`, or the name of what others are compared with.
    pub(crate) name: &'static str,
    /// Whose requests it gets, and so which bare router it is compared with.
    pub(crate) caller: Caller,
    build: fn(Caller) -> Case,
}

/// What a case of this caller's is net of: the same request, dropped.
pub(crate) const fn drop_request(caller: Caller) -> &'static str {
    match caller {
        Caller::Known => "drop_request",
        Caller::Anonymous => "drop_request.anonymous",
    }
}

/// What a case of this caller's is compared with: the bare router.
pub(crate) const fn bare(caller: Caller) -> &'static str {
    match caller {
        Caller::Known => "bare",
        Caller::Anonymous => "bare.anonymous",
    }
}

/// What the cases are compared with.
pub(crate) static FLOORS: [Entry; 4] = [
    known(drop_request(Caller::Known), Case::drop_request),
    anonymous(drop_request(Caller::Anonymous), Case::drop_request),
    known(bare(Caller::Known), floor::bare),
    anonymous(bare(Caller::Anonymous), floor::bare),
];

/// A row of another tenant's, and one that there is not: these two must cost the same.
pub(crate) const FOREIGN: &str = "resolver.outside.foreign";
pub(crate) const MISSING: &str = "resolver.outside.missing";

/// The cases, in the order in which they are reported.
pub(crate) static CASES: [Entry; 27] = [
    known("empty_layer.router.admitted", floor::empty_layer),
    known("envelope.router.admitted", |caller| alone::envelope(Place::Router, caller)),
    known("envelope.outside.admitted", |caller| alone::envelope(Place::Outside, caller)),
    known("address_limit.router.admitted", alone::address_limit),
    known("bearer.router.admitted", bearer::looked_up_in_memory),
    known("bearer_fixed.router.admitted", bearer::one_fixed_token),
    known("bearer_keys.router.admitted", bearer::cached_key),
    known("address_limit.router.denied_ip", alone::address_limit_denied),
    known("tenant_mask.router.admitted", alone::tenant_mask),
    known("stack.router.admitted", |caller| stack::admitted(Place::Router, caller)),
    known("stack.router.denied_ip", |caller| stack::denied_ip(Place::Router, caller)),
    known("stack.router.denied_key", |caller| stack::denied_key(Place::Router, caller)),
    anonymous("stack.router.unauthorized", |caller| stack::unauthorized(Place::Router, caller)),
    known("stack.router.masked", |caller| stack::masked(Place::Router, caller)),
    known("stack.outside.admitted", |caller| stack::admitted(Place::Outside, caller)),
    known("stack.outside.denied_ip", |caller| stack::denied_ip(Place::Outside, caller)),
    known("stack.outside.denied_key", |caller| stack::denied_key(Place::Outside, caller)),
    anonymous("stack.outside.unauthorized", |caller| stack::unauthorized(Place::Outside, caller)),
    known("stack.outside.masked", |caller| stack::masked(Place::Outside, caller)),
    known("tower_http_bearer.router.admitted", bearer::tower_http),
    known("resolver.outside.own", |caller| resolver::resolved(Table::Own, caller)),
    known(FOREIGN, |caller| resolver::resolved(Table::Foreign, caller)),
    known(MISSING, |caller| resolver::resolved(Table::Empty, caller)),
    known("tower_governor.router.admitted", tower_governor::admitted),
    known("tower_governor.router.denied_ip", tower_governor::denied_ip),
    known("axum_governor.router.admitted", axum_governor::admitted),
    known("axum_governor.router.denied_ip", axum_governor::denied_ip),
];

/// Everything that is measured.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    FLOORS.iter().chain(&CASES)
}

impl Entry {
    /// Builds the case, from scratch.
    pub(crate) fn build(&self) -> Case {
        (self.build)(self.caller)
    }
}

const fn known(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { name, caller: Caller::Known, build }
}

const fn anonymous(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { name, caller: Caller::Anonymous, build }
}

/// Where a layer stands.
#[derive(Clone, Copy)]
enum Place {
    /// In one `Router::layer`.
    Router,
    /// Around the whole `Router`.
    Outside,
}

/// What the trivial handler answers.
const OK: &str = "ok";

/// A router with one trivial handler.
fn router() -> Router {
    Router::new().route(PATH, axum::routing::get(async || OK))
}
