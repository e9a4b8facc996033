//! What was measured, as it is reported: net of dropping the request, and over bare.

use std::collections::HashMap;

use crate::{
    callgrind::{self, Profile},
    cases::{CASES, Entry, SHA256, bare, drop_request},
    request::Caller,
};

/// The figures of one run.
#[derive(Debug)]
pub(crate) struct Figures {
    /// What a request costs the bare router.
    pub(crate) bare: Cost,
    /// What a key's digest takes.
    pub(crate) sha256: Cost,
    /// What it costs the cases on top.
    pub(crate) cases: Vec<Figure>,
}

/// One case's cost.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    /// What it costs more than the bare router, the digest of a key aside.
    pub(crate) counted_over_bare: Option<Counted>,
    /// Its time, where the bare router's is 1.
    pub(crate) time_to_bare: f64,
}

/// What one request costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) nanoseconds: f64,
    /// Where there is a profile.
    pub(crate) counted: Option<Counted>,
}

/// What callgrind counts of one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

impl Figures {
    /// From what was measured of every case, by its name.
    pub(crate) fn new(
        nanoseconds: &HashMap<&str, f64>,
        profiles: Option<&HashMap<&str, Profile>>,
    ) -> Self {
        let cost = |name| Cost {
            nanoseconds: nanoseconds[name],
            counted: profiles.map(|profiles| Counted::a_request(profiles[name])),
        };
        let net = |name, caller| cost(name).less(cost(drop_request(caller)));

        let sha256 = net(SHA256, Caller::Known);
        let figure = |&Entry { name, caller, digests, .. }: &Entry| {
            let (case, bare) = (net(name, caller), net(bare(caller), caller));
            let over_bare = case.less(bare);
            Figure {
                name,
                counted_over_bare: if digests { over_bare.less(sha256) } else { over_bare }.counted,
                time_to_bare: case.nanoseconds / bare.nanoseconds,
            }
        };
        Self {
            bare: net(bare(Caller::Known), Caller::Known),
            sha256,
            cases: CASES.iter().map(figure).collect(),
        }
    }
}

impl Cost {
    fn less(self, other: Self) -> Self {
        let counted = self.counted.zip(other.counted).map(|(this, other)| Counted {
            instructions: this.instructions - other.instructions,
            allocations: this.allocations - other.allocations,
        });
        Self { nanoseconds: self.nanoseconds - other.nanoseconds, counted }
    }
}

impl Counted {
    fn a_request(profile: Profile) -> Self {
        let share = |total: u64| total as f64 / callgrind::REQUESTS as f64;
        Self { instructions: share(profile.instructions), allocations: share(profile.allocations) }
    }
}
