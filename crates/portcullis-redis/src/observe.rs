//! What operators are told: every change of the breaker, and what is decided without the engine.

use crate::failure::Failure;

/// The engine is there, or back.
pub(crate) fn closed(was_open: bool) {
    gauge(false);
    if was_open {
        tracing::info!("limits are counted in the engine again");
        changed("closed");
    } else {
        tracing::debug!("limits are counted in the engine");
    }
}

/// The engine is gone, or too slow.
pub(crate) fn opened(failure: &Failure) {
    let cause = std::error::Error::source(failure).map(ToString::to_string);
    tracing::warn!(
        error = %failure,
        cause = cause.as_deref(),
        "the engine of the limits is down: each policy does what it says for that until it is back"
    );
    gauge(true);
    changed("open");
}

/// One call failed by itself: a key that holds something else, perhaps. Said at the first time, the
/// second, the fourth, and so on: a client that floods is not to fill the logs as well.
pub(crate) fn failed(failure: &Failure, before: u64) {
    let times = before.saturating_add(1);
    if times.is_power_of_two() {
        let cause = std::error::Error::source(failure).map(ToString::to_string);
        let cause = cause.as_deref();
        tracing::warn!(error = %failure, cause, times, "the engine of the limits failed");
    }
}

#[cfg(feature = "metrics")]
mod counted {
    use portcullis_limit::PolicyName;

    pub(super) fn changed(state: &'static str) {
        metrics::counter!("portcullis_redis_breaker_changes_total", "state" => state).increment(1);
    }

    pub(super) fn gauge(is_open: bool) {
        metrics::gauge!("portcullis_redis_breaker_open").set(f64::from(u8::from(is_open)));
    }

    pub(crate) fn without_engine(policy: &PolicyName, mode: &'static str) {
        let policy = policy.as_str().to_owned();
        let labels = [("policy", policy), ("mode", mode.to_owned())];
        metrics::counter!("portcullis_redis_without_engine_total", &labels).increment(1);
    }

    pub(crate) fn known_refusal() {
        metrics::counter!("portcullis_redis_known_refusals_total").increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod counted {
    use portcullis_limit::PolicyName;

    pub(super) fn changed(_state: &'static str) {}

    pub(super) fn gauge(_is_open: bool) {}

    pub(crate) fn without_engine(_policy: &PolicyName, _mode: &'static str) {}

    pub(crate) fn known_refusal() {}
}

use self::counted::{changed, gauge};
pub(crate) use self::counted::{known_refusal, without_engine};
