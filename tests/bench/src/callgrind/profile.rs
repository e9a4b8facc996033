//! What a callgrind out file says of the region.

use std::collections::HashMap;

use portcullis::BoxError;

/// The functions of the C library that Rust's system allocator gets memory from.
const ALLOCATORS: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"];

/// What happened in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Instructions that were executed.
    pub(crate) instructions: u64,
    /// Calls of the allocator, for new or more memory.
    pub(crate) allocations: u64,
}

impl Profile {
    /// Reads a profile whose costs are given for each instruction, by absolute addresses, with
    /// functions by their whole names.
    ///
    /// An allocation is an execution of an allocator's first instruction. callgrind's own counts of
    /// calls would not do: they go on where nothing is collected.
    pub(crate) fn parse(text: &str) -> Result<Self, BoxError> {
        let mut instructions = 0;
        let mut entries = HashMap::new();
        let mut place = ("", "");
        let mut is_of_callee = false;

        for line in text.lines() {
            if let Some(total) = line.strip_prefix("summary:") {
                instructions = total.trim().parse()?;
            } else if let Some(object) = line.strip_prefix("ob=") {
                place.0 = object;
            } else if let Some(function) = line.strip_prefix("fn=") {
                place.1 = function;
            } else if line.starts_with("calls=") {
                is_of_callee = true;
            } else if line.starts_with("0x") && !std::mem::take(&mut is_of_callee) {
                let executed = Executed::parse(line)?;
                let entry = entries.entry(place).or_insert(executed);
                *entry = (*entry).min(executed);
            }
        }
        if instructions == 0 {
            return Err("callgrind collected nothing: is the region's symbol gone?".into());
        }
        let allocators = entries.iter().filter(|((_, name), _)| ALLOCATORS.contains(name));
        let allocations = allocators.map(|(_, entry)| entry.times).sum();
        Ok(Self { instructions, allocations })
    }
}

/// An instruction, and how often it was executed. The first of a function is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Executed {
    address: u64,
    times: u64,
}

impl Executed {
    /// Reads `0xaddress line times`.
    fn parse(line: &str) -> Result<Self, BoxError> {
        let mut columns = line.split_ascii_whitespace();
        let address = columns.next().and_then(|address| address.strip_prefix("0x"));
        let (Some(address), Some(times)) = (address, columns.nth(1)) else {
            return Err(format!("not a line of callgrind's: {line}").into());
        };
        Ok(Self { address: u64::from_str_radix(address, 16)?, times: times.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allocation_is_an_execution_of_an_allocators_first_instruction() {
        let text = "\
positions: instr line
events: Ir
summary: 200

ob=/usr/bin/server
fn=serve
0x10 0 90
cob=/lib/libc.so.6
cfn=malloc
calls=99 0x7f0
0x14 0 30

ob=/lib/libc.so.6
fn=malloc
0x704 0 5
0x700 0 3
cfn=_int_malloc
calls=9 0x900
0x708 0 40

fn=realloc
0x800 0 2
0x802 0 1

fn=malloc
0x706 0 7

fn=free
0x600 0 8
";
        let expected = Profile { instructions: 200, allocations: 5 };
        assert_eq!(Profile::parse(text).unwrap(), expected);
    }

    #[test]
    fn a_profile_of_nothing_is_an_error() {
        assert!(Profile::parse("events: Ir\nsummary: 0\n").is_err());
    }
}
