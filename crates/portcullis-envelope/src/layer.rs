use std::{fmt, sync::Arc};

use tower_layer::Layer;

use crate::{Envelope, EnvelopeService};

/// Puts every error beneath it into one [`Envelope`].
///
/// It asks nothing of the request's body, `From<Bytes>` of the response's, which axum's `Body` has,
/// and `Into<BoxError>` of the inner error. A body without `From<Bytes>`, such as `TraceLayer`'s or
/// `CompressionLayer`'s, goes through tower-http's `MapResponseBodyLayer::new(Body::new)` first.
pub struct EnvelopeLayer<E> {
    envelope: Arc<E>,
}

impl<E: Envelope> EnvelopeLayer<E> {
    /// A layer that renders with this envelope.
    pub fn new(envelope: E) -> Self {
        Self { envelope: Arc::new(envelope) }
    }
}

impl<S, E> Layer<S> for EnvelopeLayer<E> {
    type Service = EnvelopeService<E, S>;

    fn layer(&self, inner: S) -> Self::Service {
        EnvelopeService::new(Arc::clone(&self.envelope), inner)
    }
}

impl<E> Clone for EnvelopeLayer<E> {
    fn clone(&self) -> Self {
        Self { envelope: Arc::clone(&self.envelope) }
    }
}

impl<E> fmt::Debug for EnvelopeLayer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeLayer").finish_non_exhaustive()
    }
}
