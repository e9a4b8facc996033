use http::{HeaderValue, header::CACHE_CONTROL};
use portcullis_core::ApiError;
use tower_layer::Layer;

use crate::MaskService;

/// Answers every 404 beneath it with one and the same new response.
///
/// That response has the status, `Cache-Control: no-store`, and the body that the envelope above
/// gives it: nothing of the old one is kept.
///
/// It sees responses. An error that an inner service fails with becomes one in a `CatchLayer`, which
/// the `portcullis` stack has beneath the mask.
///
/// It asks nothing of the request's body and [`Default`] of the response's, which axum's `Body`
/// has; a body without it goes through tower-http's `MapResponseBodyLayer`.
#[derive(Clone, Debug)]
pub struct MaskLayer {
    mask: ApiError,
}

impl MaskLayer {
    /// A layer whose 404 reads as the status's phrase.
    pub fn new() -> Self {
        let no_store = HeaderValue::from_static("no-store");
        Self { mask: ApiError::not_found().with_header(CACHE_CONTROL, no_store) }
    }
}

impl Default for MaskLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for MaskLayer {
    type Service = MaskService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MaskService::new(self.mask.clone(), inner)
    }
}
