//! What Portcullis costs, beside what its peers cost, in one run on one machine.
//!
//! ```text
//! cargo run --release -p portcullis-bench                     # tables, in a minute or two
//! cargo run --release -p portcullis-bench -- --tsv            # metric<TAB>value<TAB>unit
//! cargo run --release -p portcullis-bench -- [--tsv] limiter  # one part: requests, socket, limiter
//! cargo run --release -p portcullis-bench -- --check          # requests, and a failure above a ceiling
//! ```
//!
//! A metric of a request is `<who>.<where>.<case>.<figure>`: `stack.outside.denied_ip.time_to_bare`.
//! `stack` is all of Portcullis, `peers` a stack that is put together of others; `router` is in one
//! `Router::layer`, `outside` around the router. All depends on the release profile of the workspace
//! (thin LTO, one codegen unit).
//!
//! What is found stands in `crates/portcullis/docs/cost.md`, with what it grows with. Limits that count
//! in Redis are measured by the example `redis`, tokens that are verified by the binary `jwt-cost`.
//!
//! # A request
//!
//! What is measured is one request's whole stay: the service is called with a request that was built
//! before, the response is driven to its end and dropped. What it costs to drop the same request by
//! itself (`drop_request`) is taken off. What is left is reported **over bare**: less what a bare axum
//! `Router` with one trivial handler costs, in the same run.
//!
//! - **Instructions** and **allocations** come from one profile that callgrind takes of a child
//!   process: 300 requests, after 50 and a few to warm up. They repeat exactly, or nearly so. An
//!   allocation is a call of the C library's `malloc`, `calloc`, `realloc` and the like, seen from
//!   outside: a counting allocator inside would add its own instructions, and would count what the
//!   optimiser has removed. What the kernel and the vDSO execute is not seen, so reading the
//!   monotonic clock counts for less than it costs. Nor are the processor's own instructions for
//!   SHA-256: where a key is digested, what that takes (`sha256`) is taken off and reported by itself.
//! - **Time** is the median of rounds in which all cases take turns. It depends on the machine and
//!   its mood, and is there to be looked at; the digest is in it. It is checked of one case, the 429
//!   by address, since a clock that is made anew costs microseconds in a virtual machine and no
//!   instructions.
//!
//! Without valgrind only time is left, and a line on standard error says so.
//!
//! ## The workload
//!
//! - `GET /whoami` on a router of one route, whose handler answers `"ok"`, in `masked` alone
//!   `Err(Hidden::foreign(…))`. The request has `host`, `user-agent`, `accept` and `authorization`,
//!   slices of one buffer as out of hyper's parser, and `ConnectInfo<SocketAddr>`.
//! - The service is called as `axum::serve` has it called: `with_state(())` once, then for each
//!   request a clone of the service, `poll_ready` and `call`, as hyper-util's `TowerToHyperService`
//!   does. No executor takes part.
//! - The stack is envelope, limit per address, bearer (API keys by digest, which are cached), limit
//!   per caller and tenant mask, with `X-RateLimit-*` on the answer.
//! - All requests come from one address, and from one of 100 accounts, or from nobody
//!   (`unauthorized`). These are compared with a bare router that gets the same requests.
//! - Quotas that admit are 600 an address and 300 an account and give one back every microsecond:
//!   they never refuse, and what remains has three digits, as usual; a number of 1,000 and more
//!   costs a header value of its own. Quotas that refuse admit one request in 15 minutes.
//! - What the cost grows with: `two_policies` and `four_policies` of one limit, `key_of_10_bytes` and
//!   `key_of_200_bytes` of a limit by a header, `stack_20_headers`, whose request has 20 more. These
//!   are compared with a bare router that gets the same headers.
//! - `with_given_request_id`: the stack shows a request's id in its errors, and the request comes with
//!   one, as it does from a proxy that gives them; compared with a bare router that gets the same.
//!   `with_request_id`, `with_own_request_id`: one that is set and propagated in front of the stack, by
//!   tower-http's two layers or by one layer that does no more.
//! - `tower_governor`, `axum_governor` and the layers of `tower_http` are each alone. `peers` is what
//!   one would put together for the same duties, in one `ServiceBuilder`: `tower_governor` twice, and
//!   axum's `from_fn` for envelope, bearer (keys in a map, not digested) and mask. Its answers know
//!   no reason, only the status.
//! - Nobody subscribes to `tracing`.
//!
//! A case that does not do what its name says is no measurement. Before it is measured, the status,
//! headers and body of its answers are proven, and that the layers are there that its answers do not
//! show; while it is measured, the status of every answer is.
//!
//! # Over a socket
//!
//! The bare router, the stack around it, and a router with `tower_governor`, each served by
//! `axum::serve` on a port of the loopback interface, with connect info, on a runtime of one thread.
//! The client asks over 32 connections of HTTP/1.1 that are kept alive, for the same `/whoami` with
//! the same headers, one request at a time on each. `denied` is refused by address. Every service
//! gets its turn, of 3,200 requests, in each of 31 rounds, a few seconds in all. `ratio_to_bare` is
//! the median of what the rounds have shown: of requests a second, and of the time that 99 of 100
//! answers take (`p99`).
//!
//! The client is a thread of the same process with a runtime of its own. It shares nothing with the
//! server, so a process of its own would have the same two processors and one more thing to start
//! and to end. It writes bytes that are the same for each request and reads no more of an answer than
//! its status and length. `client_busy` is how much of the time it ran: near 100 percent the figures
//! would be the client's.
//!
//! # The limiter
//!
//! `Memory`, asked through its `Store::check` with one `Charge`, whose key is an IPv4 address as a
//! limit per address has it; against `governor`'s own keyed map (`RateLimiter::keyed`: a `DashMap`,
//! `quanta`'s clock) with `IpAddr` for a key, as both peers have it. Both have the same quota. Ours
//! also says what remains and when all is back; that map does not.
//!
//! - `hot`: one address, always admitted. `hot_refused`: always refused. `uniform_1m`, `uniform_10m`:
//!   any of so many addresses that both know, each as likely, 600 a minute; ours has room for twice as
//!   many. Nanoseconds a check are the median of rounds in which both are asked the same, less what
//!   it takes to make up the address.
//! - `two_threads_hot_refused.ratio_to_one`: how long two threads take to ask about one address that
//!   is refused, as often each as one thread does alone; of the fastest rounds. 1 is perfect, and 2 no
//!   faster than one after the other, which is also what one processor shows.
//! - `longest_check_us`: the longest of 5 million checks of random addresses, stretches aside in which
//!   the thread lost its processor; of nothing at all the same, for the machine's own part. The first
//!   check makes the table, and is reported apart.
//! - `bytes_per_key_10m`: by how much the process grows by ten million addresses, in a store with
//!   room for ten million, for each that it then remembers (`lost_at_full_load` are forgotten); and
//!   in governor's map.
//! - `lost_at_half_load`: a million addresses that have spent something, in a store with room for two
//!   million: how many are forgotten.
//! - `flood_100m.rss_mib`: by how much the process has grown after 100 million random addresses, on a
//!   store of the usual size; `rss_after_1m_mib` after the first million of them.

mod arguments;
mod callgrind;
mod case;
mod cases;
mod ceilings;
mod exchange;
mod figures;
mod limiter;
mod machine;
mod median;
mod metric;
mod proof;
mod region;
mod report;
mod request;
mod socket;
mod time;

use std::process::ExitCode;

use portcullis::BoxError;

use crate::{
    arguments::{Arguments, Part},
    figures::Figures,
    report::Report,
};

/// Asks a child process for the one case that it is to run under callgrind.
const RUN_CASE: &str = "--run-case";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        [RUN_CASE, name] => run_case(name),
        _ => Arguments::parse(&arguments).and_then(measure),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portcullis-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: Arguments) -> Result<(), BoxError> {
    let mut report = Report::default();
    // The limiter first: it counts the memory of this process.
    if arguments.wants(Part::Limiter) {
        report.limiter = limiter::metrics()?;
    }
    if arguments.wants(Part::Socket) {
        report.socket = socket::metrics()?;
    }
    if arguments.wants(Part::Requests) {
        let figures = Figures::new(&time::medians()?, callgrind::profiles()?.as_ref());
        report.requests = Some(figures);
    }
    report::print(&report, arguments.format);
    match &report.requests {
        Some(figures) if arguments.checks => ceilings::check(figures),
        _ => Ok(()),
    }
}

/// What a child process does. callgrind collects what happens in the measured region.
fn run_case(name: &str) -> Result<(), BoxError> {
    let entry = cases::all().find(|entry| entry.name == name).ok_or("there is no such case")?;
    let mut case = entry.build();
    case.prepare()?;
    let mut requests = case.requests(callgrind::REQUESTS)?;
    case.run(&mut requests);
    Ok(())
}
