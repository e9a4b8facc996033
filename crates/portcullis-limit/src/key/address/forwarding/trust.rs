use std::{error::Error, fmt, net::IpAddr};

use ipnet::IpNet;

use super::MOST_ENTRIES;

/// Which proxies are believed when they say whom they forward.
///
/// A proxy appends the address that it was called from to `X-Forwarded-For` or `Forwarded`. So the
/// header is read from the right, over all its lines, from the peer of the connection on: as long
/// as the address reached is a trusted proxy's, the entry that it wrote is believed and is the next
/// address. The first that is not trusted is the client, and nothing left of it is looked at, since
/// the client may have made it up.
///
/// An entry is an address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`,
/// `[2001:db8::1]`, `[2001:db8::1]:80`. At one that is anything else (`unknown`, an obfuscated
/// `_name`, nothing between two commas, more than 1,024 bytes) the reading ends, and so it does
/// after 64 entries: the last address reached is the client. IPv4-mapped IPv6 addresses are the IPv4
/// addresses that they are.
#[derive(Clone, Debug)]
pub struct Trust(Proxies);

#[derive(Clone, Debug)]
enum Proxies {
    Networks { networks: Box<[IpNet]>, unix_socket: bool },
    Hops(u8),
}

impl Trust {
    /// The proxies that call from these networks, such as `10.0.0.0/8` or `fd00::/8`, and addresses,
    /// such as `::1`. Where there are none, no header is read.
    ///
    /// Name what is yours and no more: whoever calls from one of them can say that he is anybody.
    ///
    /// # Errors
    ///
    /// When one of them is no network, with its text.
    pub fn networks<I>(networks: I) -> Result<Self, NotANetwork>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let networks =
            networks.into_iter().map(|text| network(text.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self(Proxies::Networks { networks, unix_socket: false }))
    }

    /// So many proxies in a row, wherever they call from: the client is the entry at this place,
    /// counted from the right.
    ///
    /// ```text
    /// client ── the outer proxy ── the inner proxy ── this service
    ///              hop 2                hop 1            its peer is the inner proxy
    ///
    /// X-Forwarded-For: made up, the client, the outer proxy
    ///                             2nd            1st
    /// ```
    ///
    /// With `hops(1)` the client is what the peer wrote, with `hops(2)` what the proxy in front of
    /// it did. Where there are fewer entries, the request went around a proxy, and the leftmost is
    /// the client; where there is none, the peer is. A peer on a Unix socket counts as any other.
    ///
    /// Only for a service that nobody can reach but through so many proxies: on a shorter way, the
    /// client chooses the address that he is counted by.
    ///
    /// # Panics
    ///
    /// When `count` is not 1 to 64; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn hops(count: u8) -> Self {
        assert!(
            1 <= count && count <= MOST_ENTRIES,
            "trust 1 to 64 hops: for none, count by the peer, `Address::new()`"
        );
        Self(Proxies::Hops(count))
    }

    /// Trusts a peer that has no address, besides the networks: a proxy that calls over a Unix
    /// socket. [`hops`](Self::hops) do so anyway.
    ///
    /// Only for a service that listens on nothing else: where the peer's address is merely not
    /// provided, everybody is believed.
    #[must_use]
    pub fn with_unix_socket(self) -> Self {
        Self(match self.0 {
            Proxies::Networks { networks, .. } => Proxies::Networks { networks, unix_socket: true },
            hops @ Proxies::Hops(_) => hops,
        })
    }

    /// Whether the peer is a proxy. Its address is canonical.
    pub(super) fn believes_peer(&self, peer: Option<IpAddr>) -> bool {
        match (&self.0, peer) {
            (Proxies::Networks { unix_socket, .. }, None) => *unix_socket,
            (_, Some(peer)) => self.believes(peer),
            (Proxies::Hops(_), None) => true,
        }
    }

    /// Whether a proxy calls from this canonical address.
    pub(super) fn believes(&self, address: IpAddr) -> bool {
        match &self.0 {
            Proxies::Networks { networks, .. } => networks.iter().any(|it| it.contains(&address)),
            Proxies::Hops(_) => true,
        }
    }

    /// How many entries there are to be read at most.
    pub(super) fn reach(&self) -> usize {
        usize::from(match self.0 {
            Proxies::Networks { .. } => MOST_ENTRIES,
            Proxies::Hops(count) => count,
        })
    }
}

/// A text that [`Trust::networks`] does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork {
    text: Box<str>,
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Syntax,
    Mapped,
    Host(IpNet),
    Everybody,
}

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, why } = self;
        match why {
            Why::Syntax => write!(
                f,
                "{text:?} is no network: write an address such as 192.0.2.7, or a network such as 10.0.0.0/8"
            ),
            Why::Mapped => write!(f, "{text:?} is IPv4 in part: write the IPv4 network by itself"),
            Why::Host(network) => {
                write!(f, "{text:?} names one host and many: write {network}, or no prefix")
            }
            Why::Everybody => {
                write!(f, "{text:?} is everybody: name the proxies' networks, or count hops")
            }
        }
    }
}

impl Error for NotANetwork {}

/// An address by itself, or with the length of its prefix. The standard library reads the address,
/// since `IpNet` takes `010.0.0.1`.
fn network(text: &str) -> Result<IpNet, NotANetwork> {
    let refused = |why| NotANetwork { text: text.into(), why };
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| refused(Why::Syntax))?;
    let canonical = address.to_canonical();
    let Some(prefix) = prefix else { return Ok(canonical.into()) };

    let is_plain = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let bits = prefix.parse::<u8>().ok().filter(|_| is_plain).ok_or(refused(Why::Syntax))?;
    // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
    let mapped = if canonical == address { 0 } else { 96 };
    let network = IpNet::new(address, bits).map_err(|_| refused(Why::Syntax))?;
    let network = match bits.checked_sub(mapped) {
        Some(bits) => IpNet::new(canonical, bits).unwrap_or(network),
        None => return Err(refused(Why::Mapped)),
    };
    if network.prefix_len() == 0 {
        return Err(refused(Why::Everybody));
    }
    if network.addr() != network.network() {
        return Err(refused(Why::Host(network.trunc())));
    }
    Ok(network)
}
