#![doc = include_str!("../README.md")]

mod stack;

pub use portcullis_bearer::{Bearer, Outcome, Reason, Token, Verification, Verify};
#[cfg(feature = "axum")]
pub use portcullis_bearer::{PRINCIPAL_MISSING, Principal};
pub use portcullis_core::{
    Admission, Allowance, ApiError, BoxError, BoxFuture, Code, ErrorStatus, Guard, GuardLayer,
    Issue, Segment, Verdict,
};
pub use portcullis_envelope::{Detail, Envelope, EnvelopeLayer, Final, Rendered};
pub use portcullis_limit::{
    Address, CLIENT_ADDRESS_MISSING, Clock, Key, KeyHasher, LIMIT_KEY_MISSING, ManualClock, Quota,
    QuotaError, RateLimit,
};
pub use portcullis_tenant::{Hidden, MaskLayer};
pub use stack::{Portcullis, Service};

/// Everything about bearer credentials.
pub use portcullis_bearer as bearer;
/// The words that all layers share.
pub use portcullis_core as core;
/// Everything about envelopes.
pub use portcullis_envelope as envelope;
#[cfg(feature = "extract")]
pub use portcullis_envelope::extract;
/// Everything about limits.
pub use portcullis_limit as limit;
/// Everything about hiding another tenant's resources.
pub use portcullis_tenant as tenant;
