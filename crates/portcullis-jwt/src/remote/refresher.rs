use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch, time::timeout};

use super::{Remote, has_timer, state::State};

/// What fetches keys before anybody misses them. It ends with the keys, or with its runtime, and
/// then the next request on another begins it again. While its runtime is not driven, requests on
/// another do what it would.
struct Refresher {
    remote: Weak<Remote>,
    state: watch::Receiver<State>,
}

impl Remote {
    /// Sees to it that the keys are fetched when they are due, and given up when they are too old,
    /// whatever has become of the tasks that should have seen to it.
    #[inline]
    pub(crate) fn tend(self: &Arc<Self>) {
        if self.age() >= self.look_at.load(Ordering::Relaxed) {
            self.look();
        }
    }

    #[cold]
    fn look(self: &Arc<Self>) {
        self.review();
        let Ok(runtime) = Handle::try_current() else { return };
        if has_timer() {
            self.begin_to_tend(&runtime);
            self.begin();
            self.plan(&self.state.borrow(), Duration::MAX);
            return;
        }
        if !self.has_missed_timer.swap(true, Ordering::Relaxed) {
            tracing::error!(
                "an issuer's keys are not fetched from here, since that needs tokio's timer: serve \
                 from a runtime with `enable_time`"
            );
        }
        self.plan(&self.state.borrow(), self.endpoint.schedule.cool_down);
    }

    fn begin_to_tend(self: &Arc<Self>, runtime: &Handle) {
        if !self.is_tended.swap(true, Ordering::AcqRel) {
            let refresher =
                Refresher { remote: Arc::downgrade(self), state: self.state.subscribe() };
            runtime.spawn(refresher.run());
        }
    }

    fn until_look(&self) -> Duration {
        self.state.borrow().until_look(self.endpoint.schedule)
    }
}

impl Refresher {
    async fn run(mut self) {
        loop {
            self.state.mark_unchanged();
            let Some(wait) = self.remote.upgrade().map(|remote| remote.until_look()) else {
                return;
            };
            // Others may look before: then it is at another time.
            match timeout(wait, self.state.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => match self.remote.upgrade() {
                    Some(remote) => remote.look(),
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
            remote.look_at.store(0, Ordering::Relaxed);
        }
    }
}
