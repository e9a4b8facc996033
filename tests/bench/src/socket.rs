//! Over a socket: a server, and a client that asks as fast as it is answered.

mod answer;
mod client;
mod connection;
mod server;

use std::sync::Arc;

use portcullis::BoxError;
use tokio::runtime::Builder;

use self::client::{Client, Turn};
pub(crate) use self::server::Server;
use crate::{
    cases::{self, Served},
    median::median,
    metric::Metric,
    request,
};

/// How many times each service gets its turn.
const ROUNDS: usize = 31;

/// A service, and what its turns have shown.
struct Measured {
    name: &'static str,
    p99: &'static str,
    client: Client,
    turns: Vec<Turn>,
}

/// All figures, of rounds in which the services take turns.
pub(crate) fn metrics() -> Result<Vec<Metric>, BoxError> {
    let server = Server::start()?;
    let served = cases::served(&server)?;
    Builder::new_current_thread().enable_all().build()?.block_on(measure(&served))
}

async fn measure(served: &[Served]) -> Result<Vec<Metric>, BoxError> {
    let request: Arc<[u8]> = request::bytes()?.into();
    let mut all = Vec::with_capacity(served.len());
    for served in served {
        let open = Client::open(served, Arc::clone(&request)).await;
        let client = open.map_err(|error| format!("{}: {error}", served.name))?;
        let Served { name, p99, .. } = *served;
        all.push(Measured { name, p99, client, turns: Vec::with_capacity(ROUNDS) });
    }
    for _ in 0..ROUNDS {
        for Measured { name, client, turns, .. } in &mut all {
            turns.push(client.turn().await.map_err(|error| format!("{name}: {error}"))?);
        }
    }
    let Some((bare, others)) = all.split_first() else { return Ok(Vec::new()) };
    Ok(bare.absolute().into_iter().chain(others.iter().flat_map(|it| it.to(bare))).collect())
}

impl Measured {
    /// What the others are compared with, to be looked at.
    fn absolute(&self) -> [Metric; 3] {
        let Self { name, p99, .. } = self;
        let median = |figure: fn(&Turn) -> f64| median(self.turns.iter().map(figure).collect());
        [
            Metric::new(
                format!("{name}.requests_per_second"),
                median(|turn| turn.requests_per_second),
                "1/s",
            ),
            Metric::new(format!("{p99}.us"), median(|turn| turn.p99 / 1_000.0), "us"),
            Metric::new(
                format!("{name}.client_busy"),
                median(|turn| 100.0 * turn.client_busy),
                "percent",
            ),
        ]
    }

    /// The medians of what each round has shown in proportion.
    fn to(&self, bare: &Self) -> [Metric; 2] {
        let Self { name, p99, .. } = self;
        let median = |figure: fn(&Turn) -> f64| {
            let rounds = self.turns.iter().zip(&bare.turns);
            median(rounds.map(|(this, bare)| figure(this) / figure(bare)).collect())
        };
        [
            Metric::ratio(format!("{name}.ratio_to_bare"), median(|turn| turn.requests_per_second)),
            Metric::ratio(format!("{p99}.ratio_to_bare"), median(|turn| turn.p99)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_is_proven_on_every_connection_and_then_measured() {
        let server = Server::start().unwrap();
        let request: Arc<[u8]> = request::bytes().unwrap().into();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        for served in cases::served(&server).unwrap() {
            runtime.block_on(async {
                let mut client = Client::open(&served, Arc::clone(&request)).await.unwrap();
                let turn = client.turn().await.unwrap();
                assert!(turn.requests_per_second > 0.0 && turn.p99 > 0.0, "{turn:?}");
            });
        }
    }
}
