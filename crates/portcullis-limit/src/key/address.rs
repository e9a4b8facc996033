mod client;
#[cfg(feature = "proxies")]
mod forwarding;
mod missing;
mod peer;
#[cfg(test)]
mod tests;

use std::{
    hash::Hash,
    net::IpAddr,
    sync::{Arc, atomic::AtomicBool},
};

use http::request::Parts;

#[cfg(feature = "proxies")]
use self::forwarding::{Forwarding, Header};
use super::{Key, KeyHasher, NoKey, ValueType};

pub use self::{
    client::Client,
    missing::{CLIENT_ADDRESS_MISSING, OnMissingAddress},
};
#[cfg(feature = "proxies")]
pub use forwarding::{NotANetwork, Trust};

/// The client's address: the peer of the connection, unless proxies are trusted to say who is
/// behind them.
///
/// ```
/// use portcullis_limit::{Address, OnMissingAddress, Quota, RateLimit};
///
/// // The peer, one client per /64 of IPv6; what `RateLimit::by_address` counts by:
/// let peer = Address::new();
///
/// // One client per /56, which many providers give to one subscriber:
/// let subscriber = Address::new().with_ipv6_prefix(56);
/// let limit = RateLimit::by_key(Quota::per_minute(600), subscriber);
/// # let _ = (peer, limit);
/// ```
///
/// See the [crate's documentation](crate#client-addresses) for services behind proxies, which need
/// the feature `proxies`.
#[derive(Clone, Debug)]
pub struct Address {
    #[cfg(feature = "proxies")]
    forwarding: Option<Forwarding>,
    ipv6_prefix: u8,
    on_missing: OnMissingAddress,
    /// Whether the log has been told that there is no address.
    told: Arc<AtomicBool>,
}

impl Address {
    /// The peer of the connection, which nobody can forge. No header is read.
    pub fn new() -> Self {
        Self {
            #[cfg(feature = "proxies")]
            forwarding: None,
            ipv6_prefix: 64,
            on_missing: OnMissingAddress::default(),
            told: Arc::default(),
        }
    }

    /// What trusted proxies say in `X-Forwarded-For`. No other header is read.
    ///
    /// ```
    /// use portcullis_limit::{Address, Quota, RateLimit, Trust};
    ///
    /// let proxies = Trust::networks(["10.0.0.0/8", "::1"])?;
    /// let limit = RateLimit::by_key(Quota::per_minute(600), Address::from_x_forwarded_for(proxies));
    /// # let _ = limit;
    /// # Ok::<_, portcullis_limit::NotANetwork>(())
    /// ```
    ///
    /// How it is read: see [`Trust`].
    #[cfg(feature = "proxies")]
    pub fn from_x_forwarded_for(trust: Trust) -> Self {
        Self { forwarding: Some(Forwarding::new(Header::XForwardedFor, trust)), ..Self::new() }
    }

    /// What trusted proxies say in `Forwarded` (RFC 7239). No other header is read.
    ///
    /// An address is also taken without the quotes that it needs for its colons, since that is what
    /// a proxy writes that was told `for=$remote_addr`. How it is read: see [`Trust`].
    ///
    /// A proxy that others stand in front of has to pass all lines of the header on: nginx before
    /// 1.23 takes `$http_forwarded` for the first one, which a client may have made up, and loses
    /// those that were added after it.
    #[cfg(feature = "proxies")]
    pub fn from_forwarded(trust: Trust) -> Self {
        Self { forwarding: Some(Forwarding::new(Header::Forwarded, trust)), ..Self::new() }
    }

    /// Counts the IPv6 addresses that have so many leading bits in common as one client; 64 unless
    /// said otherwise.
    ///
    /// # Panics
    ///
    /// When `bits` is not 1 to 128.
    #[must_use]
    #[track_caller]
    pub fn with_ipv6_prefix(self, bits: u8) -> Self {
        assert!(
            matches!(bits, 1..=128),
            "an IPv6 prefix has 1 to 128 bits, not {bits}: 64 is what one subscriber is commonly given"
        );
        Self { ipv6_prefix: bits, ..self }
    }

    /// What becomes of a request whose client's address nobody knows.
    #[must_use]
    pub fn on_missing(self, on_missing: OnMissingAddress) -> Self {
        Self { on_missing, ..self }
    }

    /// Whom a request is counted towards.
    ///
    /// # Errors
    ///
    /// Where the address is missing and [`on_missing`](Self::on_missing) does not say that such
    /// requests share a quota.
    pub fn client(&self, head: &Parts) -> Result<Client, NoKey> {
        match self.find(head) {
            Some(address) => Ok(self.client_of(address)),
            None => self.on_missing.client(&self.told),
        }
    }

    /// Whom a request from this address is counted towards.
    ///
    /// ```
    /// use portcullis_limit::Address;
    ///
    /// let address = Address::new();
    /// let client = address.client_of("2001:db8:0:1:2:3:4:5".parse()?);
    /// assert_eq!(client.to_string(), "2001:db8:0:1::/64");
    /// assert_eq!(client, address.client_of("2001:db8:0:1::1".parse()?));
    /// # Ok::<_, std::net::AddrParseError>(())
    /// ```
    pub fn client_of(&self, address: IpAddr) -> Client {
        Client::new(address, self.ipv6_prefix)
    }

    /// The client's own address, if anybody knows it.
    fn find(&self, head: &Parts) -> Option<IpAddr> {
        let peer = peer::peer(&head.extensions);
        #[cfg(feature = "proxies")]
        if let Some(forwarding) = &self.forwarding {
            return forwarding.client(peer, &head.headers);
        }
        peer
    }
}

impl Default for Address {
    fn default() -> Self {
        Self::new()
    }
}

/// Feeds the hasher with the [`Client`], and nothing else.
impl Key for Address {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        // `client`, without carrying it out and in again.
        match self.find(head) {
            Some(address) => self.client_of(address).hash(hasher),
            None => self.on_missing.client(&self.told)?.hash(hasher),
        }
        Ok(())
    }

    fn is_prompt(&self) -> bool {
        true
    }

    fn name(&self) -> &'static str {
        "address"
    }

    fn value_type(&self) -> ValueType {
        ValueType::of::<Client>()
    }
}
