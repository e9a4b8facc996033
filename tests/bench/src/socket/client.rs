//! A service that is asked over several connections at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use portcullis::BoxError;
use tokio::{task::JoinSet, time::timeout};

use super::connection::Connection;
use crate::{cases::Served, machine::Scheduled};

/// How many connections ask at once.
const CONNECTIONS: usize = 32;

/// How many requests a turn is, on each connection.
const REQUESTS: usize = 100;

/// No turn takes so long, unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// All connections to one service.
pub(super) struct Client {
    connections: Vec<Connection>,
    request: Arc<[u8]>,
    status: [u8; 3],
}

/// What one turn has shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) requests_per_second: f64,
    /// In nanoseconds.
    pub(super) p99: f64,
    /// How much of the time the client itself was running.
    pub(super) client_busy: f64,
}

impl Client {
    /// Opens the connections, and proves on each that the answer is what it has to be.
    pub(super) async fn open(served: &Served, request: Arc<[u8]>) -> Result<Self, BoxError> {
        let mut connections = Vec::with_capacity(CONNECTIONS);
        let mut status = [0; 3];
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(served.address).await?;
            // What admits one request, and then none, has admitted it here.
            connection.ask(&request).await?;
            let answer = connection.ask(&request).await?;
            served.expected.prove(answer.response()?)?;
            status.copy_from_slice(answer.status());
            connections.push(connection);
        }
        Ok(Self { connections, request, status })
    }

    /// Asks over all connections at once.
    pub(super) async fn turn(&mut self) -> Result<Turn, BoxError> {
        let mut asking = JoinSet::new();
        let (ran, start) = (Scheduled::now()?.ran, Instant::now());
        for mut connection in self.connections.drain(..) {
            let (request, status) = (Arc::clone(&self.request), self.status);
            asking.spawn(async move {
                let took = connection.ask_often(&request, &status, REQUESTS).await?;
                Ok::<_, BoxError>((connection, took))
            });
        }
        let mut latencies = Vec::with_capacity(CONNECTIONS * REQUESTS);
        while let Some(asked) = timeout(PATIENCE, asking.join_next()).await? {
            let (connection, took) = asked??;
            self.connections.push(connection);
            latencies.extend(took);
        }
        let nanos = start.elapsed().as_nanos() as f64;
        let busy = (Scheduled::now()?.ran - ran) as f64;

        latencies.sort_unstable();
        Ok(Turn {
            requests_per_second: latencies.len() as f64 / nanos * 1e9,
            p99: latencies[latencies.len() * 99 / 100].as_nanos() as f64,
            client_busy: busy / nanos,
        })
    }
}
