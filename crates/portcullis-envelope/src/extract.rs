//! Extractors that tell a caller everything that is wrong with a request, and where.
//!
//! Swap the import and keep the handler:
//!
//! ```
//! use portcullis_envelope::extract::{Json, Path, Query}; // instead of axum's
//! ```
//!
//! axum's extractors stop at the first fault and answer in prose. These refuse with an
//! [`ApiError`](crate::ApiError) that has one [`Issue`](portcullis_core::Issue) for each fault, in the
//! order of the type's declaration, with its exact location (`["body", "items", 1, "qty"]`) and
//! pydantic's name and sentence for it; the envelope above writes them as the API's contract wants.
//! [`ExtractPolicy`] says where an API or an endpoint refuses otherwise than with a 422.
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
//! - A member that the type reads comes once (`duplicate_key`): any member of a map, of a
//!   `serde_json::Value` and of a struct with a flattened part, and the declared ones of any other
//!   struct. serde refuses it for the declared ones only, and pydantic takes the last.
//! - What no type reads is passed over as serde_json passes over it. Where something else is wrong,
//!   all of the body must be JSON: a number beyond the range of a float, half a surrogate pair, bytes
//!   that are no UTF-8 or more than 127 levels in such a member are `json_invalid` then.
//! - Two things are valid that serde_json would refuse: text with escapes for what borrows its text
//!   (`&str` in a `deserialize_with`), and what it refuses only since a tag comes after its content.
//! - `serde_json::value::RawValue` keeps its text, and is out of reach where serde reads through a
//!   buffer: a flattened, internally tagged or untagged part that has one is refused.
//!
//! Where something that a service depends on switches serde_json's `arbitrary_precision` on, all of
//! this stays as it is.
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
//!   members declared after it where it is missing or wrong itself, and the items after it where it is
//!   wrong within a tuple. UUIDs, dates, addresses and non-zero numbers can be made up; a type that
//!   contains itself without end, or asks for a password, cannot.
//! - A whole number beyond 64 bits that a body writes with a point or an exponent, for a type of 128
//!   bits, is a fault only where there is no other.
//!
//! # What it costs
//!
//! A valid body is read as serde_json reads it, in about its time, and takes the memory of its value
//! and eight bytes for each name of a map while that is read.
//!
//! A refused one is read again, as a tree: up to 18 bytes for each byte of the body (`[1,1,1,…`; a
//! list of small objects is at 6), beside what the type itself takes. axum's `DefaultBodyLimit` of
//! 2 MB so allows for 36 MB, until the answer is there. The type then looks at the tree for its
//! faults, several times where that shows more, and the work is bounded whatever the type: for each
//! value of the body, at most six are looked at, walked past or made up, and 50,000 more in all.
//! Once that is spent, the faults that were found are the answer. Two megabytes take some 20 to 250
//! milliseconds.

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

#[cfg(feature = "garde")]
pub use self::garde::Garde;
pub use self::{
    cookie::Cookie,
    header::Header,
    json::Json,
    path::{PATH_MISMATCH, Path},
    policy::{ExtractPolicy, Inputs, OnInvalid, OnMalformed, Reasons},
    query::Query,
    valid::{Part, Rules, Valid},
};

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
