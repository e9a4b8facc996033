use portcullis::{
    Bearer, Clock, Detail, ManualClock, MaskLayer, Memory, Portcullis, Quota, RateLimit,
};

use crate::{Account, Keys};

/// The whole stack, every slot filled.
pub type Stack = Portcullis<Detail, Bearer<Keys>>;

/// How much the stack admits.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    /// From each client address, whoever it is.
    pub per_address: Quota,
    /// From each account, wherever it is.
    pub per_account: Quota,
}

impl Default for Quotas {
    /// More than a test spends by accident: 600 a minute from an address, 300 from an account.
    fn default() -> Self {
        Self { per_address: Quota::per_minute(600), per_account: Quota::per_minute(300) }
    }
}

/// The stack with these quotas, and the hand of the clock that both its limits read.
pub fn stack(quotas: Quotas) -> (Stack, ManualClock) {
    let (clock, hand) = Clock::manual();
    let store = Memory::new().with_clock(clock);
    let by_address = RateLimit::by_address(quotas.per_address);
    let by_account = RateLimit::by(quotas.per_account, |account: &Account| account.name);
    let stack = Portcullis::new()
        .envelope(Detail::new())
        .address_limit(by_address.with_store(store.clone()))
        .bearer(Bearer::new(Keys))
        .caller_limit(by_account.with_store(store))
        .tenant_mask(MaskLayer::new());
    (stack, hand)
}
