//! The limiter by itself, against governor's own map.

mod contenders;
mod keys;
mod longest;
mod room;
mod speed;
mod threads;

use std::time::Duration;

use portcullis::BoxError;

use self::contenders::Rate;
use crate::metric::Metric;

/// Nothing comes back while anybody measures: two at once, then one in 15 minutes.
const DROUGHT: Rate = Rate { interval: Duration::from_secs(15 * 60), burst: 2 };

/// All figures. Memory first, while this process has not had much of it.
pub(crate) fn metrics() -> Result<Vec<Metric>, BoxError> {
    let memory = [room::flood()?, room::bytes_per_key()?, vec![room::lost_at_half_load()]];
    let speed = [
        speed::hot(),
        speed::hot_refused(),
        speed::uniform("uniform_1m", 1_000_000),
        speed::uniform("uniform_10m", 10_000_000),
        threads::two_threads_hot_refused(),
        longest::longest()?,
    ];
    Ok(speed.into_iter().chain(memory).flatten().collect())
}
