use std::{fmt, sync::Arc};

/// What a key is called, where its secret must not be: in logs, in a table, in `revoke`.
///
/// It is never used again for another key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Arc<str>);

impl KeyId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for KeyId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for KeyId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl From<i64> for KeyId {
    fn from(id: i64) -> Self {
        id.to_string().into()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyId").field(&self.0).finish()
    }
}
