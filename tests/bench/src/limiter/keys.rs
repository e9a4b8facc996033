//! Whom the limiters are asked about.

use std::net::Ipv4Addr;

/// The address with this number; no two numbers have the same.
#[inline]
pub(super) fn address(number: u32) -> Ipv4Addr {
    // An odd factor permutes the numbers, so that neighbours are none.
    Ipv4Addr::from_bits(number.wrapping_mul(0x9E37_79B1))
}

/// Numbers as if by chance, the same ones in every run, for a nanosecond each.
#[derive(Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// Each seed has numbers of its own.
    pub(super) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// Any number.
    #[inline]
    pub(super) fn any(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }

    /// One of so many, each as likely.
    #[inline]
    pub(super) fn below(&mut self, count: u32) -> u32 {
        ((u64::from(self.any()) * u64::from(count)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_numbers_have_one_address_and_all_are_drawn() {
        let addresses: HashSet<_> = (0..10_000).map(address).collect();
        assert_eq!(addresses.len(), 10_000);
        let mut draw = Draw::new(0);
        let drawn: HashSet<_> = (0..10_000).map(|_| draw.below(100)).collect();
        assert_eq!(drawn, (0..100).collect());
    }
}
