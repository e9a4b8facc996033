use std::sync::{Mutex, PoisonError};

use portcullis::BoxError;
use totp_rs::{Builder, Secret, Totp};

/// A generator of one-time codes that a person carries about (RFC 6238).
pub(crate) struct SecondFactor {
    totp: Totp,
    last_step: Mutex<Option<u64>>,
}

impl SecondFactor {
    /// One with this secret, in base 32.
    pub(crate) fn new(secret: &str) -> Result<Self, BoxError> {
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret)?).build()?;
        Ok(Self { totp, last_step: Mutex::default() })
    }

    /// Whether this is the code of now. It counts once, and so does no older one after it (RFC 6238,
    /// section 5.2).
    pub(crate) fn accepts(&self, code: &str) -> bool {
        let mut last_step = self.last_step.lock().unwrap_or_else(PoisonError::into_inner);
        match self.totp.check_current(code) {
            Some(step) if *last_step < Some(step) => {
                *last_step = Some(step);
                true
            }
            _ => false,
        }
    }
}
