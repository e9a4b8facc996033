use std::{
    fmt,
    hash::{Hash, Hasher},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// What an [`Address`](super::Address) is counted as: an IPv4 address, or the network that an IPv6
/// address lies in.
///
/// It hashes to what [`Address`](super::Address) gives a limit, so whoever has it can name the
/// client's place in a store. It is written as `192.0.2.1` and `2001:db8:0:1::/64`; mind that this
/// is personal data in most jurisdictions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Client(Counted);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Unknown,
    V4(Ipv4Addr),
    V6 { network: Ipv6Addr, prefix: u8 },
}

impl Client {
    /// All whose address nobody knows, who share one quota where
    /// [`OnMissingAddress::Share`](super::OnMissingAddress::Share) says so.
    pub const UNKNOWN: Self = Self(Counted::Unknown);

    /// An IPv4-mapped IPv6 address is the IPv4 address that it is. The prefix is 1 to 128 bits.
    #[inline]
    pub(super) fn new(address: IpAddr, prefix: u8) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => Counted::V4(address),
            IpAddr::V6(address) => {
                let mask = u128::MAX << (128 - u32::from(prefix));
                let network = Ipv6Addr::from_bits(address.to_bits() & mask);
                Counted::V6 { network, prefix }
            }
        })
    }
}

/// What one client writes is never the beginning of what another does, so that parts of a key may
/// follow.
impl Hash for Client {
    #[inline(always)]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        match self.0 {
            Counted::Unknown => hasher.write(&[0]),
            Counted::V4(address) => {
                let [a, b, c, d] = address.octets();
                hasher.write(&[4, a, b, c, d]);
            }
            Counted::V6 { network, prefix } => {
                let mut bytes = [6; 18];
                bytes[1] = prefix;
                bytes[2..].copy_from_slice(&network.octets());
                hasher.write(&bytes);
            }
        }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Counted::Unknown => f.write_str("unknown"),
            Counted::V4(address) => address.fmt(f),
            Counted::V6 { network, prefix } => write!(f, "{network}/{prefix}"),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({self})")
    }
}
