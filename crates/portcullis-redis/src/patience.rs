//! Waiting, where there is something to wait with.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    time::{Instant, Sleep, sleep, timeout_at},
};

use crate::failure::Failure;

/// What becomes of this until then, or that it took too long.
pub(crate) async fn within<T>(
    ends: Instant,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let work = timer(|| timeout_at(ends, work))?;
    work.await.unwrap_or(Err(Failure::TimedOut))
}

/// A rest of this length, from now on.
pub(crate) fn rest(length: Duration) -> Result<Sleep, Failure> {
    timer(|| sleep(length))
}

fn timer<T>(start: impl FnOnce() -> T) -> Result<T, Failure> {
    Handle::try_current().map_err(|_| Failure::NoRuntime)?;
    // tokio answers with a panic where its timers were not enabled.
    catch_unwind(AssertUnwindSafe(start)).map_err(|_| Failure::NoTimer)
}
