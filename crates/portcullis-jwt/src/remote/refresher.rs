use std::{
    panic::catch_unwind,
    sync::{Arc, Weak, atomic::Ordering},
};

use tokio::{
    runtime::Handle,
    sync::watch,
    time::{Duration, sleep, timeout},
};

use super::{Remote, state::State};

/// What fetches keys before anybody misses them. It ends with the keys, or with its runtime, and
/// then the next request on another begins it again.
struct Refresher {
    remote: Weak<Remote>,
    state: watch::Receiver<State>,
}

impl Remote {
    /// Sees to it that the keys are fetched in the background, where there is a runtime.
    #[inline]
    pub(crate) fn tend(self: &Arc<Self>) {
        if !self.is_tended.load(Ordering::Relaxed) {
            self.begin_to_tend();
        }
    }

    #[cold]
    fn begin_to_tend(self: &Arc<Self>) {
        let Ok(runtime) = Handle::try_current() else { return };
        if self.is_tended.swap(true, Ordering::AcqRel) {
            return;
        }
        // tokio answers with a panic where its timers were not enabled. It is not asked again.
        if catch_unwind(|| sleep(Duration::ZERO)).is_err() {
            tracing::error!(
                "an issuer's keys are not fetched, since that needs tokio's timer: serve from a \
                 runtime with `enable_time`"
            );
            return;
        }
        let refresher = Refresher { remote: Arc::downgrade(self), state: self.state.subscribe() };
        runtime.spawn(refresher.run());
    }

    fn until_due(&self) -> Duration {
        let schedule = self.endpoint.schedule;
        self.state.borrow().until_due(schedule.refresh, schedule.cool_down)
    }
}

impl Refresher {
    async fn run(mut self) {
        loop {
            if self.state.wait_for(|state| !state.is_under_way).await.is_err() {
                return;
            }
            let Some(wait) = self.remote.upgrade().map(|remote| remote.until_due()) else { return };
            // Others may fetch before: then it is due at another time.
            match timeout(wait, self.state.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => match self.remote.upgrade() {
                    Some(remote) => remote.begin(),
                    None => return,
                },
            }
        }
    }
}

impl Drop for Refresher {
    fn drop(&mut self) {
        if let Some(remote) = self.remote.upgrade() {
            remote.is_tended.store(false, Ordering::Release);
        }
    }
}
