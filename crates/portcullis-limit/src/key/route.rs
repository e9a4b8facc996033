use std::hash::Hash;

use axum::extract::MatchedPath;
use http::request::Parts;

use super::{Key, KeyHasher, NoKey, ValueType};

/// The template of the route that matched, `/tickets/{id}`, as a [`Key`]: together with another, a
/// quota for each route.
///
/// It is known inside the router, so the limit belongs on `Router::route_layer` or `Router::layer`.
/// Requests that matched no route are counted together.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByRoute;

impl Key for ByRoute {
    fn hash(&self, head: &Parts, hasher: &mut KeyHasher) -> Result<(), NoKey> {
        head.extensions.get::<MatchedPath>().map(MatchedPath::as_str).hash(hasher);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "route"
    }

    fn value_type(&self) -> ValueType {
        ValueType::several()
    }
}
