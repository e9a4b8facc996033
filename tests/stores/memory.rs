//! The store of one process.

use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use portcullis::limit::{Clock, ManualClock, Memory, Store};
use proptest::prelude::*;

use crate::{
    contract,
    history::{assert_agreed, histories},
    subject::Subject,
};

pub(crate) struct InMemory {
    store: Memory,
    hand: ManualClock,
}

impl InMemory {
    pub(crate) fn new() -> Self {
        let (clock, hand) = Clock::manual();
        Self { store: Memory::new().with_capacity(64).with_clock(clock), hand }
    }
}

impl Subject for InMemory {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn advance(&self, by: Duration) {
        self.hand.advance(by);
    }
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract::all(async || InMemory::new()).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn memory_decides_as_a_list_of_timestamps_does(history in histories()) {
        // Memory answers at once, so nothing else is needed to wait for it.
        let mut context = Context::from_waker(Waker::noop());
        let agreed = pin!(assert_agreed(&InMemory::new(), &history, "alice")).poll(&mut context);
        prop_assert!(agreed.is_ready());
    }
}
