//! Whether TLS would not panic, if it is asked for.

use redis::Client;

/// What to do where it would.
pub(crate) const NO_CRYPTO: &str = "TLS needs a crypto provider: install one of rustls's before, as with \
     rustls::crypto::ring::default_provider().install_default()";

/// rustls looks for its provider with each connection.
#[cfg(feature = "rustls")]
pub(crate) fn may_encrypt(client: &Client) -> bool {
    let addr = client.get_connection_info().addr();
    let is_tls = matches!(addr, redis::ConnectionAddr::TcpTls { .. });
    !is_tls || rustls::crypto::CryptoProvider::get_default().is_some()
}

#[cfg(not(feature = "rustls"))]
pub(crate) fn may_encrypt(_client: &Client) -> bool {
    true
}
