//! What a limit promises, computed the slow way: from a plain list of what was admitted, and when.

use std::time::Duration;

use portcullis::limit::{Quota, Window};

/// Every admitted request of one account: when, in nanoseconds since the epoch, and its cost.
pub(crate) struct Admitted {
    quota: Quota,
    requests: Vec<(i128, i128)>,
}

/// What the model says of one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// After it is charged, or, if it is refused, as it is.
    pub(crate) remaining: i128,
    /// 0 where it is admitted.
    pub(crate) wait: i128,
}

impl Admitted {
    pub(crate) fn new(quota: Quota) -> Self {
        Self { quota, requests: Vec::new() }
    }

    pub(crate) fn charge(&mut self, now: i128, cost: i128) {
        self.requests.push((now, cost));
    }

    /// What becomes of a request of this cost.
    pub(crate) fn expect(&self, now: i128, cost: i128) -> Expected {
        match self.quota.window() {
            None => self.by_rate(now, cost),
            Some(window) => self.in_window(window, now, cost),
        }
    }

    /// At a rate: from each request on, what was admitted since, with this one, is at most the burst
    /// and what came back meanwhile.
    fn by_rate(&self, now: i128, cost: i128) -> Expected {
        let interval = nanos(self.quota.interval());
        let burst = i128::from(self.quota.limit());
        let mut wait = 0;
        let mut spent = 0;
        let mut since = 0;
        for (at, admitted) in self.requests.iter().rev() {
            since += admitted;
            wait = wait.max((since + cost - burst) * interval - (now - at));
            spent = spent.max(since * interval - (now - at));
        }
        let whole = burst * interval;
        let charged = if wait == 0 { cost * interval } else { 0 };
        Expected { remaining: (whole - spent - charged) / interval, wait }
    }

    fn in_window(&self, window: Window, now: i128, cost: i128) -> Expected {
        let length = nanos(self.quota.whole());
        let mut begun = None;
        let mut used = 0;
        for (at, cost) in &self.requests {
            let begins = match window {
                Window::Epoch => at - at % length,
                _ => begun.filter(|begun| at - begun < length).unwrap_or(*at),
            };
            if begun != Some(begins) {
                (begun, used) = (Some(begins), 0);
            }
            used += cost;
        }
        let begun = begun.filter(|begun| now - begun < length);
        let used = if begun.is_some() { used } else { 0 };
        let left = i128::from(self.quota.limit()) - used;
        match begun {
            Some(begun) if cost > left => Expected { remaining: left, wait: begun + length - now },
            _ => Expected { remaining: left - cost, wait: 0 },
        }
    }

    /// Fails where more was admitted in any span of time than the quota promises.
    pub(crate) fn assert_kept(&self) {
        let interval = nanos(self.quota.interval());
        let length = nanos(self.quota.whole());
        let limit = i128::from(self.quota.limit());
        for (place, (from, _)) in self.requests.iter().enumerate() {
            let mut admitted = 0;
            for (to, cost) in &self.requests[place..] {
                admitted += cost;
                let most = match self.quota.window() {
                    None => limit + (to - from) / interval,
                    Some(Window::Epoch) => limit * (to / length - from / length + 1),
                    Some(_) => limit * ((to - from) / length + 2),
                };
                assert!(admitted <= most, "{admitted} of {most} from {from} to {to}");
            }
        }
    }
}

fn nanos(duration: Duration) -> i128 {
    duration.as_nanos() as i128
}
