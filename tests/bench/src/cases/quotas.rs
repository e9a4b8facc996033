//! Quotas that always admit, and quotas that always refuse.

use std::time::Duration;

use portcullis::Quota;

/// The time after which a quota that admits gives one request back: about what a request takes, so
/// that a few hundred in a row do not spend the burst.
pub(super) const REFILL: Duration = Duration::from_micros(1);

/// How many requests one address may send at once, where it is admitted.
pub(super) const ADDRESS_BURST: u32 = 600;

/// Never refuses an address.
pub(super) const ADDRESS: Quota = Quota::per(1, REFILL).burst(ADDRESS_BURST);

/// Never refuses a caller, and has less left than [`ADDRESS`].
pub(super) const CALLER: Quota = Quota::per(1, REFILL).burst(300);

/// The time after which a quota that refuses admits the next request: longer than any run, and
/// short enough for a `Retry-After` of three digits, as limits have in practice.
pub(super) const DROUGHT: Duration = Duration::from_secs(15 * 60);

/// Refuses an address from its second request on.
pub(super) const SPENT_ADDRESS: Quota = Quota::per(1, DROUGHT);

/// Refuses a caller from its third request on. Its limit tells it from [`SPENT_ADDRESS`].
pub(super) const SPENT_CALLER: Quota = Quota::per(1, DROUGHT).burst(2);
