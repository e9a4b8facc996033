use std::{
    hash::Hasher,
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use http::{Extensions, request::Parts};
use portcullis_core::{ApiError, Code, ErrorStatus};

use super::{Key, KeyHasher, NoKey};

/// The code of the 500 that a request gets whose peer's address nobody provided: serve the router
/// with `into_make_service_with_connect_info::<SocketAddr>()`. The log says so, once.
pub const CLIENT_ADDRESS_MISSING: Code = Code::new("CLIENT_ADDRESS_MISSING");

/// The client's address: the peer of the connection.
///
/// See the [crate's documentation](crate#client-addresses) for what is one client.
#[derive(Debug, Default)]
pub struct Address {
    told: AtomicBool,
}

impl Key for Address {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        let peer = peer(&head.extensions).ok_or_else(|| self.missing())?;
        match peer.ip().to_canonical() {
            IpAddr::V4(address) => hasher.write_u32(address.to_bits()),
            IpAddr::V6(address) => hasher.write_u64((address.to_bits() >> 64) as u64),
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        "address"
    }
}

impl Address {
    fn missing(&self) -> ApiError {
        // Once a limit: the fault is the service's, and every request would repeat it.
        if !self.told.swap(true, Ordering::Relaxed) {
            #[cfg(feature = "axum")]
            tracing::error!(
                "a limit by address finds no address: serve the router with \
                 `into_make_service_with_connect_info::<SocketAddr>()`, or put the peer's \
                 `SocketAddr` into the request's extensions"
            );
            #[cfg(not(feature = "axum"))]
            tracing::error!(
                "a limit by address finds no address: enable the feature `axum` of \
                 portcullis-limit, or put the peer's `SocketAddr` into the request's extensions"
            );
        }
        ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(CLIENT_ADDRESS_MISSING)
    }
}

/// The address at the other end of the connection.
fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    if let Some(peer) = extensions.get::<SocketAddr>() {
        return Some(*peer);
    }
    #[cfg(feature = "axum")]
    {
        use axum::extract::{ConnectInfo, connect_info::MockConnectInfo};

        if let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() {
            return Some(*peer);
        }
        if let Some(MockConnectInfo(peer)) = extensions.get::<MockConnectInfo<SocketAddr>>() {
            return Some(*peer);
        }
    }
    None
}
