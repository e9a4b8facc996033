//! The longest that a single check has ever taken.

use std::{hint::black_box, time::Instant};

use portcullis::{BoxError, Memory};

use super::{
    DROUGHT,
    contenders::{Governors, Limiter, Ours},
    keys::{Draw, address},
};
use crate::{machine::Scheduled, metric::Metric};

/// How many random addresses are asked about, one check each.
const CHECKS: u32 = 5_000_000;

/// How often it is looked whether the thread has kept its processor.
const STRETCH: u32 = 1_000;

/// Of ours on a store of the usual size, of governor's while its map grows, and of nothing at all:
/// what the machine does to whoever measures.
///
/// The first check, in which the store is made, is told apart.
pub(super) fn longest() -> Result<Vec<Metric>, BoxError> {
    let ours = Ours::new(Memory::new(), DROUGHT);
    let start = Instant::now();
    ours.admits(address(7));
    let first = start.elapsed().as_nanos() as f64;

    let governors = Governors::new(DROUGHT);
    let micros = |name, nanos| Metric::new(name, nanos / 1_000.0, "us");
    Ok(vec![
        micros("limiter.longest_check_us", of(|number| _ = ours.admits(address(number)))?),
        micros("limiter.first_check_us", first),
        micros("governor.longest_check_us", of(|number| _ = governors.admits(address(number)))?),
        micros("nothing.longest_check_us", of(|number| _ = black_box(address(number)))?),
    ])
}

/// In nanoseconds. A stretch in which the thread has lost its processor says nothing of the check,
/// and does not count.
fn of(check: impl Fn(u32)) -> Result<f64, BoxError> {
    let mut draw = Draw::new(0);
    let mut longest = 0;
    for _ in 0..CHECKS / STRETCH {
        let turns = Scheduled::now()?.turns;
        let mut of_stretch = 0;
        for _ in 0..STRETCH {
            let number = draw.any();
            let start = Instant::now();
            check(number);
            of_stretch = start.elapsed().as_nanos().max(of_stretch);
        }
        if Scheduled::now()?.turns == turns {
            longest = longest.max(of_stretch);
        }
    }
    Ok(longest as f64)
}
