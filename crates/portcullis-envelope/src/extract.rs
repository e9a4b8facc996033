//! Extractors that tell a caller everything that is wrong with a request, and where.
//!
//! Swap the import and keep the handler:
//!
//! ```
//! use portcullis_envelope::extract::{Json, Path, Query}; // instead of axum's
//! ```
//!
//! axum's extractors stop at the first fault and answer in prose. These refuse with an [`ApiError`]
//! that has one [`Issue`] for each fault, in the order of the type's declaration, with its exact
//! location (`["body", "items", 1, "qty"]`) and pydantic's name and sentence for it; the envelope
//! above writes them as the API's contract wants.
//!
//! Several extractors of one handler run one after the other, so the first that refuses speaks.
//!
//! # What is valid
//!
//! A body is valid where `serde_json` says so, and no further:
//!
//! - `"5"` is no integer and `1` is no boolean, as pydantic has it in strict mode. In a query, a
//!   path, a header or a cookie all is text, and `5` is an integer and `yes` a boolean.
//! - A struct does not come from a list, which serde would allow (and does, within the parts that it
//!   reads through a buffer).
//! - An object that names a member twice is refused (`duplicate_key`); serde refuses it for the
//!   members of a struct only, and pydantic takes the last.
//! - Integers are read in 64 bits; a body's 128-bit integers beyond that are refused.
//!
//! # What is found
//!
//! All faults of structs, lists, tuples, maps, and of enums tagged from outside or beside their
//! content, at any depth, up to 100. Some types hide what is in them, and the next attempt finds what
//! is left:
//!
//! - Internally tagged and untagged enums and flattened parts are read through a buffer, of which
//!   the first fault is reported. A wrong value is named where it stands if it occurs once within the
//!   buffered part; otherwise the whole is (`value_error`). In a query, flattened numbers are text,
//!   and refused, as axum's `Query` refuses them.
//! - A rule about a whole (`try_from`, `deserialize_with`) is asked only when all its parts are right.
//! - A type of which no value can be made up, since it takes particular ones only, hides the missing
//!   members declared after it where it is missing itself, and the items after it where it is wrong
//!   within a tuple. UUIDs, dates, addresses and non-zero numbers can be made up; a type that
//!   contains itself without end, or asks for a password, cannot.

mod cookie;
#[cfg(feature = "garde")]
mod garde;
mod header;
mod json;
mod offset;
mod path;
mod policy;
mod query;
#[cfg(test)]
mod tests;
mod valid;
mod words;

use portcullis_core::{ApiError, Issue};

#[cfg(feature = "garde")]
pub use self::garde::Garde;
pub use self::{
    cookie::Cookie,
    header::Header,
    json::Json,
    path::{PATH_MISMATCH, Path},
    policy::{ExtractPolicy, Inputs, OnMalformed, Reasons},
    query::Query,
    valid::{Part, Rules, Valid},
};

/// 422, with these issues.
fn unprocessable(issues: Vec<Issue>) -> ApiError {
    issues.into_iter().fold(ApiError::unprocessable(), ApiError::with_issue)
}

/// An extractor is the value that it holds.
macro_rules! transparent {
    ($name:ident) => {
        impl<T> std::ops::Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T> std::ops::DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }
    };
}
use transparent;
