use portcullis_core::BoxError;
use tracing::Level;

use super::{Audit, AuditEvent, Reason};

/// Writes every event to [`tracing`], target `portcullis_tenant`, at the level `INFO`; what the net
/// had to catch at `ERROR`.
///
/// The fields are `reason`, `principal`, `resource`, `id` (hashed) and `owner`, without those that
/// are not known.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TracingAudit;

/// The target of every line of this crate's.
const TARGET: &str = "portcullis_tenant";

impl TracingAudit {
    /// The sink.
    pub const fn new() -> Self {
        Self
    }
}

impl Audit for TracingAudit {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        macro_rules! log {
            ($level:expr, $words:literal) => {
                if tracing::enabled!(target: TARGET, $level) {
                    let id = event.id().map(tracing::field::display);
                    tracing::event!(
                        target: TARGET,
                        $level,
                        reason = event.reason().as_str(),
                        principal = event.principal(),
                        resource = event.resource(),
                        id,
                        owner = event.owner(),
                        $words
                    );
                }
            };
        }
        match event.reason() {
            Reason::Missing | Reason::Foreign => log!(Level::INFO, "a resource was hidden"),
            Reason::Role => log!(Level::INFO, "something was forbidden with a visible resource"),
            Reason::Unproven => log!(
                Level::ERROR,
                "a handler answered 403 and had not proven that the caller sees the resource: \
                 refuse with `visible.require(…)`; the client got a 404"
            ),
        }
        Ok(())
    }
}
