//! Two limiters that are asked about one address at a time: ours, and governor's own map.

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, RateLimiter};
use portcullis::{
    Memory, Quota,
    limit::{Answer, Charge, Decision, PolicyName, Store},
};

/// One request an interval, and so many at once.
#[derive(Clone, Copy)]
pub(super) struct Rate {
    pub(super) interval: Duration,
    pub(super) burst: u32,
}

/// Says whether a request from this address may pass, and counts it if so.
pub(super) trait Limiter: Sync {
    fn admits(&self, address: Ipv4Addr) -> bool;
}

/// A `Memory`, as a `Store` that has one charge, whose key are the bytes that `RateLimit::by_address`
/// has it charge. It says what remains, when all is back, and how long to wait.
pub(super) struct Ours {
    store: Memory,
    policy: PolicyName,
    quota: Quota,
}

/// governor's keyed limiter as its docs make it: a `DashMap`, `quanta`'s clock. It says whether, and
/// not what remains. By `IpAddr`, as `tower_governor` and `axum-governor` have it.
pub(super) struct Governors(DefaultKeyedRateLimiter<IpAddr>);

impl Ours {
    pub(super) fn new(store: Memory, rate: Rate) -> Self {
        let quota = Quota::per(1, rate.interval).burst(rate.burst);
        Self { store, policy: PolicyName::new("address"), quota }
    }

    /// Whether it remembers that this address has sent something.
    pub(super) fn remembers(&self, address: Ipv4Addr) -> bool {
        let asked = self.check(address, 0);
        asked.standings().iter().any(|standing| standing.remaining() < self.quota.limit())
    }

    #[inline]
    fn check(&self, address: Ipv4Addr, cost: u32) -> Decision {
        let [a, b, c, d] = address.octets();
        let key = [4, a, b, c, d];
        let Ok(charge) = Charge::new(&self.policy, &key, &self.quota, cost) else {
            panic!("nothing costs more than a burst")
        };
        match self.store.check(&[charge]) {
            Answer::Now(Ok(decision)) => decision,
            _ => panic!("memory answers, and at once"),
        }
    }
}

impl Limiter for Ours {
    #[inline]
    fn admits(&self, address: Ipv4Addr) -> bool {
        self.check(address, 1).is_admitted()
    }
}

impl Governors {
    pub(super) fn new(rate: Rate) -> Self {
        let quota = governor::Quota::with_period(rate.interval);
        let (Some(quota), Some(burst)) = (quota, NonZeroU32::new(rate.burst)) else {
            panic!("a rate has an interval and a burst")
        };
        Self(RateLimiter::keyed(quota.allow_burst(burst)))
    }

    /// How many addresses it remembers.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Limiter for Governors {
    #[inline]
    fn admits(&self, address: Ipv4Addr) -> bool {
        self.0.check_key(&IpAddr::V4(address)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_admit_a_burst_and_then_nothing() {
        let rate = Rate { interval: Duration::from_secs(15 * 60), burst: 2 };
        let (ours, governors) = (Ours::new(Memory::new(), rate), Governors::new(rate));
        let address = Ipv4Addr::new(192, 0, 2, 1);
        assert!(!ours.remembers(address));
        for limiter in [&ours as &dyn Limiter, &governors] {
            assert_eq!([(); 3].map(|()| limiter.admits(address)), [true, true, false]);
        }
        assert!(ours.remembers(address));
        assert_eq!(governors.len(), 1);
    }
}
