//! What a decision costs that Redis makes, beside a `GET` and a bare script, in one run.
//!
//! ```text
//! cargo run --release -p portcullis-bench --example redis
//! ```
//!
//! - `GET` and the bare script go over a plain `MultiplexedConnection` of the `redis` crate; the bare
//!   script is the generic cell rate algorithm in as few lines as it takes: the server's time, one
//!   `GET`, one `SET` with `PX`.
//! - Ours goes through `Store::check`, with all that it does beside: the digest of the key, the
//!   time-out, the breaker, the known refusals. All requests are admitted.
//! - Callers send as fast as they are answered, each for ten keys of its own. All kinds take
//!   turns, and each figure is the median of its turns.
//! - The server's CPU is what its process has used, user and system, for each decision.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program that reports")]

mod kinds;

use std::time::{Duration, Instant};

use portcullis_tests::{Engine, Kind as Server};

use crate::kinds::{KINDS, Kind, Subject};

const CALLERS: [usize; 3] = [1, 64, 512];
const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_millis(600);

/// One turn's figures.
#[derive(Clone, Copy, Default)]
struct Turn {
    a_second: f64,
    server_micros: f64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    for server in Server::ALL {
        let Some(engine) = Engine::start(server) else { continue };
        let subject = Subject::connect(&engine).await;
        println!(
            "{server:?}{:>21}{:>12}{:>9}{:>10}{:>14}",
            "callers", "a second", "to GET", "to bare", "server us"
        );
        for callers in CALLERS {
            let mut turns = [const { Vec::new() }; KINDS.len()];
            for _ in 0..ROUNDS {
                for (kind, turns) in KINDS.into_iter().zip(&mut turns) {
                    turns.push(turn(&engine, &subject, kind, callers).await);
                }
            }
            let medians = turns.map(|turns| Turn {
                a_second: median(turns.iter().map(|turn| turn.a_second)),
                server_micros: median(turns.iter().map(|turn| turn.server_micros)),
            });
            for (kind, Turn { a_second, server_micros }) in KINDS.into_iter().zip(medians) {
                let (to_get, to_bare) =
                    (a_second / medians[0].a_second, a_second / medians[1].a_second);
                println!(
                    "{:<22}{callers:>5}{a_second:>12.0}{to_get:>9.2}{to_bare:>10.2}{server_micros:>14.2}",
                    kind.name()
                );
            }
        }
    }
}

async fn turn(engine: &Engine, subject: &Subject, kind: Kind, callers: usize) -> Turn {
    let (before, start) = (server_seconds(engine), Instant::now());
    let callers: Vec<_> = (0..callers)
        .map(|caller| {
            let subject = subject.clone();
            tokio::spawn(async move {
                let mut count = 0_u64;
                while start.elapsed() < TURN {
                    subject.send(kind, caller, count).await;
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut count = 0;
    for caller in callers {
        count += caller.await.expect("nobody panics");
    }
    let a_second = count as f64 / start.elapsed().as_secs_f64();
    let server_micros = (server_seconds(engine) - before) * 1e6 / count as f64;
    Turn { a_second, server_micros }
}

/// The CPU time that the server has used.
fn server_seconds(engine: &Engine) -> f64 {
    let lines = engine.ask(&["INFO", "cpu"]);
    let used = lines.iter().filter_map(|line| {
        let (name, seconds) = line.split_once(':')?;
        matches!(name, "used_cpu_sys" | "used_cpu_user").then(|| seconds.parse::<f64>().ok())?
    });
    used.sum()
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
