//! What proxies say about who is behind them, read from the right: each proxy appends the address
//! that it was called from, so what a trusted one has written stands right of all that a client can
//! make up.

mod element;
mod entries;
mod node;
mod trust;

use std::net::IpAddr;

use http::HeaderMap;

pub(super) use self::entries::Header;
pub use self::trust::{NotANetwork, Trust};

/// How many entries are looked at, from the right. No chain of proxies is that long.
const MOST_ENTRIES: u8 = 64;

/// One header, and whose entries in it are believed.
#[derive(Clone, Debug)]
pub(super) struct Forwarding {
    header: Header,
    trust: Trust,
}

impl Forwarding {
    pub(super) fn new(header: Header, trust: Trust) -> Self {
        Self { header, trust }
    }

    /// The client's address: the last that trusted proxies vouch for.
    pub(super) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.map(|peer| peer.to_canonical());
        if !self.trust.believes_peer(peer) {
            return peer;
        }
        let mut reached = peer;
        let entries = self.header.entries(headers).take(self.trust.reach());
        for address in entries.map_while(|entry| entry) {
            reached = Some(address);
            if !self.trust.believes(address) {
                break;
            }
        }
        reached
    }
}
