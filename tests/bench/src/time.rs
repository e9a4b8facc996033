//! How long a request takes, on this machine and at this moment.

use std::{collections::HashMap, time::Instant};

use portcullis::BoxError;

use crate::{case::Case, cases, median::median};

/// How many times every case gets its turn.
const ROUNDS: usize = 151;

/// How many requests a turn is.
const REQUESTS: usize = 100;

/// Nanoseconds a request, by the case's name: the median of rounds in which all cases take turns, so
/// that a slow moment of the machine hits them all.
pub(crate) fn medians() -> Result<HashMap<&'static str, f64>, BoxError> {
    let mut cases = Vec::new();
    for entry in cases::all() {
        let mut case = entry.build();
        case.prepare().map_err(|error| format!("{}: {error}", entry.name))?;
        cases.push((entry.name, case, Vec::with_capacity(ROUNDS)));
    }
    for _ in 0..ROUNDS {
        for (_, case, turns) in &mut cases {
            turns.push(turn(case)?);
        }
    }
    Ok(cases.into_iter().map(|(name, _, turns)| (name, median(turns))).collect())
}

fn turn(case: &mut Case) -> Result<f64, BoxError> {
    let mut requests = case.requests(REQUESTS)?;
    let start = Instant::now();
    case.run(&mut requests);
    Ok(start.elapsed().as_nanos() as f64 / REQUESTS as f64)
}
