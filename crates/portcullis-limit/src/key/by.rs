use std::{
    any::type_name,
    fmt,
    hash::Hash,
    marker::PhantomData,
    sync::atomic::{AtomicBool, Ordering},
};

use http::request::Parts;
use portcullis_core::{Anonymous, ApiError, Code, ErrorStatus};

use super::{Key, KeyHasher, NoKey, ValueType};

/// The code of the 500 that a request gets which has no value to be limited by.
pub const LIMIT_KEY_MISSING: Code = Code::new("LIMIT_KEY_MISSING");

/// A part of a value in the request's extensions, such as the id of the principal.
///
/// See [`RateLimit::by`](crate::RateLimit::by).
pub struct By<T, F> {
    part: F,
    told: AtomicBool,
    value: PhantomData<fn(T)>,
}

impl<T, F> By<T, F> {
    pub(crate) fn new(part: F) -> Self {
        Self { part, told: AtomicBool::new(false), value: PhantomData }
    }
}

impl<T, F, K> Key for By<T, F>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(&'a T) -> &'a K + Send + Sync + 'static,
    K: Hash + ?Sized + 'static,
{
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        let Some(value) = head.extensions.get::<T>() else {
            return Err(match head.extensions.get::<Anonymous>() {
                // Who is nobody on purpose is left to the limit per address.
                Some(_) => NoKey::Uncounted,
                None => self.missing().into(),
            });
        };
        (self.part)(value).hash(hasher);
        Ok(())
    }

    fn is_prompt(&self) -> bool {
        true
    }

    fn name(&self) -> &'static str {
        "caller"
    }

    fn value_type(&self) -> ValueType {
        ValueType::of::<K>()
    }
}

impl<T, F> By<T, F> {
    fn missing(&self) -> ApiError {
        // Once a limit: the fault is the service's, and every request would repeat it.
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::error!(
                value = type_name::<T>(),
                "a limit finds no such value in the request's extensions: put the layer that \
                 inserts it, a Bearer with this principal perhaps, in front of the limit"
            );
        }
        ApiError::new(ErrorStatus::INTERNAL_SERVER_ERROR).with_code(LIMIT_KEY_MISSING)
    }
}

impl<T, F> fmt::Debug for By<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "By<{}>", type_name::<T>())
    }
}
