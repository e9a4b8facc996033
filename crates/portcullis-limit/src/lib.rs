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
//! - On every answer to a request that was counted `X-RateLimit-Limit`, the quota's burst, and `X-RateLimit-Remaining`; of several
//!   policies or limits, those of the one that has least left. A limit can be
//!   [silent](RateLimit::silent). `X-RateLimit-Reset` and the IETF's `RateLimit` fields are written
//!   where [asked](RateLimit::with_reset) [for](RateLimit::with_fields).
//! - On a refusal 429 and `Retry-After` (RFC 9110, section 10.2.3) in whole seconds, rounded **up**
//!   and at least 1: a client that waits exactly that long is admitted, if nobody else spent
//!   meanwhile. What else it reads is yours: a [message](RateLimit::with_message), or
//!   [any error](RateLimit::with_refusal).
//! - Where the limit cannot say, because its store does not answer, 503 and `Retry-After`.
//!
//! # How it counts
//!
//! A [`Quota`] is a rate and a burst, counted by the generic cell rate algorithm as `governor`
//! computes it: in any span of length `w` at most burst + `w` ÷ interval requests are admitted. A
//! quota [in windows](Quota::in_windows) admits exactly so many in each instead.
//!
//! A [`Policy`] is a quota and whom it counts: by [address](Policy::by_address), by a
//! [part of the principal](Policy::by), by any [`Key`]. Each request may have a quota of its caller's
//! [tier](Policy::with_quota_for), and a [cost](Policy::with_cost). A limit of several policies
//! charges [all of them or none](RateLimit::and); two limits in a row charge one after the other, so
//! that what the first has charged stays charged where the second refuses, and the `Retry-After` of
//! the second holds for both.
//!
//! What is spent lies in a [`Store`]: in the [`Memory`] of this process, whose size is bounded,
//! unless it is [given another](RateLimit::with_store). A clone of a limit counts with the original,
//! so one limit can stand in several places.
//!
//! # For operators
//!
//! - A limit is tried out [in shadow](RateLimit::in_shadow): it decides, counts and logs, and refuses
//!   nobody.
//! - A [`Partition`] is one caller under one policy: to see how it stands, to give back, to forget.
//! - Every decision is a `tracing` event of the policy's name and the outcome, never the key:
//!   `TRACE` where it is admitted, `DEBUG` where it is refused, `INFO` in shadow, `WARN` where the
//!   store does not answer. With the feature `metrics` it is counted as
//!   `portcullis_limit_decisions_total`, by `policy` and `outcome`: `admitted`, `refused`,
//!   `shadowed`, `exempt`, `uncharged` (another policy refused), `full`, `unavailable`.
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
//! - `metrics`: decisions are counted through the `metrics` facade. Off by default.
//! - `serde`: a [`Quota`] is read from configuration files, as text or as a table. Off by default.
//! - `proxies`: `Address::from_x_forwarded_for` and `Address::from_forwarded`, which believe the
//!   proxies that `Trust` names. Off by default.

mod clock;
mod engine;
mod guard;
mod key;
mod memory;
mod observe;
mod policy;
mod quota;
mod standing;
mod store;

pub use clock::{Clock, ManualClock};
pub use guard::{
    COST_ABOVE_QUOTA, EXPOSED_HEADERS, InvalidMessage, Partition, PartitionError, RATELIMIT,
    RATELIMIT_POLICY, RateLimit, RateLimitFields, Refusal, Reset,
};
#[cfg(feature = "axum")]
pub use key::ByRoute;
pub use key::{
    Address, By, ByHeader, ByMethod, CLIENT_ADDRESS_MISSING, Client, Key, KeyHasher,
    LIMIT_KEY_MISSING, NoKey, OnMissingAddress, ValueType,
};
#[cfg(feature = "proxies")]
pub use key::{NotANetwork, Trust};
pub use memory::{Memory, OnFull};
pub use policy::{InvalidPolicyName, Policy, PolicyName};
pub use portcullis_core::GuardLayer;
pub use quota::{ParseQuotaError, Quota, QuotaError, Window};
pub use standing::{Standing, Standings};
pub use store::{Answer, Charge, CostAboveQuota, Decision, OnStoreFailure, Store, StoreError};
