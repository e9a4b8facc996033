//! What is served over a socket.

use std::{io, net::SocketAddr};

use http::StatusCode;
use tower::Layer;

use super::{OK, quotas, router, stack, tower_governor};
use crate::{proof::Expected, socket::Server};

/// A service that has an address.
pub(crate) struct Served {
    /// `<who>.socket.<case>`, and without `<who>` where it is the stack or the bare router.
    pub(crate) name: &'static str,
    /// What the longest but for 1 % goes by.
    pub(crate) p99: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) expected: Expected,
}

/// The bare router, and what is compared with it: the stack around the router, a peer within it.
pub(crate) fn served(server: &Server) -> io::Result<Vec<Served>> {
    let served = |[name, p99]: [_; 2], address: io::Result<_>, expected| {
        Ok(Served { name, p99, address: address?, expected })
    };
    let bare = router().with_state(());
    let stack = |per_address| stack::layers(per_address, quotas::CALLER).layer(bare.clone());
    let refused = quotas::SPENT_ADDRESS;
    let peer = tower_governor::limited;
    [
        served(
            ["socket.bare", "socket.bare_p99"],
            server.serve(bare.clone()),
            Expected::status(StatusCode::OK).body(OK),
        ),
        served(
            ["socket.admitted", "socket.p99"],
            server.serve(stack(quotas::ADDRESS)),
            stack::let_through(),
        ),
        served(
            ["socket.denied", "socket.denied_p99"],
            server.serve(stack(refused)),
            stack::too_many_requests("1"),
        ),
        served(
            ["tower_governor.socket.admitted", "tower_governor.socket.p99"],
            server.serve(peer(quotas::REFILL, quotas::ADDRESS_BURST)),
            tower_governor::let_through(),
        ),
        served(
            ["tower_governor.socket.denied", "tower_governor.socket.denied_p99"],
            server.serve(peer(quotas::DROUGHT, 1)),
            tower_governor::too_many_requests(),
        ),
    ]
    .into_iter()
    .collect()
}
