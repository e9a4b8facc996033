use std::sync::Arc;

use tokio::{runtime::Handle, time::timeout};

use super::{Failure, Remote, has_timer};
use crate::key_set::KeySet;

/// One fetch. Whatever becomes of the task that does it, it is over when this is dropped.
pub(super) struct Flight {
    remote: Arc<Remote>,
    number: u64,
    brought: Option<Result<KeySet, Failure>>,
}

impl Flight {
    pub(super) fn of(remote: &Arc<Remote>, number: u64) -> Self {
        Self { remote: Arc::clone(remote), number, brought: None }
    }

    /// A task of its own: nobody who waits for it can take it along when they go.
    pub(super) fn take_off(mut self) {
        match Handle::try_current() {
            Ok(runtime) if has_timer() => drop(runtime.spawn(self.run())),
            Ok(_) => self.brought = Some(Err(Failure::NoTimer)),
            Err(_) => self.brought = Some(Err(Failure::NoRuntime)),
        }
    }

    async fn run(mut self) {
        let brought = self.fetch().await;
        self.brought = Some(brought);
    }

    async fn fetch(&self) -> Result<KeySet, Failure> {
        let Remote { endpoint, algorithms, backend, .. } = &*self.remote;
        let patience = endpoint.schedule.timeout;
        let text = match timeout(patience, endpoint.fetch()).await {
            Ok(Ok(text)) if text.len() > endpoint.max_bytes => {
                return Err(Failure::TooLong(endpoint.max_bytes));
            }
            Ok(text) => text.map_err(Failure::Failed)?,
            Err(_) => return Err(Failure::TimedOut(patience)),
        };
        KeySet::parse(&text, algorithms, *backend).map_err(Failure::NoKeySet)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let brought = self.brought.take().unwrap_or(Err(Failure::Dropped));
        self.remote.land(self.number, brought);
    }
}
