use std::sync::Arc;

use http::request::Parts;
use portcullis_core::ApiError;

use super::{Refusal, fields::RateLimitFields, message::Message};

type MakeRefusal = Arc<dyn Fn(&Refusal<'_>) -> ApiError + Send + Sync>;
type IsExempt = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

/// What a limit does beside counting.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) message: Message,
    pub(super) refusal: Option<MakeRefusal>,
    pub(super) is_exempt: Option<IsExempt>,
    pub(super) reset: Option<Reset>,
    pub(super) fields: Option<RateLimitFields>,
    pub(super) is_silent: bool,
    pub(super) is_shadow: bool,
}

impl Settings {
    /// Whether what is admitted is treated as it is without any.
    pub(super) fn are_plain(&self) -> bool {
        self.is_exempt.is_none() && self.fields.is_none() && !self.is_silent && !self.is_shadow
    }
}

/// The unit of `X-RateLimit-Reset`: see [`RateLimit::with_reset`](super::RateLimit::with_reset).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reset {
    /// Seconds from now, rounded up.
    DeltaSeconds,
    /// Seconds since the Unix epoch, rounded up.
    EpochSeconds,
}
