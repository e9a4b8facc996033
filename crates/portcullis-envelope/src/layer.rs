use std::{
    borrow::Cow,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use http::HeaderName;
use tower_layer::Layer;

use crate::{
    ClientText, Envelope, EnvelopeService, Foreign,
    renderer::{Options, Renderer},
};

/// Puts every error beneath it into one [`Envelope`].
///
/// It asks nothing of the request's body, `Body + From<Bytes>` of the response's, which axum's
/// `Body` is, and `Into<BoxError>` of the inner error. A body without `From<Bytes>`, such as
/// `TraceLayer`'s or `CompressionLayer`'s, goes through tower-http's
/// `MapResponseBodyLayer::new(Body::new)` first.
pub struct EnvelopeLayer<E> {
    envelope: Arc<E>,
    /// Tells this envelope from others, also of its type.
    id: u64,
    options: Arc<Options>,
}

impl<E: Envelope> EnvelopeLayer<E> {
    /// A layer that renders with this envelope.
    pub fn new(envelope: E) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(0);

        let id = IDS.fetch_add(1, Ordering::Relaxed);
        Self { envelope: Arc::new(envelope), id, options: Arc::default() }
    }

    /// Says what becomes of errors whose body somebody else wrote in this media type.
    ///
    /// `application/json` covers `application/*+json` too, and `text/*` every text; parameters such
    /// as a charset do not count. JSON is kept unless said otherwise, and everything else adopted; of
    /// several rules that cover a type the last counts. An error without a
    /// body is always adopted, and so is a 406, since compression layers answer it with the body of
    /// the success that they could not encode.
    ///
    /// ```
    /// use portcullis_envelope::{Detail, EnvelopeLayer, Foreign};
    ///
    /// let layer = EnvelopeLayer::new(Detail::new())
    ///     .on_foreign("application/json", Foreign::Adopt)
    ///     .on_foreign("text/html", Foreign::Keep);
    /// # let _ = layer;
    /// ```
    #[must_use]
    pub fn on_foreign(
        mut self,
        media_type: impl Into<Cow<'static, str>>,
        foreign: Foreign,
    ) -> Self {
        Arc::make_mut(&mut self.options).policy.set(media_type.into(), foreign);
        self
    }

    /// Says what a client reads of an adopted 4xx that came with a text.
    #[must_use]
    pub fn with_client_text(mut self, client_text: ClientText) -> Self {
        Arc::make_mut(&mut self.options).client_text = client_text;
        self
    }

    /// Shows the request's id, the value of this request header, as the error's member
    /// `request_id`, and logs it with the cause of a 5xx.
    ///
    /// Put tower-http's `SetRequestIdLayer` outside, so that every request has one.
    #[must_use]
    pub fn with_request_id(mut self, header: HeaderName) -> Self {
        Arc::make_mut(&mut self.options).request_id = Some(header);
        self
    }

    /// Shows the request's path as the error's member `instance` (RFC 9457, section 3.1.5).
    ///
    /// Within a nested router the path is the rest that axum hands it.
    #[must_use]
    pub fn with_instance(mut self) -> Self {
        Arc::make_mut(&mut self.options).shows_instance = true;
        self
    }
}

/// A layer with no settings but the envelope.
impl<E: Envelope> From<E> for EnvelopeLayer<E> {
    fn from(envelope: E) -> Self {
        Self::new(envelope)
    }
}

impl<E> EnvelopeLayer<E> {
    #[doc(hidden)]
    pub fn renderer(&self) -> Renderer<E> {
        let Self { envelope, id, options } = self.clone();
        Renderer { envelope, id, options }
    }
}

impl<S, E> Layer<S> for EnvelopeLayer<E> {
    type Service = EnvelopeService<E, S>;

    fn layer(&self, inner: S) -> Self::Service {
        EnvelopeService::new(Arc::new(self.renderer()), inner)
    }
}

impl<E> Clone for EnvelopeLayer<E> {
    fn clone(&self) -> Self {
        let Self { envelope, id, options } = self;
        Self { envelope: Arc::clone(envelope), id: *id, options: Arc::clone(options) }
    }
}

impl<E> fmt::Debug for EnvelopeLayer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeLayer").field("options", &self.options).finish_non_exhaustive()
    }
}
