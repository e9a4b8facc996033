//! Rate limits for tower services, per client address and per caller.
//!
//! [`RateLimit`] is a guard: it counts a request towards the [`Quota`] of whoever sent it, and
//! refuses it with a 429 when that is spent.
//!
//! ```
//! use portcullis_limit::{GuardLayer, Quota, RateLimit};
//!
//! #[derive(Clone)]
//! struct Account { id: u64 }
//!
//! const PER_ADDRESS: Quota = Quota::per_minute(600); // zero would not compile
//! const PER_ACCOUNT: Quota = Quota::per_second(10).burst(100);
//!
//! // Two limits of one service, the one per address first:
//! let limits = GuardLayer::new((
//!     RateLimit::by_address(PER_ADDRESS),
//!     RateLimit::by(PER_ACCOUNT, |account: &Account| &account.id),
//! ));
//! # let _ = limits;
//! ```
//!
//! # What a client sees
//!
//! - On every answer `X-RateLimit-Limit`, the quota's burst, and `X-RateLimit-Remaining`; of several
//!   limits, those of the one that has least left. A limit can be [silent](RateLimit::silent).
//! - On a refusal 429 and `Retry-After` (RFC 9110, section 10.2.3) in whole seconds, rounded **up**
//!   and at least 1: a client that waits exactly that long is admitted, if nobody else spent
//!   meanwhile.
//!
//! # How it counts
//!
//! By the generic cell rate algorithm as `governor` computes it, on a table of our own whose memory
//! is bounded: places for 131,072 keys, at 17 bytes each, unless
//! [said otherwise](RateLimit::with_capacity). Keys are 64-bit hashes, keyed at random per process,
//! and share places in sets of eight. Where a set is full, the key goes whose quota is closest to
//! whole; a key that is being refused goes only after all that are not, and if all eight are, a
//! newcomer is admitted and not remembered.
//!
//! A clone of a [`RateLimit`] counts with the original, so one limit can stand in several places.
//!
//! # Client addresses
//!
//! Unless said otherwise the client is the peer of the connection, which nobody can forge: no header
//! is read. IPv4-mapped IPv6 addresses are taken for the IPv4 addresses that they are, and the IPv6
//! addresses of one /64 are one client, since that is what one subscriber is commonly given:
//! [`Address::with_ipv6_prefix`] says how many bits instead.
//!
//! Behind a proxy every peer is that proxy, and everybody shares one quota. The proxy says whom it
//! forwards, in `X-Forwarded-For` or in `Forwarded` (RFC 7239), and anybody else can say the same:
//! so name the one header that your proxies write, and the proxies that are believed. This needs the
//! feature `proxies`.
//!
#![cfg_attr(feature = "proxies", doc = "```")]
#![cfg_attr(not(feature = "proxies"), doc = "```ignore")]
//! use portcullis_limit::{Address, Quota, RateLimit, Trust};
//!
//! // One proxy, or several, that call from known addresses; the first address from the right that
//! // is none of theirs is the client:
//! let proxies = Trust::networks(["10.0.0.0/8", "2001:db8:cafe::/48", "::1"])?;
//! let address = Address::from_x_forwarded_for(proxies);
//!
//! // Two proxies in a row, a CDN and a load balancer perhaps, whose addresses change; nobody reaches
//! // this service around them:
//! let address = Address::from_forwarded(Trust::hops(2));
//!
//! // A proxy that calls over a Unix socket, where a peer has no address:
//! let address = Address::from_x_forwarded_for(Trust::hops(1));
//!
//! // The same, with a CDN in front of it that calls from known addresses:
//! let cdn = Trust::networks(["203.0.113.0/24"])?.with_unix_socket();
//! let address = Address::from_x_forwarded_for(cdn);
//!
//! let limit = RateLimit::by_key(Quota::per_minute(600), address);
//! # let _ = limit;
//! # Ok::<_, portcullis_limit::NotANetwork>(())
//! ```
#![cfg_attr(feature = "proxies", doc = "")]
#![cfg_attr(feature = "proxies", doc = "How the header is read, entry by entry: see [`Trust`].")]
//!
//! A request whose client's address nobody knows is a 500, [`CLIENT_ADDRESS_MISSING`], and a line in
//! the log says what to add. Where peers have no address, on a Unix socket, [`OnMissingAddress`] says
//! what else becomes of it. What an address is counted as is a [`Client`], by which an operator finds
//! it again: [`Address::client_of`].
//!
//! # Cargo features
//!
//! - `axum`: the peer's address comes from axum's `ConnectInfo<SocketAddr>`, which
//!   `into_make_service_with_connect_info::<SocketAddr>()` provides. A bare `SocketAddr` in the
//!   request's extensions goes first, with the feature and without it. Off by default.
//! - `proxies`: `Address::from_x_forwarded_for` and `Address::from_forwarded`, which believe the
//!   proxies that `Trust` names. Off by default.

mod clock;
mod engine;
mod guard;
mod key;
mod quota;

pub use clock::{Clock, ManualClock};
pub use guard::RateLimit;
pub use key::{
    Address, By, CLIENT_ADDRESS_MISSING, Client, Key, KeyHasher, LIMIT_KEY_MISSING, NoKey,
    OnMissingAddress,
};
#[cfg(feature = "proxies")]
pub use key::{NotANetwork, Trust};
pub use portcullis_core::GuardLayer;
pub use quota::{Quota, QuotaError};
