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
//! The client is the peer of the connection, which nobody can forge: no header is read. IPv4-mapped
//! IPv6 addresses are taken for the IPv4 addresses that they are, and the IPv6 addresses of one /64
//! are one client, since that is what one subscriber is commonly given.
//!
//! # Cargo features
//!
//! - `axum`: the peer's address comes from axum's `ConnectInfo<SocketAddr>`, which
//!   `into_make_service_with_connect_info::<SocketAddr>()` provides. A bare `SocketAddr` in the
//!   request's extensions goes first, with the feature and without it. Off by default.

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
    COST_ABOVE_QUOTA, EXPOSED_HEADERS, InvalidMessage, Partition, RATELIMIT, RATELIMIT_POLICY,
    RateLimit, RateLimitFields, Refusal, Reset, UnknownPolicy,
};
#[cfg(feature = "axum")]
pub use key::ByRoute;
pub use key::{
    Address, By, ByHeader, ByMethod, CLIENT_ADDRESS_MISSING, Key, KeyHasher, LIMIT_KEY_MISSING,
    NoKey,
};
pub use memory::{Memory, OnFull};
pub use policy::{InvalidPolicyName, Policy, PolicyName};
pub use portcullis_core::GuardLayer;
pub use quota::{ParseQuotaError, Quota, QuotaError, Window};
pub use standing::{Standing, Standings};
pub use store::{Answer, Charge, CostAboveQuota, Decision, Store, StoreError};
