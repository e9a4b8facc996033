//! What a limit tells its operators of each decision: the policy and the outcome, never the key.

use crate::{
    Policy, PolicyName, Standing,
    guard::{Charged, Told},
};

pub(crate) fn admitted<'a>(policies: &[Policy], told: impl Iterator<Item = Told<'a>>) {
    for (charged, Standing { remaining, .. }) in told {
        admitted_by(&policies[charged.policy], charged.cost, remaining);
    }
}

/// Neither this nor [`refused_by`] is inlined: mostly nobody reads such lines, and they take room.
#[inline(never)]
pub(crate) fn admitted_by(policy: &Policy, cost: u32, remaining: u32) {
    let policy = policy.name();
    tracing::trace!(%policy, outcome = "admitted", cost, remaining);
    count(policy, "admitted");
}

/// Says which policies refuse; the others were not charged.
pub(crate) fn refused<'a>(
    policies: &[Policy],
    told: impl Iterator<Item = Told<'a>>,
    is_shadow: bool,
) {
    for (charged, standing) in told {
        let policy = policies[charged.policy].name();
        let Some(wait) = standing.retry_after() else {
            tracing::trace!(%policy, outcome = "uncharged", cost = charged.cost);
            count(policy, "uncharged");
            continue;
        };
        if is_shadow {
            let (cost, remaining, wait_ms) =
                (charged.cost, standing.remaining, wait.as_millis() as u64);
            tracing::info!(
                %policy, outcome = "shadowed", cost, remaining, wait_ms,
                "a limit in shadow would have refused"
            );
            count(policy, "shadowed");
        } else {
            refused_by(&policies[charged.policy], charged.cost, &standing);
        }
    }
}

#[inline(never)]
pub(crate) fn refused_by(policy: &Policy, cost: u32, standing: &Standing) {
    let policy = policy.name();
    let remaining = standing.remaining;
    // The wait is divided only where somebody listens.
    tracing::debug!(
        %policy, outcome = "refused", cost, remaining, wait_ms = standing.wait() / 1_000_000
    );
    count(policy, "refused");
}

/// Says that the store could not decide.
pub(crate) fn undecided<'a>(
    policies: &[Policy],
    charged: impl Iterator<Item = &'a Charged>,
    outcome: &'static str,
    is_shadow: bool,
) {
    for charged in charged {
        let policy = policies[charged.policy].name();
        tracing::warn!(%policy, outcome, shadow = is_shadow, "a limit could not decide");
        count(policy, outcome);
    }
}

pub(crate) fn exempt(policies: &[Policy]) {
    for policy in policies {
        let policy = policy.name();
        tracing::trace!(%policy, outcome = "exempt");
        count(policy, "exempt");
    }
}

#[cfg(feature = "metrics")]
fn count(policy: &PolicyName, outcome: &'static str) {
    let policy = policy.text();
    metrics::counter!("portcullis_limit_decisions_total", "policy" => policy, "outcome" => outcome)
        .increment(1);
}

#[cfg(not(feature = "metrics"))]
fn count(_policy: &PolicyName, _outcome: &'static str) {}
