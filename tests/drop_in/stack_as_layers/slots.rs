use std::sync::Arc;

use http::HeaderName;
use portcullis::{
    Bearer, CatchLayer, ClientText, Clock, Detail, Envelope, EnvelopeLayer, Flat, GuardLayer,
    Layer, MaskLayer, Memory, OnUnproven, Portcullis, Quota, RateLimit, Token, Verification,
    Verify,
};
use portcullis_tests::Account;
use tower::util::BoxCloneSyncService;

use super::{behaviours::panics, inner::Inner, journal::Journal};
use crate::place::Layered;

/// How the slots of a stack are filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    worded: Worded,
    shown: Shown,
    masked: Masked,
    limited: Limited,
}

/// The shape of the errors.
#[derive(Clone, Copy, Debug)]
enum Worded {
    /// Says when to come back, so that a 429 is written anew each time.
    Flat,
    /// Says of a prepared error the same each time.
    Detail,
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
        let masked =
            [Masked::Not, Masked::AndUnproven, Masked::InWordsToWhom, Masked::ToNobodyKnows];
        let limited = [Limited::Not, Limited::Tightly, Limited::Widely];
        let shown = [
            (Worded::Flat, Shown::Nothing),
            (Worded::Flat, Shown::PathAndId),
            (Worded::Detail, Shown::Nothing),
        ];
        shown.into_iter().flat_map(move |(worded, shown)| {
            masked.into_iter().flat_map(move |masked| {
                limited.into_iter().map(move |limited| Self { worded, shown, masked, limited })
            })
        })
    }

    /// The stack.
    pub(super) fn stack(self, inner: Inner, journal: &Journal, clock: &Clock) -> Layered {
        let stack = Portcullis::new()
            .envelope(self.envelope())
            .address_limit(self.address_limit(clock))
            .bearer(Bearer::new(Tokens))
            .caller_limit(self.caller_limit(clock))
            .tenant_mask(self.mask(journal));
        BoxCloneSyncService::new(stack.layer(inner))
    }

    /// What the stack is made of, a layer each.
    pub(super) fn layers(self, inner: Inner, journal: &Journal, clock: &Clock) -> Layered {
        let envelope = self.envelope();
        let [address, caller] = [self.address_limit(clock), self.caller_limit(clock)];
        let guards = GuardLayer::new((address, Bearer::new(Tokens), caller));
        let caught = CatchLayer::new().layer(inner);
        match self.mask(journal) {
            Some(mask) => {
                BoxCloneSyncService::new(envelope.layer(guards.layer(mask.layer(caught))))
            }
            None => BoxCloneSyncService::new(envelope.layer(guards.layer(caught))),
        }
    }

    fn envelope(self) -> EnvelopeLayer<Arc<dyn Envelope>> {
        let layer = EnvelopeLayer::new(match self.worded {
            Worded::Flat => Arc::new(Flat::new()) as Arc<dyn Envelope>,
            Worded::Detail => Arc::new(Detail::new()),
        });
        match self.shown {
            Shown::Nothing => layer,
            Shown::PathAndId => layer
                .with_instance()
                .with_request_id(HeaderName::from_static("x-request-id"))
                .with_client_text(ClientText::Own),
        }
    }

    fn address_limit(self, clock: &Clock) -> Option<RateLimit> {
        let requests = match self.limited {
            Limited::Not => return None,
            Limited::Tightly => 4,
            Limited::Widely => 100,
        };
        Some(RateLimit::by_address(Quota::per_hour(requests)).with_store(memory(clock)))
    }

    fn caller_limit(self, clock: &Clock) -> Option<RateLimit> {
        if matches!(self.limited, Limited::Not) {
            return None;
        }
        let limit = RateLimit::by(Quota::per_hour(3), |account: &Account| account.name);
        Some(limit.with_store(memory(clock)))
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

/// A small store, on this clock.
fn memory(clock: &Clock) -> Memory {
    Memory::new().with_capacity(64).with_clock(clock.clone())
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
