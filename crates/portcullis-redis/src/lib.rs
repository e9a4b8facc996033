//! One limit over many replicas: the rate limits of Portcullis, shared through Redis or Valkey.

mod breaker;
mod due;
mod failure;
mod fallback;
mod key;
mod link;
mod observe;
mod refusals;
mod script;
mod store;
mod time;

pub use portcullis_limit::OnStoreFailure;

pub use self::store::{InvalidSetting, Redis};
