use std::time::Duration;

use portcullis_core::{Admission, ApiError, Code, ErrorStatus};
use smallvec::SmallVec;

use super::{
    Shared,
    admitted::{Told, whole_seconds},
    charges::Charged,
    outer::Outer,
};
use crate::{CostAboveQuota, Decision, Quota, Standing, StoreError, observe};

/// The code of the 400 that a request gets which costs more than its quota ever admits at once, so
/// that waiting would not help.
pub const COST_ABOVE_QUOTA: Code = Code::new("COST_ABOVE_QUOTA");

/// What a limit knows of a request that it refuses.
///
/// See [`RateLimit::with_refusal`](super::RateLimit::with_refusal).
#[derive(Debug)]
pub struct Refusal<'a> {
    error: ApiError,
    retry_after: u64,
    limit: u32,
    remaining: u32,
    violated: SmallVec<[&'a str; 2]>,
}

impl<'a> Refusal<'a> {
    /// The error as it would be sent: 429, with the limit's message, `Retry-After` and
    /// `X-RateLimit-*`.
    pub fn error(&self) -> ApiError {
        self.error.clone()
    }

    /// The seconds to wait, rounded up, at least 1: until every policy admits it.
    pub fn retry_after(&self) -> u64 {
        self.retry_after
    }

    /// How many requests the policy that binds admits at once.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// How many of them are left: 0, unless the request costs more than 1.
    pub fn remaining(&self) -> u32 {
        self.remaining
    }

    /// The names of the policies that refuse it, the IETF's `violated-policies`.
    pub fn violated(&self) -> impl Iterator<Item = &'a str> {
        self.violated.iter().copied()
    }
}

impl Shared {
    /// What becomes of a request that the store has decided about.
    pub(super) fn conclude<'a>(
        &self,
        charged: impl Iterator<Item = &'a Charged> + Clone,
        answer: Result<Decision, StoreError>,
        outer: impl FnOnce() -> Outer,
    ) -> Result<Admission, ApiError> {
        let is_shadow = self.settings.is_shadow;
        let refused = match answer {
            Ok(Decision::Admitted(standings)) => {
                let told = charged.zip(standings.iter().copied());
                observe::admitted(&self.policies, told.clone());
                return Ok(match is_shadow {
                    true => Admission::new(),
                    false => Outer::leave(self.admission(told.clone()), told, outer),
                });
            }
            Ok(Decision::Refused(standings)) => {
                let told = charged.zip(standings.iter().copied());
                observe::refused(&self.policies, told.clone(), is_shadow);
                if is_shadow {
                    return Ok(Admission::new());
                }
                self.refusal(told, outer())
            }
            Ok(Decision::Full { retry_after }) => {
                observe::undecided(&self.policies, charged, "full", is_shadow);
                unavailable(retry_after)
            }
            Err(error) => {
                observe::undecided(&self.policies, charged, "unavailable", is_shadow);
                unavailable(error.retry_after()).with_source(error)
            }
        };
        if is_shadow { Ok(Admission::new()) } else { Err(refused) }
    }

    /// The 429 of the policy that binds.
    pub(super) fn too_many(&self, quota: &Quota, standing: Standing, wait: Duration) -> ApiError {
        self.settings
            .message
            .refusal(wait, quota.limit())
            .with_retry_after(wait)
            .with_allowance(self.allowance(quota, standing))
    }

    /// The refusal of a request that at least one policy refuses.
    fn refusal<'a>(&self, told: impl Iterator<Item = Told<'a>> + Clone, outer: Outer) -> ApiError {
        // Who waits for the longest waits for all.
        let refusing = told.clone().filter(|(_, standing)| standing.is_refusing());
        let Some(binding) = refusing.clone().max_by_key(|(_, standing)| standing.retry_after())
        else {
            return unavailable(Duration::ZERO);
        };
        let wait = Duration::from_nanos(outer.or(binding.1.wait()));
        let mut error = self.too_many(&binding.0.quota, binding.1, wait);
        let lines: SmallVec<[_; 2]> = match &self.settings.fields {
            Some(fields) => fields.lines(&self.policies, told).into_iter().collect(),
            None => SmallVec::new(),
        };
        for (name, value) in &lines {
            error = error.with_header(name.clone(), value.clone());
        }
        let Some(make) = &self.settings.refusal else { return error };

        let violated = refusing.map(|(charged, _)| self.policies[charged.policy].name().as_str());
        let violated = violated.collect();
        let retry_after = whole_seconds(wait).get();
        let (limit, remaining) = (binding.0.quota.limit(), binding.1.remaining);
        let made = make(&Refusal { error, retry_after, limit, remaining, violated });
        if made.status() != ErrorStatus::TOO_MANY_REQUESTS {
            return made;
        }
        let mut made = match made.retry_after() {
            Some(_) => made,
            None => made.with_retry_after(wait),
        };
        for (name, value) in &lines {
            if !made.headers().contains_key(name) {
                made = made.with_header(name.clone(), value.clone());
            }
        }
        match made.allowance() {
            Some(_) => made,
            None => made.with_allowance(self.allowance(&binding.0.quota, binding.1)),
        }
    }
}

/// The limit cannot say, which is not the caller's fault.
fn unavailable(retry_after: Duration) -> ApiError {
    ApiError::new(ErrorStatus::SERVICE_UNAVAILABLE).with_retry_after(retry_after)
}

pub(super) fn cost_above_quota(error: CostAboveQuota) -> ApiError {
    ApiError::bad_request()
        .with_code(COST_ABOVE_QUOTA)
        .with_message("The request counts for more than its rate limit ever admits")
        .with_source(error)
}
