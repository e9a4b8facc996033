//! The truth about what was hidden, for those who operate the service.

mod hash;
mod logged;

use std::{
    any::Any,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use portcullis_core::BoxError;

pub(crate) use self::hash::HashKey;
pub use self::{hash::IdHash, logged::TracingAudit};
use crate::facts::Facts;

/// Learns the truth about each resource that was hidden or forbidden.
///
/// It is told in the request's own time, before the answer leaves. So let it take as long for one
/// [`Reason`] as for another, and be short: hand the event to a channel, and write it elsewhere.
///
/// ```
/// use std::sync::mpsc::{SyncSender, sync_channel};
///
/// use portcullis_tenant::{Audit, AuditEvent, BoxError, MaskLayer, Reason};
///
/// struct Trail(SyncSender<(Reason, Option<String>)>);
///
/// impl Audit for Trail {
///     fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
///         Ok(self.0.try_send((event.reason(), event.principal()))?)
///     }
/// }
///
/// let (trail, _events) = sync_channel(1_000);
/// let mask = MaskLayer::new().with_audit(Trail(trail));
/// # let _ = mask;
/// ```
pub trait Audit: Send + Sync + 'static {
    /// Takes note.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from doing so. It is logged, as a panic is, and changes nothing else.
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError>;

    /// Where the sink lies that clones of this one share.
    #[doc(hidden)]
    fn address(&self) -> Option<usize> {
        None
    }
}

impl<A: Audit + ?Sized> Audit for Arc<A> {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        (**self).record(event)
    }

    fn address(&self) -> Option<usize> {
        Some((**self).address().unwrap_or_else(|| Self::as_ptr(self).cast::<()>().addr()))
    }
}

/// Why a caller did not get what it asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// 404: there is no such resource.
    Missing,
    /// 404: it is another tenant's.
    Foreign,
    /// 403: the caller sees it, and may not do that with it.
    Role,
    /// A handler answered 403 and had not proven that the caller sees anything; the net made it a
    /// 404. See [`OnUnproven`](crate::OnUnproven).
    Unproven,
}

impl Reason {
    /// One word, for logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Foreign => "foreign",
            Self::Role => "role",
            Self::Unproven => "unproven",
        }
    }
}

/// One resource that was not handed out. What is not known is `None`.
///
/// Nothing is put into words before it is asked for.
pub struct AuditEvent<'a> {
    reason: Reason,
    facts: Option<&'a Facts>,
    caller: Option<&'a str>,
    key: &'a HashKey,
}

impl<'a> AuditEvent<'a> {
    pub(crate) const fn new(
        reason: Reason,
        facts: Option<&'a Facts>,
        caller: Option<&'a str>,
        key: &'a HashKey,
    ) -> Self {
        Self { reason, facts, caller, key }
    }

    /// Why it was not handed out.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Who asked: [`Member::name`](crate::Member::name), or as
    /// [`MaskLayer::with_principal`](crate::MaskLayer::with_principal) has it.
    pub fn principal(&self) -> Option<String> {
        let named = self.facts.and_then(|facts| facts.witness.principal());
        named.or_else(|| self.caller.map(str::to_owned))
    }

    /// What kind of resource was asked for: [`Resource::NOUN`](crate::Resource::NOUN).
    pub fn resource(&self) -> Option<&'static str> {
        self.facts.and_then(|facts| facts.resource)
    }

    /// Which one was asked for, hashed: an id may be a secret.
    pub fn id(&self) -> Option<IdHash> {
        let id = self.facts.and_then(|facts| facts.id.as_ref());
        id.map(|id| self.key.hash(id))
    }

    /// Whose it is, if it exists.
    pub fn owner(&self) -> Option<String> {
        self.facts.and_then(|facts| facts.witness.owner())
    }
}

impl fmt::Debug for AuditEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditEvent")
            .field("reason", &self.reason)
            .field("principal", &self.principal())
            .field("resource", &self.resource())
            .field("id", &self.id())
            .field("owner", &self.owner())
            .finish()
    }
}

/// Which sink it is.
pub(crate) fn address(sink: &Arc<dyn Audit>) -> usize {
    // What an `Arc` of it is asked; it always has one.
    Audit::address(sink).unwrap_or_default()
}

/// What a service calls a caller, and nothing if that panics: the request may be a good one.
pub(crate) fn name<T>(name: impl FnOnce() -> Option<T>) -> Option<T> {
    let mut named = None;
    quietly(|| match catch_unwind(AssertUnwindSafe(name)) {
        Ok(name) => named = name,
        Err(payload) => {
            let error = text(&*payload);
            quietly(|| {
                tracing::error!(target: "portcullis_tenant", error, "a caller cannot be named");
            });
            mem::forget(payload);
        }
    });
    named
}

/// Tells a sink. Whatever becomes of it, the answer is what it would have been.
pub(crate) fn tell(audit: &dyn Audit, event: &AuditEvent<'_>) {
    quietly(|| match catch_unwind(AssertUnwindSafe(|| audit.record(event))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => complain(&error),
        Err(payload) => complain(&text(&*payload)),
    });
}

fn text(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<String>() {
        Some(text) => text,
        None => payload.downcast_ref::<&str>().copied().unwrap_or("it panicked"),
    }
}

fn complain(error: &dyn fmt::Display) {
    // What writes the log may be what has failed.
    quietly(|| tracing::error!(target: "portcullis_tenant", %error, "an audit sink has failed"));
}

/// Does what may panic, as an error's or a panic's payload may when it is dropped.
fn quietly(work: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
        // It too may panic when it is dropped.
        mem::forget(payload);
    }
}
