use std::sync::atomic::{AtomicBool, Ordering};

use portcullis_core::{ApiError, Code, ErrorStatus};

use super::{Client, NoKey};

/// The code of the 500 that a request gets whose client's address nobody provided: serve the router
/// with `into_make_service_with_connect_info::<SocketAddr>()`. The log says so, once.
pub const CLIENT_ADDRESS_MISSING: Code = Code::new("CLIENT_ADDRESS_MISSING");

/// What becomes of a request whose client's address nobody knows: the peer's was not provided, or
/// the peer has none, as on a Unix socket, and no trusted proxy names one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnMissingAddress {
    /// It is a 500, [`CLIENT_ADDRESS_MISSING`], and one line in the log says what to add.
    #[default]
    Refuse,
    /// All such requests are counted as one client, [`Client::UNKNOWN`].
    Share,
    /// It passes, and is not counted.
    Admit,
}

impl OnMissingAddress {
    pub(super) fn client(self, told: &AtomicBool) -> Result<Client, NoKey> {
        match self {
            Self::Refuse => {
                tell(told);
                let fault = ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR);
                Err(fault.with_code(CLIENT_ADDRESS_MISSING).into())
            }
            Self::Share => Ok(Client::UNKNOWN),
            Self::Admit => Err(NoKey::Uncounted),
        }
    }
}

/// Once a limit: the fault is the service's, and every request would repeat it.
fn tell(told: &AtomicBool) {
    if told.swap(true, Ordering::Relaxed) {
        return;
    }
    #[cfg(feature = "axum")]
    tracing::error!(
        "a limit by address finds no address: serve the router with \
         `into_make_service_with_connect_info::<SocketAddr>()`, or put the peer's `SocketAddr` \
         into the request's extensions, or say with `Address::on_missing` what else to do"
    );
    #[cfg(not(feature = "axum"))]
    tracing::error!(
        "a limit by address finds no address: enable the feature `axum` of portcullis-limit, or \
         put the peer's `SocketAddr` into the request's extensions, or say with \
         `Address::on_missing` what else to do"
    );
}
