//! How much memory the keys take, and who is forgotten.

use portcullis::{BoxError, Memory};

use super::{
    DROUGHT,
    contenders::{Governors, Limiter, Ours},
    keys::{Draw, address},
};
use crate::{machine::resident, metric::Metric};

const MIB: f64 = 1024.0 * 1024.0;

/// 100 million random addresses, each once or so, on a store of the size that a limit has unless it is
/// told otherwise.
pub(super) fn flood() -> Result<Vec<Metric>, BoxError> {
    const EARLY: u32 = 1_000_000;
    const ALL: u32 = 100_000_000;

    let before = resident()?;
    let grown = || Ok::<_, BoxError>(resident()?.saturating_sub(before) as f64 / MIB);
    let ours = Ours::new(Memory::new(), DROUGHT);
    let mut draw = Draw::new(0);
    let mut flood = |addresses| (0..addresses).for_each(|_| _ = ours.admits(address(draw.any())));
    flood(EARLY);
    let early = grown()?;
    flood(ALL - EARLY);
    Ok(vec![
        Metric::new("limiter.flood_100m.rss_mib", grown()?, "MiB"),
        Metric::new("limiter.flood_100m.rss_after_1m_mib", early, "MiB"),
    ])
}

/// Ten million addresses, each once, on a store that has room for as many, for each that it still
/// remembers then; and on governor's map.
pub(super) fn bytes_per_key() -> Result<Vec<Metric>, BoxError> {
    const ADDRESSES: u32 = 10_000_000;

    let before = resident()?;
    let ours = Ours::new(Memory::new().with_capacity(ADDRESSES as usize), DROUGHT);
    (0..ADDRESSES).for_each(|number| _ = ours.admits(address(number)));
    let (grown, kept) = (resident()?.saturating_sub(before), remembered(&ours, ADDRESSES));
    drop(ours);

    let before = resident()?;
    let governors = Governors::new(DROUGHT);
    (0..ADDRESSES).for_each(|number| _ = governors.admits(address(number)));
    let governors_grown = resident()?.saturating_sub(before);

    let of = |bytes: u64, keys: f64| bytes as f64 / keys;
    Ok(vec![
        Metric::new("limiter.bytes_per_key_10m", of(grown, kept), "bytes"),
        Metric::new("limiter.lost_at_full_load.percent", lost(kept, ADDRESSES), "percent"),
        Metric::new(
            "governor.bytes_per_key_10m",
            of(governors_grown, governors.len() as f64),
            "bytes",
        ),
    ])
}

/// A million addresses that have spent something, on a store that has room for two million: how many
/// are forgotten though none needed to be.
pub(super) fn lost_at_half_load() -> Metric {
    const ADDRESSES: u32 = 1_000_000;

    let ours = Ours::new(Memory::new().with_capacity(2 * ADDRESSES as usize), DROUGHT);
    (0..ADDRESSES).for_each(|number| _ = ours.admits(address(number)));
    let lost = lost(remembered(&ours, ADDRESSES), ADDRESSES);
    Metric::new("limiter.lost_at_half_load.percent", lost, "percent")
}

fn remembered(ours: &Ours, addresses: u32) -> f64 {
    (0..addresses).filter(|number| ours.remembers(address(*number))).count() as f64
}

fn lost(kept: f64, of: u32) -> f64 {
    100.0 * (1.0 - kept / f64::from(of))
}
