//! Opaque API keys: made here, stored as a digest, looked up through a source of yours.
//!
//! ```
//! use portcullis_bearer::{
//!     Bearer,
//!     keys::{ApiKeys, KeyFormat, MemoryKeys, StoredKey},
//! };
//!
//! #[derive(Clone)]
//! struct Account { name: &'static str }
//!
//! let stored = MemoryKeys::new();
//! let keys = ApiKeys::new(KeyFormat::new("acme_"), stored.clone());
//! let bearer = Bearer::new(keys.clone());
//!
//! // To make a key: show the secret once, store the digest.
//! let key = keys.generate()?;
//! stored.insert(key.digest(), StoredKey::new(7, Account { name: "wile" }));
//! println!("Your key is {}", key.secret());
//!
//! // To take it back: in the source, and here, where the very next request sees it.
//! stored.remove(&7.into());
//! keys.revoke(&7.into());
//! # let _ = bearer;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a key is
//!
//! `acme_` + 32 random letters and digits (190 bits, from the operating system) + 6 more of a
//! checksum: a CRC-32 of all that stands before it, in base 62, most significant digit first. A key
//! that is cut off or mistyped is refused without a look-up, and a scanner that looks for leaked
//! keys knows one when it sees it. See [`KeyFormat`] for keys that were made elsewhere.
//!
//! Nothing but its SHA-256 ([`KeyDigest`]), or HMAC-SHA-256 with a pepper
//! ([`ApiKeys::with_pepper`]), is stored, looked up or compared. That is enough for a key that nobody
//! can guess, and would not be for a password. A table that is stolen opens nothing.
//!
//! # Rotation
//!
//! An owner may have any number of keys, each with an id of its own: make the new one, store it
//! beside the old, and give the old one an end ([`StoredKey::expires_at`]) or revoke it when all
//! clients have changed.
//!
//! # What is remembered
//!
//! Both answers are cached, within a bound: whose a key is, for a minute; that it is nobody's, for a
//! second. A key never outlives its own end in the cache. Of a thousand requests at once with a key
//! that is not cached, one looks it up, and if that fails all are answered 503 and nothing is
//! remembered.
//!
//! - [`ApiKeys::revoke`] holds from the next request on, whatever is cached or being looked up, and
//!   even if the source, a replica of a database perhaps, has not heard of it yet.
//! - A key that was refused before it was stored is good at once where [`ApiKeys::forget`] is told of
//!   it, and within a second everywhere else.
//! - What else changes in the source (another end, another principal) is seen within a minute, or at
//!   once where `forget` is told.
//!
//! This holds for one [`ApiKeys`], with all clones of it and all that is set up from it, and for each
//! other, in this process or another, as far as somebody tells it. Where nobody does, a revocation in
//! the source is seen within a minute: pass it on, through your database's
//! notifications for instance, or choose a shorter time ([`ApiKeys::with_ttl`]).

mod api_keys;
mod base62;
mod cache;
mod digest;
mod format;
mod freshness;
mod id;
mod memory;
mod new_key;
mod place;
mod revoked;
mod source;
#[cfg(test)]
mod tests;

pub use api_keys::ApiKeys;
pub use digest::KeyDigest;
pub use format::KeyFormat;
pub use id::KeyId;
pub use memory::MemoryKeys;
pub use new_key::{NewKey, NoEntropy};
pub use source::{KeySource, StoredKey};
