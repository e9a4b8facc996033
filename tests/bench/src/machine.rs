//! What Linux tells of this process.

use std::fs;

use portcullis::BoxError;

/// How much of this process lies in memory, in bytes.
pub(crate) fn resident() -> Result<u64, BoxError> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kib.ok_or("the kernel does not say how much of a process is resident")?.parse::<u64>()?
        * 1024)
}

/// What the scheduler has given this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheduled {
    /// How long it has run, in nanoseconds.
    pub(crate) ran: u64,
    /// How often it was put on a processor.
    pub(crate) turns: u64,
}

impl Scheduled {
    pub(crate) fn now() -> Result<Self, BoxError> {
        let told = fs::read_to_string("/proc/thread-self/schedstat")?;
        let mut numbers = told.split_ascii_whitespace().map(str::parse);
        let (Some(ran), Some(turns)) = (numbers.next(), numbers.nth(1)) else {
            return Err("the kernel does not say how long a thread has run".into());
        };
        Ok(Self { ran: ran?, turns: turns? })
    }
}
