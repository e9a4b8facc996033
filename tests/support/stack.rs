use portcullis::{
    Address, Bearer, Clock, Detail, ManualClock, MaskLayer, Portcullis, Quota, RateLimit, limit::By,
};

use crate::{Account, Keys};

/// The whole stack, every slot filled.
pub type Stack = Portcullis<
    Detail,
    RateLimit<Address>,
    Bearer<Keys>,
    RateLimit<By<Account, fn(&Account) -> &str>>,
    MaskLayer,
>;

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
    let name: fn(&Account) -> &str = |account| account.name;
    let stack = Portcullis::new()
        .envelope(Detail::new())
        .address_limit(RateLimit::by_address(quotas.per_address).with_clock(clock.clone()))
        .bearer(Bearer::new(Keys))
        .caller_limit(RateLimit::by(quotas.per_account, name).with_clock(clock))
        .tenant_mask(MaskLayer::new());
    (stack, hand)
}
