use portcullis::BoxError;
use totp_rs::{Builder, Secret, Totp};

/// A generator of one-time codes that a user carries about (RFC 6238).
pub(crate) struct SecondFactor {
    totp: Totp,
    last_step: Option<u64>,
}

impl SecondFactor {
    /// One with this secret, in base 32.
    pub(crate) fn new(secret: &str) -> Result<Self, BoxError> {
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret)?).build()?;
        Ok(Self { totp, last_step: None })
    }

    /// Whether this is the code of now. It counts once, and so does no older one after it (RFC 6238,
    /// section 5.2).
    pub(crate) fn accepts(&mut self, code: &str) -> bool {
        match self.totp.check_current(code) {
            Some(step) if self.last_step < Some(step) => {
                self.last_step = Some(step);
                true
            }
            _ => false,
        }
    }
}
