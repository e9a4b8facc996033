use http::request::Parts;
use portcullis_core::Admission;

use super::admitted::Told;

/// How long a client has to wait whom a limit has admitted for the last time, in nanoseconds.
///
/// A limit further in that refuses the same request knows of it by this, and its `Retry-After` holds
/// for both. It lies in the request's extensions, so it passes through whatever stands between them.
#[derive(Clone, Copy, Default)]
pub(super) struct Outer(u64);

impl Outer {
    /// What the limits further out have left in this request.
    pub(super) fn of(head: &Parts) -> Self {
        head.extensions.get().copied().unwrap_or_default()
    }

    /// The longer wait.
    pub(super) fn or(self, wait: u64) -> u64 {
        self.0.max(wait)
    }

    /// Leaves what the limits further in have to know, if there is anything: mostly there is not.
    /// `outer` is looked up only where there is.
    pub(super) fn leave<'a>(
        admission: Admission,
        told: impl Iterator<Item = Told<'a>>,
        outer: impl FnOnce() -> Self,
    ) -> Admission {
        let wait = told.map(|(charged, standing)| charged.next_in(&standing)).max().unwrap_or(0);
        if wait > 0 && wait > outer().0 { admission.with_extension(Self(wait)) } else { admission }
    }
}
