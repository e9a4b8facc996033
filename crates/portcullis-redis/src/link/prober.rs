//! Who brings the engine back: one task, however many callers there are.

use std::{
    convert::Infallible,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use portcullis_limit::{PolicyName, Quota};
use redis::{AsyncConnectionConfig, PushInfo, PushKind, aio::MultiplexedConnection};
use tokio::{
    runtime::Handle,
    time::{Sleep, sleep, timeout},
};

use super::{Connection, Link, State};
use crate::{
    breaker::LONGEST_REST,
    due::Due,
    failure::Failure,
    key::{Digest, reset_channel},
    patience,
    script::{Call, Task, Until},
    tls::may_encrypt,
};

/// Longer than this no attempt takes: a port that swallows what it is sent may be open again.
const ATTEMPT: Duration = Duration::from_millis(750);

/// Between two attempts.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Longer than this no prober is silent whose runtime goes on.
pub(super) const LONGEST_SILENCE: Duration =
    ATTEMPT.saturating_add(LONGEST_PAUSE).saturating_add(LONGEST_REST);

impl Link {
    /// Has somebody bring the engine back, after a rest; says why nobody can.
    pub(super) fn probe(self: &Arc<Self>, rest: Duration) -> Result<(), Failure> {
        let Some(turn) = self.turn.take(Instant::now()) else { return Ok(()) };
        let probing = Probing { link: Arc::downgrade(self), turn };
        let runtime = Handle::try_current().map_err(|_| Failure::NoRuntime)?;
        let rest = patience::rest(rest)?;
        self.state.send_if_modified(|state| {
            if matches!(state, State::New) {
                *state = State::Connecting;
            }
            false
        });
        runtime.spawn(probing.run(rest));
        Ok(())
    }

    /// A connection that answers in time, and may write.
    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        if !may_encrypt(&self.client) {
            return Err(Failure::NoCrypto);
        }
        let refusals = Arc::clone(&self.refusals);
        let config = AsyncConnectionConfig::new()
            .set_push_sender(move |push: PushInfo| {
                if push.kind == PushKind::Message {
                    refusals.all_changed();
                }
                Ok::<_, Infallible>(())
            })
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(1_024)
            .set_write_backpressure_boundary(65_536);
        let redis = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut connection = Connection { number: 0, redis };

        let due = Due {
            policy: PolicyName::new("probe"),
            key: Digest::of(b"probe"),
            quota: Quota::per_second(1_000_000),
            cost: 1,
            on_failure: None,
        };
        let call = Call {
            prefix: &self.prefix,
            dues: std::slice::from_ref(&due),
            task: Task::Decide { says_time: true },
            until: Until::Always,
        };
        // The first answer may have waited for an engine that stood still, and the script is read.
        for _ in 0..2 {
            let start = Instant::now();
            let reply = call.read(connection.send(&call.by_source()).await?)?;
            let is_in_time = start.elapsed() <= self.timeout;
            if let Some(now) = reply.now
                && is_in_time
            {
                self.clock.start(now, self.time.now());
                // Who may not hear of what is forgotten elsewhere refuses until it would have anyway.
                if let Err(error) = connection.redis.subscribe(reset_channel(&self.prefix)).await {
                    tracing::debug!(%error, "resets by other replicas are not heard of");
                }
                self.refusals.all_changed();
                return Ok(connection.redis);
            }
        }
        Err(Failure::TimedOut)
    }
}

/// The task, for as long as it lives.
struct Probing {
    link: Weak<Link>,
    turn: u64,
}

impl Probing {
    /// Tries until the engine is there, or nobody needs it any more, or another took over.
    async fn run(self, rest: Sleep) {
        rest.await;
        let mut pause = SHORTEST_PAUSE;
        loop {
            let Some(link) = self.link.upgrade() else { return };
            if !link.turn.keep(self.turn, Instant::now()) {
                return;
            }
            match attempt(&link, self.turn).await {
                Ok(connection) => {
                    // Before anybody sees it, so that whoever loses it again finds nobody at work.
                    if link.turn.end(self.turn) {
                        link.closed(connection);
                    }
                    return;
                }
                Err(failure) => link.opened(self.turn, &failure),
            }
            drop(link);
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// One attempt. Callers wait for it only as long as they would for an answer.
async fn attempt(link: &Link, turn: u64) -> Result<MultiplexedConnection, Failure> {
    let connecting = timeout(ATTEMPT, link.connect());
    tokio::pin!(connecting);
    let attempted = match timeout(link.timeout, &mut connecting).await {
        Ok(attempted) => attempted,
        Err(_) => {
            link.opened(turn, &Failure::TimedOut);
            connecting.await
        }
    };
    attempted.unwrap_or(Err(Failure::TimedOut))
}

/// Also where its runtime ends, so that the next caller finds nobody at work.
impl Drop for Probing {
    fn drop(&mut self) {
        if let Some(link) = self.link.upgrade() {
            link.turn.end(self.turn);
        }
    }
}
