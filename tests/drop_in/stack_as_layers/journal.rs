use std::sync::{Arc, Mutex, PoisonError};

use portcullis::{
    BoxError,
    tenant::{Audit, AuditEvent},
};

/// What was asked of the inner service and told to the audit sink, in order.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    pub(super) fn write(&self, entry: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry.into());
    }

    pub(super) fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Audit for Journal {
    fn record(&self, event: &AuditEvent<'_>) -> Result<(), BoxError> {
        self.write(format!("{event:?}"));
        Ok(())
    }
}
