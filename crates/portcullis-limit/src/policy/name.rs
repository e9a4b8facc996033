use std::{
    borrow::Cow,
    error::Error,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

/// What a [`Policy`](super::Policy) is called: 1 to 64 characters of printable ASCII.
///
/// Clients see it in `RateLimit` fields, operators in logs and metrics, and in a store that is
/// shared it names the policy's cells.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PolicyName {
    text: Cow<'static, str>,
    /// A hash of it, so that a decision need not read it.
    id: u64,
}

/// The most characters of a name.
const MOST: usize = 64;

impl PolicyName {
    /// This name.
    ///
    /// # Panics
    ///
    /// When it is not 1 to 64 characters of printable ASCII; see [`PolicyName::try_new`].
    #[track_caller]
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        match Self::try_new(name) {
            Ok(name) => name,
            Err(error) => panic!("{error}"),
        }
    }

    /// This name, if it may be one.
    ///
    /// # Errors
    ///
    /// When it is not 1 to 64 characters of printable ASCII.
    pub fn try_new(name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidPolicyName> {
        let text = name.into();
        let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if text.is_empty() || text.len() > MOST || !is_printable {
            return Err(InvalidPolicyName(text.chars().take(MOST).collect()));
        }
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Ok(Self { id: hasher.finish(), text })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    #[cfg(feature = "metrics")]
    pub(crate) fn text(&self) -> Cow<'static, str> {
        self.text.clone()
    }
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A text that may not name a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPolicyName(String);

impl fmt::Display for InvalidPolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} does not name a policy: that is 1 to 64 characters of printable ASCII",
            self.0
        )
    }
}

impl Error for InvalidPolicyName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_in_a_header() {
        for name in ["burst", "per \"hour\"", "a\\b", &"n".repeat(64)] {
            assert_eq!(PolicyName::try_new(name.to_owned()).unwrap().as_str(), name);
        }
        for name in ["", "täglich", "a\nb", &"n".repeat(65)] {
            let error = PolicyName::try_new(name.to_owned()).unwrap_err();
            assert!(error.to_string().contains("printable ASCII"), "{error}");
        }
    }
}
