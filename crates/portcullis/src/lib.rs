// The README's example uses the extractor, which is axum's.
#![cfg_attr(feature = "axum", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "axum"), doc = "One layer in front of a tower service: see the README.")]
//!
//! # Names
//!
//! The examples on these pages are written for the crates one by one: with this crate, read
//! `portcullis_core::ApiError` as `portcullis::ApiError`, and so on. What is rarely named lies in the
//! module of its part: `portcullis::limit::Store`, `portcullis::bearer::Challenge`.
//!
//! # Cargo features
//!
//! | feature | adds |
//! |---|---|
//! | `axum` (default) | `IntoResponse` for `ApiError`, `Hidden` and `Forbidden`, the extractors `Principal` and `Visible`, and the peer's address from `ConnectInfo` |
//! | `extract` | the module `extract`: `Json`, `Query`, `Path`, `Header` and `Cookie` that report every fault of a request |
//! | `proxies` | `Address::from_x_forwarded_for` and `Address::from_forwarded`: the client's address behind proxies that `Trust` names |
//! | `garde` | the extractor `extract::Garde`, which asks the rules of types that implement `garde::Validate` |
//! | `jwt` | the module `jwt`: bearer tokens that are JWTs, with keys that rotate; its cryptography is AWS-LC, in C |
//! | `keys` | the module `keys`: opaque API keys, made, digested, looked up and cached |
//! | `metrics` | every limit counts its decisions, the tenant mask what its net catches, and a store in Redis what its breaker does, through the `metrics` facade |
//! | `redis` | the module `redis`: limits that all replicas of a service share, through Redis or Valkey |
//! | `redis-rustls` | TLS to it, by rustls; the application installs rustls's crypto provider |
//! | `serde` | a `Quota` is read from configuration files |
//!
//! A feature adds, and never changes what is there without it.

mod stack;

#[cfg(feature = "axum")]
pub use portcullis_bearer::Principal;
pub use portcullis_bearer::{
    Bearer, Challenge, Inbound, OnDuplicate, OnMissing, OnPreflight, Outcome, PRINCIPAL_MISSING,
    Permit, Reason, Refusals, RequireScopes, SessionCookie, Token, Unavailable, Verification,
    Verify,
};
pub use portcullis_core::{
    Admission, Allowance, Anonymous, ApiError, BoxError, BoxFuture, Catalogue, CatalogueConflict,
    CatalogueEntry, Code, ErrorStatus, Guard, GuardLayer, Issue, NotAnErrorStatus, Segment, Table,
    Verdict, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET, catalogue,
};
pub use portcullis_envelope::{
    CatchLayer, ClientText, CodePlace, Detail, DetailsWhen, Envelope, EnvelopeLayer, ErrorObject,
    Final, Flat, Foreign, IssuesAs, OwnEnvelope, Phrases, ProblemDetails, Rendered,
};
#[cfg(feature = "axum")]
pub use portcullis_limit::ByRoute;
pub use portcullis_limit::{
    Address, By, ByHeader, ByMethod, CLIENT_ADDRESS_MISSING, COST_ABOVE_QUOTA, Client, Clock,
    EXPOSED_HEADERS, Key, KeyHasher, LIMIT_KEY_MISSING, ManualClock, Memory, NoKey, OnFull,
    OnMissingAddress, OnStoreFailure, Partition, Policy, Quota, QuotaError, RateLimit,
    RateLimitFields, Refusal, Reset, ValueType, Window,
};
#[cfg(feature = "proxies")]
pub use portcullis_limit::{NotANetwork, Trust};
#[cfg(feature = "axum")]
pub use portcullis_tenant::NotVisible;
pub use portcullis_tenant::{
    Action, Allowed, Audit, AuditEvent, Forbidden, Hidden, InvalidId, MaskLayer, Member,
    OnUnproven, PathParameters, Resource, TracingAudit, Visible,
};
pub use stack::{Portcullis, PortcullisService};
pub use tower_layer::Layer;

/// Everything about bearer credentials.
pub use portcullis_bearer as bearer;
#[cfg(feature = "keys")]
pub use portcullis_bearer::keys;
/// Everything about envelopes.
pub use portcullis_envelope as envelope;
#[cfg(feature = "extract")]
pub use portcullis_envelope::extract;
/// Everything about bearer tokens that are JWTs.
#[cfg(feature = "jwt")]
pub use portcullis_jwt as jwt;
/// Everything about limits.
pub use portcullis_limit as limit;
/// Limits that all replicas of a service share.
#[cfg(feature = "redis")]
pub use portcullis_redis as redis;
/// Everything about hiding another tenant's resources: the audit sink, and the leak register.
pub use portcullis_tenant as tenant;

#[doc = include_str!("../docs/cost.md")]
pub mod cost {}
