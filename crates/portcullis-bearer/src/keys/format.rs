use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{
    KeyDigest, NewKey, NoEntropy,
    base62::{digit_of, is_digit, six_digits},
};
use crate::lanes::all;

/// How many random letters and digits a key has: 190 bits.
const RANDOM: usize = 32;

/// How many letters and digits its checksum has.
const CHECKSUM: usize = 6;

/// What keys look like: a prefix that says whose they are, a random part, a checksum.
#[derive(Clone, Debug)]
pub struct KeyFormat {
    prefix: Cow<'static, str>,
    has_checksum: bool,
    takes_foreign: bool,
}

impl KeyFormat {
    /// Keys that begin with this: `acme_`, or `acme_live_`.
    ///
    /// # Panics
    ///
    /// When the prefix is empty, has more than 32 bytes, or has others than ASCII letters, digits
    /// and `-._~`, which alone may stand in a bearer token.
    #[track_caller]
    pub fn new(prefix: impl Into<Cow<'static, str>>) -> Self {
        let prefix = prefix.into();
        let may_stand =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        assert!(
            (1..=32).contains(&prefix.len()) && prefix.bytes().all(may_stand),
            "{prefix:?} is no prefix: use 1 to 32 letters, digits and `-._~`, such as \"acme_\""
        );
        Self { prefix, has_checksum: true, takes_foreign: false }
    }

    /// Keys without a checksum: a mistyped key costs a look-up.
    #[must_use]
    pub fn without_checksum(self) -> Self {
        Self { has_checksum: false, ..self }
    }

    /// Looks up whatever begins with the prefix, and not only what may have been made here: for a
    /// service whose keys are older than this crate. Theirs have to be as hard to guess, since a
    /// digest protects no password.
    #[must_use]
    pub fn with_foreign_keys(self) -> Self {
        Self { takes_foreign: true, ..self }
    }

    /// Whether this may be a key: where not, nobody has to look for it.
    pub fn recognises(&self, key: &str) -> bool {
        self.recognises_bytes(key.as_bytes())
    }

    #[inline]
    pub(super) fn recognises_bytes(&self, key: &[u8]) -> bool {
        match key.strip_prefix(self.prefix.as_bytes()) {
            Some(rest) if self.takes_foreign => !rest.is_empty(),
            Some(rest) => self.may_have_made(key, rest),
            None => false,
        }
    }

    /// Whether this key, which has this behind the prefix, may be one of ours.
    fn may_have_made(&self, key: &[u8], rest: &[u8]) -> bool {
        if rest.len() != RANDOM + if self.has_checksum { CHECKSUM } else { 0 }
            || !all(rest, is_digit)
        {
            return false;
        }
        let (made, checksum) = key.split_at(self.prefix.len() + RANDOM);
        !self.has_checksum || *checksum == six_digits(crc32fast::hash(made))
    }

    /// Makes a key which nobody has and nobody can guess, and its [digest](KeyDigest::of): for what is
    /// no bearer token, such as the code in a mail. Keys of callers are made by
    /// [`ApiKeys::generate`](super::ApiKeys::generate), which knows their pepper.
    ///
    /// ```
    /// use portcullis_bearer::keys::{KeyDigest, KeyFormat};
    ///
    /// let invitation = KeyFormat::new("invite_").generate()?;
    /// assert!(invitation.digest() == KeyDigest::of(invitation.secret()));
    /// # Ok::<(), portcullis_bearer::keys::NoEntropy>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoEntropy`] when the operating system gives no random numbers.
    pub fn generate(&self) -> Result<NewKey, NoEntropy> {
        let secret = self.secret()?;
        let digest = KeyDigest::of(&secret);
        Ok(NewKey::new(secret, digest))
    }

    /// A new key.
    pub(super) fn secret(&self) -> Result<Zeroizing<String>, NoEntropy> {
        let length = self.prefix.len() + RANDOM;
        // Room for all of it, so that it does not move and leave a copy behind.
        let mut key = Zeroizing::new(String::with_capacity(length + CHECKSUM));
        key.push_str(&self.prefix);
        let mut random = Zeroizing::new([0; RANDOM]);
        while key.len() < length {
            getrandom::fill(&mut *random).map_err(NoEntropy::new)?;
            let digits = random.iter().copied().filter_map(digit_of).map(char::from);
            let missing = length - key.len();
            key.extend(digits.take(missing));
        }
        if self.has_checksum {
            let checksum = six_digits(crc32fast::hash(key.as_bytes()));
            key.extend(checksum.map(char::from));
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_recognised_and_nothing_near_it() {
        let format = KeyFormat::new("acme_");
        let key = format.secret().unwrap();
        assert_eq!(key.len(), 43);
        assert!(format.recognises(&key));
        for place in 0..key.len() {
            for letter in ['0', 'A', 'z', '-'] {
                let mut mistyped = key.to_string();
                mistyped.replace_range(place..=place, &letter.to_string());
                assert_eq!(format.recognises(&mistyped), mistyped == *key, "{place}");
            }
            assert!(!format.recognises(&key[..place]));
            let mut swapped = key.as_bytes().to_vec();
            swapped.swap(place, key.len() - 1 - place);
            let swapped = String::from_utf8(swapped).unwrap();
            assert_eq!(format.recognises(&swapped), swapped == *key);
        }
        assert!(!format.recognises(&format!("{}0", *key)));
        assert!(!KeyFormat::new("acme_live_").recognises(&key));
    }

    #[test]
    fn a_key_that_others_can_compute_is_recognised() {
        // Python: base62(zlib.crc32(b"acme_" + b"0" * 32)).
        let key = format!("acme_{}", "0".repeat(32));
        let checksum = six_digits(crc32fast::hash(key.as_bytes()));
        let key = format!("{key}{}", str::from_utf8(&checksum).unwrap());
        assert_eq!(key, "acme_000000000000000000000000000000003ThW3Y");
        assert!(KeyFormat::new("acme_").recognises(&key));
    }

    #[test]
    fn without_a_checksum_any_letters_and_digits_may_be_one_and_elsewhere_made_keys_may_be_anything()
     {
        let plain = KeyFormat::new("acme_").without_checksum();
        assert!(plain.recognises(&plain.secret().unwrap()));
        assert!(plain.recognises(&format!("acme_{}", "0".repeat(32))));
        assert!(!plain.recognises(&format!("acme_{}", "0".repeat(33))));
        assert!(!plain.recognises(&format!("acme_{}", "-".repeat(32))));

        let foreign = KeyFormat::new("hd_").with_foreign_keys();
        assert!(foreign.recognises("hd_acme_full"));
        assert!(!foreign.recognises("hd_"));
        assert!(!foreign.recognises("acme_full"));
    }

    #[test]
    fn no_two_keys_are_alike() {
        let format = KeyFormat::new("k");
        let keys: std::collections::HashSet<_> =
            (0..1_000).map(|_| format.secret().unwrap().to_string()).collect();
        assert_eq!(keys.len(), 1_000);
    }

    #[test]
    #[should_panic = "is no prefix"]
    fn a_prefix_that_cannot_stand_in_a_token_is_refused_when_it_is_made() {
        let _ = KeyFormat::new("acme ");
    }
}
