use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{GuardService, Guards};

/// Puts a guard, or a tuple of guards in order, in front of a service.
///
/// Clones, and all services that it makes, share the one guard.
///
/// It asks nothing of the request's body and [`Default`] of the response's, which axum's `Body`
/// has; a body without it goes through tower-http's `MapResponseBodyLayer`.
pub struct GuardLayer<G> {
    guards: Arc<G>,
}

impl<G: Guards> GuardLayer<G> {
    /// A layer that runs this guard, or this tuple of guards from the outermost in.
    pub fn new(guards: G) -> Self {
        Self { guards: Arc::new(guards) }
    }
}

impl<S, G> Layer<S> for GuardLayer<G> {
    type Service = GuardService<G, S>;

    fn layer(&self, inner: S) -> Self::Service {
        GuardService::new(Arc::clone(&self.guards), inner)
    }
}

impl<G> Clone for GuardLayer<G> {
    fn clone(&self) -> Self {
        Self { guards: Arc::clone(&self.guards) }
    }
}

impl<G> fmt::Debug for GuardLayer<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").finish_non_exhaustive()
    }
}
