use std::any::{TypeId, type_name};

/// By what an operator names a client of a [`Key`](super::Key): see
/// [`RateLimit::partition`](crate::RateLimit::partition).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueType(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Any,
    Of { id: TypeId, name: &'static str },
    Several,
}

impl ValueType {
    /// By a value of this type, of which the key feeds the hash and nothing else.
    pub fn of<T: ?Sized + 'static>() -> Self {
        Self(Kind::Of { id: TypeId::of::<T>(), name: type_name::<T>() })
    }

    /// By whatever value feeds the hasher the same bytes: the key does not say.
    pub const fn any() -> Self {
        Self(Kind::Any)
    }

    /// By no one value, since it is of several things together.
    pub const fn several() -> Self {
        Self(Kind::Several)
    }

    /// Whether a value of this type names a client.
    pub(crate) fn is_named_by<T: ?Sized + 'static>(self) -> bool {
        match self.0 {
            Kind::Any => true,
            Kind::Of { id, .. } => id == TypeId::of::<T>(),
            Kind::Several => false,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self.0 {
            Kind::Any => "any value",
            Kind::Of { name, .. } => name,
            Kind::Several => "several values together, of which a request finds the partition",
        }
    }
}
