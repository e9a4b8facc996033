//! What Portcullis costs a request, beside what its peers cost, in one run on one machine.
//!
//! ```text
//! cargo run --release -p portcullis-bench              # a table
//! cargo run --release -p portcullis-bench -- --tsv     # metric<TAB>value<TAB>unit
//! cargo run --release -p portcullis-bench -- --check   # the table, and a failure above a ceiling
//! ```
//!
//! # What is measured
//!
//! One request's whole stay: the service is called with a request that was built before, the
//! response is driven to its end and dropped. What it costs to drop the same request by itself
//! (`drop_request`) is taken off. What is left is reported **over bare**: less what a bare axum
//! `Router` with one trivial handler costs, in the same run.
//!
//! - **Instructions** and **allocations** come from one profile that callgrind takes of a child
//!   process: 300 requests, after 50 and a few to warm up. They repeat exactly, or nearly so. An
//!   allocation is a call of the C library's `malloc`, `calloc`, `realloc` and the like, seen from
//!   outside: a counting allocator inside would add its own instructions, and would count what the
//!   optimiser has removed. What the kernel and the vDSO execute is not seen, so reading the
//!   monotonic clock counts for less than it costs.
//! - **Time** is the median of rounds in which all cases take turns. It depends on the machine and
//!   its mood, and is there to be looked at, not to be checked.
//!
//! Without valgrind only time is left, and a line on standard error says so. All depends on the
//! release profile of the workspace (thin LTO, one codegen unit).
//!
//! # The workload
//!
//! - `GET /whoami` on a router of one route, whose handler answers `"ok"`, in `masked` alone
//!   `Err(Hidden::foreign())`. The request has `host`, `user-agent`, `accept` and `authorization`,
//!   slices of one buffer as out of hyper's parser, and `ConnectInfo<SocketAddr>`.
//! - The service is called as `axum::serve` has it called: `with_state(())` once, then for each
//!   request a clone of the service, `poll_ready` and `call`, as hyper-util's `TowerToHyperService`
//!   does. No executor takes part.
//! - All requests come from one address, and from one of 100 accounts in a `HashMap`, or from nobody
//!   (`unauthorized`). These are compared with a bare router that gets the same requests.
//! - Quotas that admit are 600 an address and 300 an account and give one back every microsecond:
//!   they never refuse, and what remains has three digits, as usual; a number of 1,000 and more
//!   costs a header value of its own. Quotas that refuse admit one request in 15 minutes.
//! - Nobody subscribes to `tracing`.
//!
//! A case that does not do what its name says is no measurement. Before it is measured, the status,
//! headers and body of its answers are proven, and that the layers are there that its answers do not
//! show; while it is measured, the status of every answer is.

mod callgrind;
mod case;
mod cases;
mod ceilings;
mod exchange;
mod figures;
mod proof;
mod region;
mod report;
mod request;
mod time;

use std::process::ExitCode;

use portcullis::BoxError;

use crate::{figures::Figures, report::Format};

/// Asks a child process for the one case that it is to run under callgrind.
const RUN_CASE: &str = "--run-case";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        [] => measure(Format::Table).map(drop),
        ["--tsv"] => measure(Format::Tsv).map(drop),
        ["--check"] => measure(Format::Table).and_then(|figures| ceilings::check(&figures)),
        [RUN_CASE, name] => run_case(name),
        _ => Err("usage: portcullis-bench [--tsv | --check]".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portcullis-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(format: Format) -> Result<Figures, BoxError> {
    let figures = Figures::new(&time::medians()?, callgrind::profiles()?.as_ref());
    report::print(&figures, format);
    Ok(figures)
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
