//! Codes that are good once.

use std::collections::HashSet;

use portcullis::{BoxError, keys::KeyDigest};
use totp_rs::{Builder, Secret, Totp};

/// What an account has beside its password.
pub(crate) enum TwoFactor {
    Off,
    /// A generator whose owner has not shown yet that it works.
    Started(Generator),
    On {
        generator: Generator,
        /// Digests of the codes that are good without it.
        recovery: HashSet<KeyDigest>,
    },
}

impl TwoFactor {
    /// Whether it is on, and this is the generator's code of now, or a recovery code, which is used
    /// up thereby.
    pub(crate) fn accepts(&mut self, code: &str, digest: &KeyDigest) -> bool {
        match self {
            Self::On { generator, recovery } => generator.accepts(code) || recovery.remove(digest),
            Self::Off | Self::Started(_) => false,
        }
    }
}

/// A generator of one-time codes that somebody carries about (RFC 6238).
pub(crate) struct Generator {
    totp: Totp,
    last_step: Option<u64>,
}

impl Generator {
    pub(crate) fn new() -> Result<Self, BoxError> {
        let totp = Builder::new().with_secret(Secret::generate()).build()?;
        Ok(Self { totp, last_step: None })
    }

    /// The secret that both sides share, in base 32.
    pub(crate) fn secret(&self) -> String {
        self.totp.secret().to_base32()
    }

    /// Whether this is the code of now. It counts once, and so does no older one after it (RFC 6238, section 5.2).
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
