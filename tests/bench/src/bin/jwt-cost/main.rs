//! What a bearer token that is a JWT costs a request, beside plain jsonwebtoken, in one run.
//!
//! ```text
//! cargo run --release -p portcullis-bench --bin jwt-cost              # a table
//! cargo run --release -p portcullis-bench --bin jwt-cost -- --tsv     # metric<TAB>value<TAB>unit
//! cargo run --release -p portcullis-bench --bin jwt-cost -- --check   # and a failure above a ceiling
//! ```
//!
//! - `plain` is `jsonwebtoken::decode` with `iss`, `aud`, `exp` and `nbf` checked, as ours are, into
//!   the same type.
//! - `verified` is a `Jwt` that remembers nothing; `cached` one that has seen the token.
//! - `refused` is a token whose last signature bytes are another's: all of the work, and a no.
//! - `unknown kid` is one whose key nobody has, within the cool-down of a remote key set: no work.
//! - `cached.guard` is the whole `Bearer` on a request's head, header to principal.
//!
//! Time is the median of rounds in which all cases take turns. Each case's answer is proven before it
//! is measured.

mod cases;
mod signer;

use std::{process::ExitCode, time::Instant};

use portcullis::BoxError;

use crate::cases::Case;

/// How many times every case gets its turn.
const ROUNDS: usize = 101;

/// Nanoseconds that a cached hit may cost.
const CEILING: f64 = 300.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = match arguments[..] {
        [] | ["--check"] | ["--tsv"] => measure(),
        _ => Err("usage: jwt-cost [--tsv | --check]".into()),
    };
    let measured = match measured {
        Ok(measured) => measured,
        Err(error) => {
            eprintln!("jwt-cost: {error}");
            return ExitCode::FAILURE;
        }
    };
    print(&measured, arguments == ["--tsv"]);
    let over = measured.iter().find(|(name, time)| name.ends_with(".cached") && *time >= CEILING);
    match over {
        Some((name, time)) if arguments == ["--check"] => {
            eprintln!("jwt-cost: {name} costs {time:.0} ns, and may cost {CEILING}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Nanoseconds a request, by case.
fn measure() -> Result<Vec<(String, f64)>, BoxError> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(1).enable_time();
    let runtime = runtime.build()?;
    let _entered = runtime.enter();
    let mut cases = cases::all(&runtime)?;
    for case in &mut cases {
        case.prove()?;
    }
    let mut turns = vec![Vec::with_capacity(ROUNDS); cases.len()];
    for _ in 0..ROUNDS {
        for (case, turns) in cases.iter_mut().zip(&mut turns) {
            turns.push(turn(case));
        }
    }
    let medians = turns.into_iter().map(|mut turns| {
        turns.sort_by(f64::total_cmp);
        turns[turns.len() / 2]
    });
    Ok(cases.into_iter().map(|case| case.name).zip(medians).collect())
}

fn turn(case: &mut Case) -> f64 {
    let requests = case.requests;
    (case.prepare)(requests);
    let start = Instant::now();
    (case.run)(requests);
    start.elapsed().as_nanos() as f64 / requests as f64
}

#[expect(clippy::print_stdout, reason = "it is what the program is for")]
fn print(measured: &[(String, f64)], is_tsv: bool) {
    for (name, time) in measured {
        if is_tsv {
            println!("{name}.nanoseconds\t{time:.0}\tns");
        } else {
            println!("{name:<28}{time:>10.0} ns");
        }
    }
}
