use std::time::Duration;

use crate::recorder::Exchange;

/// What is not as it should be: an answer of this status, a pause of at least its `Retry-After`, a 200,
/// and nothing else.
pub(crate) fn judge(exchanges: &[Exchange], status: u16, tick: Duration) -> Result<(), String> {
    let [refused, admitted] = exchanges else { return Err("not two requests".to_owned()) };
    if (refused.status, admitted.status) != (status, 200) {
        return Err(format!("not a {status} and then a 200"));
    }
    let seconds = refused.retry_after.parse().map_err(|_| "no Retry-After in seconds")?;
    let paused = admitted.came - refused.answered;
    if paused + tick < Duration::from_secs(seconds) {
        return Err(format!("came again after {paused:?}"));
    }
    Ok(())
}

#[test]
fn who_comes_too_early_or_too_often_is_noticed() {
    let start = std::time::Instant::now();
    let at = |came, status| Exchange {
        came: start + Duration::from_millis(came),
        status,
        retry_after: "2".to_owned(),
        answered: start + Duration::from_millis(came + 1),
    };
    let judged = |exchanges: &[Exchange]| judge(exchanges, 429, Duration::ZERO);
    assert_eq!(judged(&[at(0, 429), at(2_001, 200)]), Ok(()));
    for wrong in [
        &[at(0, 200)][..],
        &[at(0, 429), at(2_000, 200)],
        &[at(0, 429), at(2_001, 429)],
        &[at(0, 429), at(500, 429), at(2_502, 200)],
        &[at(0, 503), at(2_001, 200)],
    ] {
        assert!(judged(wrong).is_err(), "{wrong:#?}");
    }
}
