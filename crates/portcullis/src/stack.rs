mod future;
mod pending;
mod service;

use std::{fmt, sync::Arc};

use portcullis_bearer::{Bearer, Verify};
use portcullis_envelope::{Detail, Envelope, EnvelopeLayer};
use portcullis_limit::RateLimit;
use portcullis_tenant::MaskLayer;
use tower_layer::Layer;

pub use self::service::PortcullisService;
use self::service::Shared;

/// The whole stack, as one layer: envelope, limit per address, bearer, limit per caller, tenant
/// mask, from the outermost in.
///
/// Each has a slot, and a slot that is left empty costs nothing. The slots may be filled in any
/// order: where a layer stands is not a matter of which was named first, so a limit cannot end up
/// behind the check that it protects, nor a mask in front of a 401.
///
/// ```
/// use axum::{Extension, Router, routing::get};
/// use portcullis::{Bearer, Detail, MaskLayer, Portcullis, Quota, RateLimit};
///
/// #[derive(Clone)]
/// struct Account { id: u64 }
///
/// let app: Router = Router::new()
///     .route("/whoami", get(async |account: Extension<Account>| account.id.to_string()))
///     .layer(
///         Portcullis::new()
///             .envelope(Detail::new())
///             .address_limit(RateLimit::by_address(Quota::per_minute(600)))
///             .bearer(Bearer::from_fn(|token| match token.as_str() {
///                 "demo" => Some(Account { id: 7 }).into(),
///                 _ => None.into(),
///             }))
///             .caller_limit(RateLimit::by(Quota::per_minute(300), |account: &Account| &account.id))
///             .tenant_mask(MaskLayer::new()),
///     );
/// # let _ = app;
/// ```
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, which tells the limit per
/// address who is calling.
///
/// # What it covers
///
/// | put on | covers |
/// |---|---|
/// | `Router::layer`, after the routes | every route above it, the router's 404 and 405 |
/// | `Router::route_layer` | the routes above it and their 405; an unknown path stays axum's bare 404 |
/// | a `MethodRouter` | that path, its 405 included |
/// | a nested router | its routes; its unknown paths only if it has a `fallback` of its own, and even then not the bare prefix with a slash, `/api/` |
/// | outside, as `portcullis.layer(app)` | everything |
///
/// A route or a `fallback` that is added or merged in after `Router::layer` is not covered, and of
/// two merged routers the one merged in answers unknown paths: put the layer on last, on the whole.
/// Outside the router it is called as any layer is:
///
/// ```no_run
/// use std::net::SocketAddr;
///
/// use axum::{Router, ServiceExt, extract::Request};
/// use portcullis::{Layer, Portcullis, Quota, RateLimit};
///
/// # async fn serve(app: Router, listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let limit = RateLimit::by_address(Quota::per_minute(600));
/// let app = Portcullis::new().address_limit(limit).layer(app);
/// let app = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(app);
/// axum::serve(listener, app).await
/// # }
/// ```
///
/// Inside the router, axum adds `Allow` to every answer for a path that has no such method, a 401
/// among them; outside, to the 405 only.
///
/// Layers whose answers have another body than axum's, such as `TraceLayer` and `CompressionLayer`,
/// are put on by a `.layer(…)` of their own, or outside. CORS belongs outside, so that a preflight
/// needs no credentials and a browser sees a 429: `.layer(portcullis).layer(cors)`.
pub struct Portcullis<E = Detail, B = ()> {
    envelope: EnvelopeLayer<E>,
    address_limit: Option<RateLimit>,
    bearer: Arc<B>,
    caller_limit: Option<RateLimit>,
    mask: Option<MaskLayer>,
}

impl Portcullis {
    /// A stack of nothing but the envelope [`Detail`].
    pub fn new() -> Self {
        Self {
            envelope: EnvelopeLayer::new(Detail::new()),
            address_limit: None,
            bearer: Arc::new(()),
            caller_limit: None,
            mask: None,
        }
    }
}

impl Default for Portcullis {
    fn default() -> Self {
        Self::new()
    }
}

impl<E, B> Portcullis<E, B> {
    /// The shape of every error: an [`Envelope`], or an [`EnvelopeLayer`] that was told more.
    #[must_use]
    pub fn envelope<T: Envelope>(self, envelope: impl Into<EnvelopeLayer<T>>) -> Portcullis<T, B> {
        let Self { address_limit, bearer, caller_limit, mask, .. } = self;
        Portcullis { envelope: envelope.into(), address_limit, bearer, caller_limit, mask }
    }

    /// How much each client address may send, whoever it is; `None` for no limit. It stands before
    /// any credential is looked at, so that guessing tokens is not free.
    #[must_use]
    pub fn address_limit(self, limit: impl Into<Option<RateLimit>>) -> Self {
        Self { address_limit: limit.into(), ..self }
    }

    /// Who gets in.
    #[must_use]
    pub fn bearer<V: Verify>(self, bearer: Bearer<V>) -> Portcullis<E, Bearer<V>> {
        let Self { envelope, address_limit, caller_limit, mask, .. } = self;
        Portcullis { envelope, address_limit, bearer: Arc::new(bearer), caller_limit, mask }
    }

    /// How much each caller may send, wherever it is; `None` for no limit. It stands behind the
    /// bearer, and may count by any part of its principal. Whom the bearer lets in without one is
    /// not counted here.
    #[must_use]
    pub fn caller_limit(self, limit: impl Into<Option<RateLimit>>) -> Self {
        Self { caller_limit: limit.into(), ..self }
    }

    /// Makes every 404 of the service one and the same, so that what is hidden looks missing, and
    /// tells the truth to an audit sink; `None` leaves them as they are.
    #[must_use]
    pub fn tenant_mask(self, mask: impl Into<Option<MaskLayer>>) -> Self {
        Self { mask: mask.into(), ..self }
    }
}

impl<S, E, B> Layer<S> for Portcullis<E, B> {
    type Service = PortcullisService<E, B, S>;

    fn layer(&self, inner: S) -> Self::Service {
        let Self { envelope, address_limit, bearer, caller_limit, mask } = self;
        let shared = Shared {
            renderer: envelope.renderer(),
            guards: (address_limit.clone(), Arc::clone(bearer), caller_limit.clone()),
            mask: mask.as_ref().map(MaskLayer::mask),
        };
        PortcullisService::new(Arc::new(shared), inner)
    }
}

impl<E, B> Clone for Portcullis<E, B> {
    fn clone(&self) -> Self {
        Self {
            envelope: self.envelope.clone(),
            address_limit: self.address_limit.clone(),
            bearer: Arc::clone(&self.bearer),
            caller_limit: self.caller_limit.clone(),
            mask: self.mask.clone(),
        }
    }
}

impl<E, B> fmt::Debug for Portcullis<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portcullis").finish_non_exhaustive()
    }
}
