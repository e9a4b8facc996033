use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use super::ApiError;

/// The place for what an envelope made of an error.
#[derive(Default)]
pub(super) struct Prepared(OnceLock<Box<dyn Any + Send + Sync>>);

/// A copy is made to be changed.
impl Clone for Prepared {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl ApiError {
    /// For an error that is made once and answered often: an envelope whose bodies are the same each
    /// time writes this one once, and keeps it with the error.
    ///
    /// Clones share it, also those with another [`retry_after`](Self::with_retry_after) and
    /// [`allowance`](Self::with_allowance). Whatever else is changed afterwards makes it an error
    /// like any other.
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// use portcullis_core::ApiError;
    ///
    /// static SOLD_OUT: LazyLock<ApiError> =
    ///     LazyLock::new(|| ApiError::conflict().with_message("Sold out").prepared());
    ///
    /// fn buy() -> Result<(), ApiError> {
    ///     Err(SOLD_OUT.clone())
    /// }
    /// # assert_eq!(buy().unwrap_err().message(), "Sold out");
    /// ```
    #[must_use]
    pub fn prepared(mut self) -> Self {
        Arc::make_mut(&mut self.inner).prepared = Some(Prepared::default());
        self
    }

    /// Where an envelope keeps what it makes of a [prepared](Self::prepared) error.
    #[doc(hidden)]
    pub fn kept(&self) -> Option<&OnceLock<Box<dyn Any + Send + Sync>>> {
        self.inner.prepared.as_ref().map(|Prepared(kept)| kept)
    }
}
