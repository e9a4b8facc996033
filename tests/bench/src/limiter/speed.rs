//! How long a check takes, of both in turns.

use std::{hint::black_box, net::Ipv4Addr, time::Instant};

use super::{
    contenders::{Governors, Limiter, Ours, Rate},
    keys::{Draw, address},
};
use crate::{median::median, metric::Metric};
use portcullis::Memory;

/// How many times each gets its turn.
const ROUNDS: u64 = 1_501;

/// How many checks a turn is: short, so that few turns are interrupted.
const CHECKS: u32 = 1_000;

/// Admits whatever is sent here.
const ENDLESS: Rate = Rate { interval: std::time::Duration::from_micros(1), burst: u32::MAX };

/// As a service has it: 600 a minute. A million addresses in a row do not spend it.
const USUAL: Rate = Rate { interval: std::time::Duration::from_millis(100), burst: 600 };

/// One address that is always admitted.
pub(super) fn hot() -> Vec<Metric> {
    let (ours, governors) = (Ours::new(Memory::new(), ENDLESS), Governors::new(ENDLESS));
    compare("hot", &ours, &governors, |_| address(7))
}

/// One address that is always refused.
pub(super) fn hot_refused() -> Vec<Metric> {
    let (ours, governors) =
        (Ours::new(Memory::new(), super::DROUGHT), Governors::new(super::DROUGHT));
    while ours.admits(address(7)) || governors.admits(address(7)) {}
    compare("hot_refused", &ours, &governors, |_| address(7))
}

/// Any of so many addresses, each as likely, all of which are known to both. Ours has room for twice
/// as many.
pub(super) fn uniform(name: &str, addresses: u32) -> Vec<Metric> {
    let store = Memory::new().with_capacity(2 * addresses as usize);
    let (ours, governors) = (Ours::new(store, USUAL), Governors::new(USUAL));
    for number in 0..addresses {
        ours.admits(address(number));
        governors.admits(address(number));
    }
    compare(name, &ours, &governors, |draw| address(draw.below(addresses)))
}

/// Nanoseconds a check: the median of rounds in which both are asked the same, less what it takes to
/// make up the questions.
fn compare(
    name: &str,
    ours: &Ours,
    governors: &Governors,
    next: impl Fn(&mut Draw) -> Ipv4Addr,
) -> Vec<Metric> {
    let (mut by_us, mut by_governor, mut questions) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let turn = |ask: &dyn Fn(&mut Draw)| turn(round, ask);
        questions.push(turn(&|draw| _ = black_box(next(draw))));
        by_us.push(turn(&|draw| _ = black_box(ours.admits(next(draw)))));
        by_governor.push(turn(&|draw| _ = black_box(governors.admits(next(draw)))));
    }
    let questions = median(questions);
    let (ours, governors) = (median(by_us) - questions, median(by_governor) - questions);
    vec![
        Metric::ratio(format!("limiter.{name}.ratio_to_governor"), ours / governors),
        Metric::new(format!("limiter.{name}.nanoseconds"), ours, "ns"),
        Metric::new(format!("governor.{name}.nanoseconds"), governors, "ns"),
    ]
}

fn turn(round: u64, ask: &dyn Fn(&mut Draw)) -> f64 {
    let mut draw = Draw::new(round);
    let start = Instant::now();
    for _ in 0..CHECKS {
        ask(&mut draw);
    }
    start.elapsed().as_nanos() as f64 / f64::from(CHECKS)
}
