use std::net::SocketAddr;

use axum::{Router, routing::get};
use portcullis::{Address, Clock, GuardLayer, Memory, Quota, RateLimit};
use tokio::net::TcpListener;

/// How many requests of each client the service admits; its clock stands still.
pub(crate) const QUOTA: u32 = 10;

/// A service with a limit by this address.
pub(crate) fn limited(address: Address) -> Router {
    let (still, _hand) = Clock::manual();
    let limit = RateLimit::by_key(Quota::per_hour(QUOTA), address)
        .with_store(Memory::new().with_clock(still));
    Router::new().route("/", get(async || "hello")).layer(GuardLayer::new(limit))
}

/// Serves it until the test ends, and says where.
pub(crate) async fn serve(service: Router, listen: &str) -> SocketAddr {
    let listener = TcpListener::bind(listen).await.expect("a loopback port");
    let address = listener.local_addr().expect("the port that was bound");
    let make = service.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(axum::serve(listener, make).into_future());
    address
}
