//! Everything that is measured.

mod account;
mod alone;
mod axum_governor;
mod bearer;
mod floor;
mod grows;
mod peers;
mod quotas;
mod request_id;
mod resolver;
mod served;
mod stack;
mod tower_governor;
mod tower_http;

use axum::Router;

use self::resolver::Table;
pub(crate) use self::served::{Served, served};
use crate::{
    case::Case,
    request::{Caller, LONG, PATH, SHORT},
};

/// A case before it is built.
pub(crate) struct Entry {
    /// `<who>.<where>.<case>`, or the name of what others are compared with.
    pub(crate) name: &'static str,
    /// Whose requests it gets, and so which bare router it is compared with.
    pub(crate) caller: Caller,
    /// Whether each request has a key digested.
    pub(crate) digests: bool,
    build: fn(Caller) -> Case,
}

/// What a case of this caller's is net of: the same request, dropped.
pub(crate) const fn drop_request(caller: Caller) -> &'static str {
    match caller {
        Caller::Known => "drop_request",
        Caller::Anonymous => "drop_request.anonymous",
        Caller::Verbose => "drop_request.verbose",
        Caller::Numbered => "drop_request.numbered",
    }
}

/// What a case of this caller's is compared with: the bare router.
pub(crate) const fn bare(caller: Caller) -> &'static str {
    match caller {
        Caller::Known => "bare",
        Caller::Anonymous => "bare.anonymous",
        Caller::Verbose => "bare.verbose",
        Caller::Numbered => "bare.numbered",
    }
}

/// What the cases are compared with.
pub(crate) static FLOORS: [Entry; 9] = [
    known(drop_request(Caller::Known), Case::drop_request),
    anonymous(drop_request(Caller::Anonymous), Case::drop_request),
    verbose(drop_request(Caller::Verbose), Case::drop_request),
    numbered(drop_request(Caller::Numbered), Case::drop_request),
    known(bare(Caller::Known), floor::bare),
    anonymous(bare(Caller::Anonymous), floor::bare),
    verbose(bare(Caller::Verbose), floor::bare),
    numbered(bare(Caller::Numbered), floor::bare),
    known(SHA256, floor::sha256),
];

/// What the digest of a key takes, which the cases that digest one are net of: valgrind does not know
/// the processor's own instructions for it.
pub(crate) const SHA256: &str = "sha256";

/// A row of another tenant's, and one that there is not: these two must cost the same.
pub(crate) const FOREIGN: &str = "resolver.outside.foreign";
pub(crate) const MISSING: &str = "resolver.outside.missing";

/// The cases, in the order in which they are reported.
pub(crate) static CASES: [Entry; 45] = [
    known("empty_layer.router.admitted", floor::empty_layer),
    known("envelope.router.admitted", |caller| alone::envelope(Place::Router, caller)),
    known("envelope.outside.admitted", |caller| alone::envelope(Place::Outside, caller)),
    known("address_limit.router.admitted", alone::address_limit),
    known("bearer.router.admitted", bearer::looked_up_in_memory),
    known("bearer_fixed.router.admitted", bearer::one_fixed_token),
    digesting("bearer_keys.router.admitted", bearer::cached_key),
    known("address_limit.router.denied_ip", alone::address_limit_denied),
    known("tenant_mask.router.admitted", alone::tenant_mask),
    digesting("stack.router.admitted", |caller| stack::admitted(Place::Router, caller)),
    known("stack.router.denied_ip", |caller| stack::denied_ip(Place::Router, caller)),
    digesting("stack.router.denied_key", |caller| stack::denied_key(Place::Router, caller)),
    anonymous("stack.router.unauthorized", |caller| stack::unauthorized(Place::Router, caller)),
    digesting("stack.router.masked", |caller| stack::masked(Place::Router, caller)),
    digesting("stack.outside.admitted", |caller| stack::admitted(Place::Outside, caller)),
    known("stack.outside.denied_ip", |caller| stack::denied_ip(Place::Outside, caller)),
    digesting("stack.outside.denied_key", |caller| stack::denied_key(Place::Outside, caller)),
    anonymous("stack.outside.unauthorized", |caller| stack::unauthorized(Place::Outside, caller)),
    digesting("stack.outside.masked", |caller| stack::masked(Place::Outside, caller)),
    Entry {
        digests: true,
        ..verbose("stack_20_headers.outside.admitted", |caller| {
            stack::admitted(Place::Outside, caller)
        })
    },
    Entry {
        digests: true,
        ..numbered("stack.router.with_given_request_id", |caller| {
            request_id::given(Place::Router, caller)
        })
    },
    Entry {
        digests: true,
        ..numbered("stack.outside.with_given_request_id", |caller| {
            request_id::given(Place::Outside, caller)
        })
    },
    digesting("stack.router.with_request_id", |caller| {
        request_id::tower_http(Place::Router, caller)
    }),
    digesting("stack.router.with_own_request_id", |caller| request_id::own(Place::Router, caller)),
    digesting("stack.outside.with_request_id", |caller| {
        request_id::tower_http(Place::Outside, caller)
    }),
    digesting("stack.outside.with_own_request_id", |caller| {
        request_id::own(Place::Outside, caller)
    }),
    known("two_policies.router.admitted", |caller| grows::policies(2, caller)),
    known("four_policies.router.admitted", |caller| grows::policies(4, caller)),
    verbose("key_of_10_bytes.router.admitted", |caller| grows::by_header(SHORT, caller)),
    verbose("key_of_200_bytes.router.admitted", |caller| grows::by_header(LONG, caller)),
    known("resolver.outside.own", |caller| resolver::resolved(Table::Own, caller)),
    known(FOREIGN, |caller| resolver::resolved(Table::Foreign, caller)),
    known(MISSING, |caller| resolver::resolved(Table::Empty, caller)),
    known("tower_http_bearer.router.admitted", bearer::tower_http),
    known("tower_http_catch_panic.router.admitted", tower_http::catch_panic),
    known("tower_http_trace.router.admitted", tower_http::trace),
    known("tower_http_request_id.router.admitted", tower_http::request_id),
    known("tower_governor.router.admitted", tower_governor::admitted),
    known("tower_governor.router.denied_ip", tower_governor::denied_ip),
    known("axum_governor.router.admitted", axum_governor::admitted),
    known("axum_governor.router.denied_ip", axum_governor::denied_ip),
    known("peers.router.admitted", peers::admitted),
    known("peers.router.denied_ip", peers::denied_ip),
    anonymous("peers.router.unauthorized", peers::unauthorized),
    known("peers.router.masked", peers::masked),
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
    Entry { name, caller: Caller::Known, digests: false, build }
}

const fn anonymous(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { name, caller: Caller::Anonymous, digests: false, build }
}

const fn verbose(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { name, caller: Caller::Verbose, digests: false, build }
}

const fn numbered(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { name, caller: Caller::Numbered, digests: false, build }
}

const fn digesting(name: &'static str, build: fn(Caller) -> Case) -> Entry {
    Entry { digests: true, ..known(name, build) }
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
