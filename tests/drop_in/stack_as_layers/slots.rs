use http::HeaderName;
use portcullis::{
    Bearer, CatchLayer, ClientText, Clock, EnvelopeLayer, Flat, GuardLayer, Layer, MaskLayer,
    Memory, OnUnproven, Portcullis, Quota, RateLimit, Token, Verification, Verify,
};
use portcullis_tests::Account;
use tower::util::BoxCloneSyncService;

use super::{behaviours::panics, inner::Inner, journal::Journal};
use crate::place::Layered;

/// How the slots of a stack are filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    shown: Shown,
    masked: Masked,
    limited: Limited,
}

/// What of a request its error shows.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Nothing,
    PathAndId,
}

#[derive(Clone, Copy, Debug)]
enum Masked {
    Not,
    AndUnproven,
    InWordsToWhom,
    /// By a mask that panics when it is to name who asks.
    ToNobodyKnows,
}

#[derive(Clone, Copy, Debug)]
enum Limited {
    Not,
    Tightly,
    Widely,
}

impl Slots {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let shown = [Shown::Nothing, Shown::PathAndId];
        let masked =
            [Masked::Not, Masked::AndUnproven, Masked::InWordsToWhom, Masked::ToNobodyKnows];
        let limited = [Limited::Not, Limited::Tightly, Limited::Widely];
        shown.into_iter().flat_map(move |shown| {
            masked.into_iter().flat_map(move |masked| {
                limited.into_iter().map(move |limited| Self { shown, masked, limited })
            })
        })
    }

    /// The stack.
    pub(super) fn stack(self, inner: Inner, journal: &Journal) -> Layered {
        let stack = Portcullis::new()
            .envelope(self.envelope())
            .address_limit(self.address_limit())
            .bearer(Bearer::new(Tokens))
            .caller_limit(self.caller_limit())
            .tenant_mask(self.mask(journal));
        BoxCloneSyncService::new(stack.layer(inner))
    }

    /// What the stack is made of, a layer each.
    pub(super) fn layers(self, inner: Inner, journal: &Journal) -> Layered {
        let envelope = self.envelope();
        let guards =
            GuardLayer::new((self.address_limit(), Bearer::new(Tokens), self.caller_limit()));
        let caught = CatchLayer::new().layer(inner);
        match self.mask(journal) {
            Some(mask) => {
                BoxCloneSyncService::new(envelope.layer(guards.layer(mask.layer(caught))))
            }
            None => BoxCloneSyncService::new(envelope.layer(guards.layer(caught))),
        }
    }

    fn envelope(self) -> EnvelopeLayer<Flat> {
        let layer = EnvelopeLayer::new(Flat::new());
        match self.shown {
            Shown::Nothing => layer,
            Shown::PathAndId => layer
                .with_instance()
                .with_request_id(HeaderName::from_static("x-request-id"))
                .with_client_text(ClientText::Own),
        }
    }

    fn address_limit(self) -> Option<RateLimit> {
        let requests = match self.limited {
            Limited::Not => return None,
            Limited::Tightly => 4,
            Limited::Widely => 100,
        };
        Some(RateLimit::by_address(Quota::per_hour(requests)).with_store(memory()))
    }

    fn caller_limit(self) -> Option<RateLimit> {
        if matches!(self.limited, Limited::Not) {
            return None;
        }
        let limit = RateLimit::by(Quota::per_hour(3), |account: &Account| account.name);
        Some(limit.with_store(memory()))
    }

    fn mask(self, journal: &Journal) -> Option<MaskLayer> {
        let mask = MaskLayer::new().with_audit(journal.clone()).with_id_key(7);
        match self.masked {
            Masked::Not => None,
            Masked::AndUnproven => Some(mask.on_unproven(OnUnproven::Hide)),
            Masked::InWordsToWhom => Some(
                mask.with_message("No such row").with_principal(|account: &Account| account.name),
            ),
            Masked::ToNobodyKnows => {
                Some(mask.with_principal(|_: &Account| -> &'static str { panics() }))
            }
        }
    }
}

/// A small store, on a clock that stands still.
fn memory() -> Memory {
    let (clock, _hand) = Clock::manual();
    Memory::new().with_capacity(64).with_clock(clock)
}

/// Knows two keys, one of them later, and panics at others.
struct Tokens;

impl Verify for Tokens {
    type Principal = Account;

    fn verify(&self, token: &Token) -> Verification<Account> {
        let [wile, hank] = ["wile", "hank"].map(|name| Account { name, tenant: "acme" });
        match token.as_str() {
            "known" => Some(wile).into(),
            "known-later" => later(move || Some(hank)),
            "unknown" => None.into(),
            "unknown-later" => later(|| None),
            "panics-later" => later(|| panics()),
            _ => panics(),
        }
    }
}

/// Says it after a turn of the executor.
fn later(answer: impl FnOnce() -> Option<Account> + Send + 'static) -> Verification<Account> {
    Verification::later(async {
        tokio::task::yield_now().await;
        answer()
    })
}
