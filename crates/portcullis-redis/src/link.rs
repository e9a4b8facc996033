//! The one connection to the engine: whether it is there, and who brings it back.

mod prober;
mod turn;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use redis::{Client, Cmd, Value, aio::MultiplexedConnection};
use tokio::sync::watch;

use self::turn::Turn;
use crate::{
    breaker::Breaker,
    failure::{Failure, Meaning},
    observe,
    patience::within,
    refusals::Refusals,
    time::{ServerClock, Time},
};

/// The connection, which all calls share, and the breaker in front of it.
pub(crate) struct Link {
    client: Client,
    refusals: Arc<Refusals>,
    prefix: Arc<str>,
    timeout: Duration,
    pub(crate) time: Time,
    pub(crate) clock: ServerClock,
    breaker: Breaker,
    state: watch::Sender<State>,
    /// Who is bringing it back already, if anybody is.
    turn: Turn,
    /// How many connections there were.
    count: AtomicU64,
    /// How many calls failed by themselves.
    alone: AtomicU64,
}

/// How it is with the engine.
#[derive(Clone)]
enum State {
    /// Nobody has called yet.
    New,
    /// A connection is being made, and worth waiting for.
    Connecting,
    Up(Connection),
    /// It failed, for this reason: nobody waits for it.
    Down(Failure),
}

/// One connection among those that there were.
#[derive(Clone)]
pub(crate) struct Connection {
    number: u64,
    redis: MultiplexedConnection,
}

impl Connection {
    /// Sends one command, and waits for its answer as long as it takes.
    pub(crate) async fn send(&mut self, command: &Cmd) -> Result<Value, Failure> {
        match self.redis.send_packed_command(command).await? {
            Value::ServerError(error) => Err(redis::RedisError::from(error).into()),
            value => Ok(value),
        }
    }
}

impl Link {
    pub(crate) fn new(
        client: Client,
        refusals: Arc<Refusals>,
        prefix: Arc<str>,
        timeout: Duration,
        failures: u32,
        time: Time,
    ) -> Arc<Self> {
        Arc::new(Self {
            client,
            refusals,
            prefix,
            timeout,
            time,
            clock: ServerClock::default(),
            breaker: Breaker::new(failures),
            state: watch::Sender::new(State::New),
            turn: Turn::new(prober::LONGEST_SILENCE),
            count: AtomicU64::new(0),
            alone: AtomicU64::new(0),
        })
    }

    /// Whether nobody should wait for the engine. Sees to it that somebody brings it back.
    pub(crate) fn is_down(self: &Arc<Self>) -> bool {
        let is_down = matches!(*self.state.borrow(), State::Down(_));
        if is_down {
            // Who cannot bring it back need not: nobody waits for it.
            let _ = self.probe(Duration::ZERO);
        }
        is_down
    }

    /// Waits for the engine for longer than requests do, and says why it cannot be reached.
    pub(crate) async fn reached(self: &Arc<Self>, patience: Duration) -> Result<(), Failure> {
        let mut changes = self.state.subscribe();
        let reached = async {
            loop {
                match self.connection().await {
                    Err(Failure::Down) if matches!(self.cause(), Some(Failure::TimedOut)) => {
                        changes.changed().await.map_err(|_| Failure::Down)?;
                    }
                    outcome => return outcome.map(drop),
                }
            }
        };
        let outcome = within(tokio::time::Instant::now() + patience, reached).await;
        outcome.map_err(|failure| self.cause().unwrap_or(failure))
    }

    fn cause(&self) -> Option<Failure> {
        match &*self.state.borrow() {
            State::Down(failure) => Some(failure.clone()),
            _ => None,
        }
    }

    /// The connection, once it is there.
    pub(crate) async fn connection(self: &Arc<Self>) -> Result<Connection, Failure> {
        let mut changes = None;
        loop {
            let state = self.state.borrow().clone();
            match state {
                State::Up(connection) => return Ok(connection),
                State::Down(_) => {
                    self.probe(Duration::ZERO)?;
                    return Err(Failure::Down);
                }
                State::New | State::Connecting => {}
            }
            let Some(changes) = &mut changes else {
                // Whoever looks from now on sees what changes from now on.
                changes = Some(self.state.subscribe());
                self.probe(Duration::ZERO)?;
                continue;
            };
            if changes.changed().await.is_err() {
                return Err(Failure::Down);
            }
        }
    }

    /// A call on this connection was answered.
    #[inline]
    pub(crate) fn succeeded(&self) {
        self.breaker.succeeded();
    }

    /// A call on this connection failed.
    pub(crate) fn failed(self: &Arc<Self>, connection: u64, failure: &Failure) {
        // What an older connection says does not count.
        let is_current =
            |state: &State| matches!(state, State::Up(current) if current.number == connection);
        if !is_current(&self.state.borrow()) {
            return;
        }
        let is_lost = match failure.meaning() {
            Meaning::Alone => {
                observe::failed(failure, self.alone.fetch_add(1, Ordering::Relaxed));
                return;
            }
            Meaning::Suspect if !self.breaker.failed() => return,
            Meaning::Suspect => false,
            Meaning::Lost => true,
        };
        let mut rest = Duration::ZERO;
        let opened = self.state.send_if_modified(|state| {
            let is_current = is_current(state);
            if is_current {
                rest = self.breaker.rest(Instant::now());
                // A connection that was only closed is back in a moment; one that is lost again and
                // again is not waited for.
                *state = match is_lost && rest.is_zero() {
                    true => State::Connecting,
                    false => State::Down(failure.clone()),
                };
            }
            is_current
        });
        if opened {
            if matches!(*self.state.borrow(), State::Down(_)) {
                observe::opened(failure);
            }
            // If nobody can here, whoever calls next has it done.
            let _ = self.probe(rest);
        }
    }

    /// The engine cannot be reached, says the prober whose turn this is.
    fn opened(&self, turn: u64, failure: &Failure) {
        let is_new = self.state.send_if_modified(|state| {
            // One that lost its turn does not know what the next one found.
            if !self.turn.is_of(turn) {
                return false;
            }
            let is_new = !matches!(state, State::Down(_));
            *state = State::Down(failure.clone());
            is_new
        });
        if is_new {
            observe::opened(failure);
        }
    }

    /// The engine is there.
    fn closed(&self, redis: MultiplexedConnection) {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        self.breaker.closed(Instant::now());
        let was = self.state.send_replace(State::Up(Connection { number, redis }));
        observe::closed(matches!(was, State::Down(_)));
    }
}

impl Connection {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}
